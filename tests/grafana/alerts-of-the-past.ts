// When an alert would have been on: what Prometheus would have written as ALERTS, had it evaluated its rules at that time.

import type { Alert } from "../../scripts/rules/rule-files.ts";
import { parseDuration } from "../../src/config/duration.ts";
import type { Past } from "./backfill.ts";
import type { Labels } from "./open-metrics.ts";
import type { StoredPrometheus } from "./stored-prometheus.ts";

export interface Firing {
  readonly labels: Labels;
  readonly seconds: number;
}

export async function firing(prometheus: StoredPrometheus, alert: Alert, past: Past): Promise<Firing[]> {
  const range = { start: past.startSeconds, end: past.endSeconds, step: past.stepSeconds };
  const { result } = await prometheus.range(alert.expr, range);
  return result.flatMap(({ metric: { __name__: _, ...metric }, values }) => {
    const labels = { ...metric, ...labelsOf(alert, metric), alertname: alert.alert, alertstate: "firing" };
    return timesOf(
      alert,
      values.map(([seconds]) => seconds),
      past,
    ).map((seconds) => ({ labels, seconds }));
  });
}

/** From `for` after it began until `keep_firing_for` after it ended. */
function timesOf(alert: Alert, present: readonly number[], { endSeconds, stepSeconds }: Past): number[] {
  const [waits, keeps] = [secondsOf(alert.for), secondsOf(alert.keep_firing_for)];
  const there = new Set(present);
  const times: number[] = [];
  let since = Number.NaN;
  let last = Number.NaN;
  let fires = false;
  for (let seconds = present[0] ?? endSeconds + 1; seconds <= endSeconds; seconds += stepSeconds) {
    if (there.has(seconds)) {
      if (Number.isNaN(since)) since = seconds;
      last = seconds;
      fires ||= seconds - since >= waits;
    } else if (!fires || seconds - last > keeps) {
      since = Number.NaN;
      fires = false;
    }
    if (fires) times.push(seconds);
  }
  return times;
}

function secondsOf(duration: string | undefined): number {
  return duration === undefined ? 0 : parseDuration(duration) / 1000;
}

/** Labels of a rule; severities that depend on a label are written as `{{ if eq $labels.tier "critical" }}critical{{ else }}...`. */
function labelsOf({ labels = {} }: Alert, metric: Labels): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([label, template]) => {
      const [, of, value, then, otherwise] =
        /^\{\{ if eq \$labels\.(\w+) "(\w+)" \}\}(\w+)\{\{ else \}\}(\w+)\{\{ end \}\}$/.exec(template) ?? [];
      return [label, of === undefined ? template : ((metric[of] === value ? then : otherwise) as string)];
    }),
  );
}
