// What the series of models are there for: the groups in which series are counted on the page and in an estimate, so that the
// two can be compared. A family belongs to the group of the list that it is declared in, so a new one is in a group, too.
import type { Family } from "../expose/sample.ts";
import { alarmFamilies } from "../monitor/alarm-samples.ts";
import { batch } from "../monitor/batch.ts";
import { delay } from "../monitor/delay.ts";
import { driftFamilies } from "../monitor/drift-samples.ts";
import { featureFamilies } from "../monitor/feature-samples.ts";
import { featureTotalsFamilies } from "../monitor/feature-totals-samples.ts";
import { latency } from "../monitor/latency.ts";
import { objectives } from "../monitor/objectives.ts";
import { performanceAlarmFamilies } from "../monitor/performance-alarm-samples.ts";
import { performanceFamilies } from "../monitor/performance-samples.ts";
import { referenceFamilies } from "../monitor/reference-samples.ts";
import { rootCauseFamilies } from "../monitor/root-cause-samples.ts";
import { thresholdFamilies } from "../monitor/threshold-samples.ts";
import { traffic } from "../monitor/traffic.ts";

export type Cause =
  | "traffic"
  | "latency"
  | "slo"
  | "batch"
  | "quality"
  | "distribution"
  | "bins"
  | "reference"
  | "drift"
  | "performance"
  | "alarm"
  | "threshold"
  | "outcomes";

/** The smaller lists come later: they are parts of larger ones. */
const lists: readonly (readonly [Cause, readonly Family[]])[] = [
  ["traffic", traffic.families],
  ["latency", [...latency.families, ...delay.families]],
  ["slo", objectives.families],
  ["batch", batch.families],
  ["threshold", thresholdFamilies],
  ["quality", featureTotalsFamilies],
  ["distribution", featureFamilies],
  ["reference", referenceFamilies],
  ["drift", [...driftFamilies, ...rootCauseFamilies]],
  ["performance", performanceFamilies],
  ["alarm", [...alarmFamilies, ...performanceAlarmFamilies]],
];

const byFamily = new Map(
  lists.flatMap(([cause, families]) => families.map((family) => [family, causeIn(cause, family)] as const)),
);

/** Counts by bin are switched on and off by themselves, whatever they are of. */
function causeIn(cause: Cause, { labels }: Family): Cause {
  return labels.includes("bin") ? "bins" : cause;
}

/** Of a family of models: those of no monitor say which models and windows there are, which is traffic. */
export function causeOf(family: Family): Cause {
  return byFamily.get(family) ?? "traffic";
}
