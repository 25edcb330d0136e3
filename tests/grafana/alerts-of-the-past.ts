// When an alert would have been on: what Prometheus would have written as ALERTS, had it evaluated its rules at that time.
import { firings, spansOf } from "../../bench/quiet-weeks-alerts.ts";
import type { Alert } from "../../scripts/rules/rule-files.ts";
import { parseDuration } from "../../src/config/duration.ts";
import type { StoredPrometheus } from "../servers/stored-prometheus.ts";
import type { Past } from "./backfill.ts";
import type { Labels } from "./open-metrics.ts";

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

/** Evaluations at which it fires. */
function timesOf(alert: Alert, present: readonly number[], { endSeconds, stepSeconds }: Past): number[] {
  const waits = { forMillis: millisOf(alert.for), keepMillis: millisOf(alert.keep_firing_for) };
  return firings(spansOf(present, stepSeconds), waits, stepSeconds).flatMap(({ from, until }) => {
    const steps = Math.ceil((Math.min(until, endSeconds + 1) - from) / stepSeconds);
    return Array.from({ length: Math.max(0, steps) }, (_, step) => from + step * stepSeconds);
  });
}

function millisOf(duration: string | undefined): number {
  return duration === undefined ? 0 : parseDuration(duration);
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
