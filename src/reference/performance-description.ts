// How well a model did in its reference, in words: each metric with its interval.
import { decisionMetrics, scoreMetrics } from "../performance/binary-metrics.ts";
import { classMetrics } from "../performance/classes.ts";
import { errorMetrics } from "../performance/errors.ts";
import type { Measured } from "../performance/measured.ts";
import { labelledWeight, unusablePairs } from "../performance/pairs.ts";
import type { PerformancePane } from "../performance/pane.ts";
import { type PartKind, partKinds } from "../performance/part-kinds.ts";
import { compareText } from "../primitive/dictionary.ts";
import type { SumTable } from "../primitive/sum-table.ts";
import { shownText } from "./bars.ts";

const digits = 4;
const longestField = 32;

/** Metrics of parts of a kind; those of classes are of all parts together. */
const metricsOf: Readonly<Record<string, (part: SumTable) => Iterable<Measured>>> = {
  decisions: decisionMetrics,
  scores: scoreMetrics,
  errors: errorMetrics,
};

export function describePerformance(pane: PerformancePane): string[] {
  const unusable = unusablePairs(pane);
  const lines = [
    `performance: ${whole(labelledWeight(pane))} labels${unusable === 0 ? "" : `, ${whole(unusable)} of which say nothing`}`,
  ];
  for (const kind of partKinds) {
    const metrics = metricsOf[kind.called];
    if (metrics === undefined) continue;
    for (const [name, part] of [...pane].sort(([one], [other]) => compareText(one, other))) {
      const about = aboutOf(kind, name);
      if (about !== null) lines.push(`  ${kind.called}${about}`, ...metricLines(metrics(part)));
    }
  }
  const classes = metricLines(classMetrics(pane));
  return classes.length === 0 ? lines : [...lines, "  classes", ...classes];
}

/** What a part is about, in words; null where it is of another kind. */
function aboutOf({ fields, fieldsOf }: PartKind, name: string): string | null {
  const values = fieldsOf(name);
  if (values === null) return null;
  const said = Object.keys(fields).flatMap((field, index) => {
    const value = values[index] ?? null;
    const isPlain = value === null || value === "" || (field === "percentage_floor" && value === 0);
    return isPlain ? [] : [`${field.replaceAll("_", " ")} ${shownText(String(value), longestField)}`];
  });
  return said.length === 0 ? "" : `, ${said.join(", ")}`;
}

function metricLines(metrics: Iterable<Measured>): string[] {
  const shown = [...metrics].filter(({ value, samples }) => samples > 0 && !Number.isNaN(value));
  const width = Math.max(0, ...shown.map(({ metric }) => metric.length));
  return shown.map(({ metric, value, lower, upper }) => {
    const interval = Number.isNaN(lower) ? "" : `, 95 % from ${short(lower)} to ${short(upper)}`;
    return `    ${metric.padEnd(width)} ${short(value)}${interval}`;
  });
}

const whole = (value: number): string => value.toLocaleString("en-US");
const short = (value: number): string => String(Number(value.toPrecision(digits)));
