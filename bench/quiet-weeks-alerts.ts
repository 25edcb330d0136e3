// When an alert fires, from when its expression holds: `for` and `keep_firing_for` as Prometheus applies them (rules/alerting.go,
// AlertingRule.Eval, https://github.com/prometheus/prometheus/blob/v3.16.0/rules/alerting.go): pending from the first evaluation
// that finds it, firing from the first one that is `for` later if all between found it; when one does not, it goes on until `keep_firing_for`
// has passed since that one. What is found again before that was never away.

/** Evaluations in a row that found an alert: the first and the last of them, in seconds. */
export type Span = readonly [first: number, last: number];

export interface Waits {
  readonly forMillis: number;
  readonly keepMillis: number;
}

export interface Firing {
  readonly from: number;
  /** The first evaluation at which it did not fire any more. */
  readonly until: number;
}

/** @param spans ascending, with an evaluation between them that did not find it */
export function firings(spans: readonly Span[], { forMillis, keepMillis }: Waits, stepSeconds: number): Firing[] {
  const evaluated = (millis: number): number => Math.ceil(millis / 1000 / stepSeconds) * stepSeconds;
  const all: { from: number; until: number }[] = [];
  for (const [first, last] of spans) {
    const until = last + stepSeconds + evaluated(keepMillis);
    const before = all.at(-1);
    const from = first + evaluated(forMillis);
    if (before !== undefined && first <= before.until) before.until = until;
    else if (from <= last) all.push({ from, until });
  }
  return all;
}

/** Spans of moments at which something was found. @param moments ascending */
export function spansOf(moments: readonly number[], stepSeconds: number): Span[] {
  const spans: [number, number][] = [];
  for (const moment of moments) {
    const last = spans.at(-1);
    if (last !== undefined && moment - last[1] <= stepSeconds) last[1] = moment;
    else spans.push([moment, moment]);
  }
  return spans;
}

/** Spans of one stretch of time and of the next: one that goes on is one. */
export function joined(before: readonly Span[], after: readonly Span[], stepSeconds: number): Span[] {
  const [next, ...rest] = after;
  const last = before.at(-1);
  if (next === undefined || last === undefined || next[0] - last[1] > stepSeconds) return [...before, ...after];
  return [...before.slice(0, -1), [last[0], next[1]], ...rest];
}
