// What became of outcomes in a folded stream, beside what other software says of the same file.
import { durationSum } from "../../src/monitor/duration.ts";
import { labelledWeight } from "../../src/performance/pairs.ts";
import { predictedWeight } from "../../src/performance/predicted.ts";
import type { JoinVersion } from "../../src/state/join-model.ts";
import type { Deviations } from "../stats/performance/deviations.ts";
import type { Folded } from "./folded.ts";

export interface GoldenJoin {
  readonly joined: number;
  readonly orphaned: number;
  readonly duplicate: number;
  readonly without_outcome: number;
  readonly label_delay_seconds: { readonly mean: number };
  readonly rows: readonly {
    readonly window: string;
    readonly start: string;
    readonly end: string;
    readonly predictions: number;
    readonly labelled: number;
  }[];
}

export function noteJoin(deviations: Deviations, { fold, paneOf }: Folded, golden: GoldenJoin): void {
  const versions = [...fold.join.models.values()].flatMap((model) => [...model.versions.values()]);
  const sum = (of: (version: JoinVersion) => number): number => versions.reduce((all, version) => all + of(version), 0);
  const counts = {
    joined: golden.joined,
    orphaned: golden.orphaned,
    duplicate: golden.duplicate,
    expired: golden.without_outcome,
  };
  for (const [name, count] of Object.entries(counts)) {
    deviations.note(
      name,
      sum((version) => version[name as keyof typeof counts]),
      count,
      "",
    );
  }
  const seconds = sum(({ delays }) => durationSum(delays));
  deviations.note("label_delay_mean", seconds / golden.joined, golden.label_delay_seconds.mean, "");
  for (const { window, start, end, predictions, labelled } of golden.rows) {
    const pane = paneOf({ by: "prediction_time", window, start, end, samples: labelled });
    // A window of which no label came is no cohort that is judged.
    if (pane === null && labelled === 0) continue;
    deviations.note("predictions", pane === null ? Number.NaN : predictedWeight(pane), predictions, `${window} ${start}`);
    deviations.note("labelled", pane === null ? Number.NaN : labelledWeight(pane), labelled, `${window} ${start}`);
  }
}
