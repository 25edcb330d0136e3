// The rules evaluated over a stretch of time that was backfilled: stage by stage, as what one stage records the next one reads.
import { join } from "node:path";
import type { Range, StoredSeries } from "../tests/servers/stored-prometheus.ts";
import { BackfillFile, seriesText } from "./backfill-file.ts";
import type { Backfill } from "./backfill-server.ts";
import { type Span, spansOf } from "./quiet-weeks-alerts.ts";
import type { Labels, Recording, Stage } from "./quiet-weeks-rules.ts";

/** Samples are a minute apart, and evaluations at the same moments. */
export const stepSeconds = 60;
const lookbackSeconds = 30;

/** When the expression of an alert held, for one set of labels. */
export interface Condition {
  readonly alert: string;
  readonly labels: Labels;
  readonly spans: readonly Span[];
  /** The least and the greatest value that it had. */
  readonly values: readonly [number, number];
}

/** @param folder for files that are removed again */
export async function evaluate(stages: readonly Stage[], backfill: Backfill, range: Range, folder: string): Promise<Condition[]> {
  const conditions: Condition[] = [];
  for (const { recordings, alerts } of stages) {
    const file = new BackfillFile(join(folder, "recorded.om"));
    const server = await backfill.serve(lookbackSeconds);
    try {
      for (const recording of recordings) record(recording, (await server.range(recording.expression, range)).result, file);
      for (const { alert, expression } of alerts) {
        const { result } = await server.range(expression, range);
        conditions.push(...withoutNames(result).map((series) => conditionOf(alert, series)));
      }
    } finally {
      await server.stop();
    }
    file.close();
    if (file.samples > 0) await backfill.take(file.path);
  }
  return conditions;
}

function record({ record: name, labels }: Recording, found: readonly StoredSeries[], file: BackfillFile): void {
  for (const { metric, values } of withoutNames(found)) {
    const series = seriesText({ ...metric, ...labels, __name__: name });
    for (const [seconds, value] of values) file.add(series, value, seconds);
  }
}

function conditionOf(alert: string, { metric: labels, values }: StoredSeries): Condition {
  const numbers = values.map(([, value]) => Number(value));
  const ends = [Math.min(...numbers), Math.max(...numbers)] as const;
  const moments = values.map(([seconds]) => seconds);
  return { alert, labels, spans: spansOf(moments, stepSeconds), values: ends };
}

/**
 * What a rule makes of the answer to its expression. Series that differ in their names only are one for a rule: of `a or b` now
 * the one is there and now the other, each with its own name. At no moment are both, or a server would refuse the evaluation.
 */
export function withoutNames(found: readonly StoredSeries[]): StoredSeries[] {
  const byLabels = new Map<string, StoredSeries>();
  for (const {
    metric: { __name__: _, ...metric },
    values,
  } of found) {
    const key = JSON.stringify(Object.entries(metric).sort());
    const before = byLabels.get(key);
    const both = before === undefined ? values : [...before.values, ...values].sort(([a], [b]) => a - b);
    byLabels.set(key, { metric, values: both });
  }
  for (const { metric, values } of byLabels.values()) {
    const twice = values.findIndex(([seconds], index) => seconds === values[index + 1]?.[0]);
    if (twice >= 0) throw new Error(`two values of ${JSON.stringify(metric)} at ${values[twice]?.[0]}`);
  }
  return [...byLabels.values()];
}
