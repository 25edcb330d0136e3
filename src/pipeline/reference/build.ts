// Builds a reference from rows that can be read twice. What is wrong with them is counted, and refused where it is much.
import type { OutcomeEvent } from "../../event/event.ts";
import { finiteOr, plainValue } from "../../event/schema.ts";
import { type LabelledPair, noList } from "../../performance/labelled-pair.ts";
import { quantisedWeight } from "../../primitive/weight.ts";
import { assembleReference } from "../../reference/assemble.ts";
import { type LeftOut, ReferenceBuilder } from "../../reference/builder.ts";
import type { Provenance, Reference } from "../../reference/reference.ts";
import type { FoldModelSettings } from "../../state/settings.ts";
import { plainPerformance } from "../fold-settings.ts";
import { RowLabels } from "./row-labels.ts";
import { type PassCounts, RowPass, type RowTarget, type Wanted } from "./row-pass.ts";

/** Where rows come from: each call goes through the same ones. */
export type Rows = (pass: RowPass) => Promise<void>;

export interface BuildOptions extends Wanted {
  readonly settings: FoldModelSettings;
  readonly limits: { readonly features: number; readonly segments: number; readonly pending: number };
  readonly like: Reference | null;
  /** What the reference comes from, but for its period and its number of rows. */
  readonly provenance: Omit<Provenance, "fromMillis" | "toMillis" | "rows">;
  /** Is told how much of both passes is done, in [0, 1]. */
  readonly progress: (share: number) => void;
}

export interface Built {
  readonly reference: Reference;
  readonly leftOut: readonly LeftOut[];
  readonly counts: PassCounts;
  readonly labels: LabelCounts;
  /** Values that limits of memory turned away. */
  readonly turnedAway: number;
  /** Rows whose score or prediction was too large, and taken as the largest in sums. */
  readonly clippedTargets: number;
}

/** What became of labels. */
export interface LabelCounts {
  /** Predictions that have one. */
  readonly pairs: number;
  /** Of these, such as say nothing of how well the model did. */
  readonly unusable: number;
  /** Rows whose label came from an outcome, or by `absent`. */
  readonly fromOutcomes: number;
  readonly fromAbsence: number;
  /** Rows that are not labelled, as `absent` says more of them only when their horizon is over. */
  readonly tooYoung: number;
  /** Outcomes that there was no room for. */
  readonly turnedAway: number;
}

/** Of all rows; more that cannot be read say that the file is not what it is taken for. */
const mostBadShare = 0.1;

/** @throws where there are no rows, too many bad ones, some with and some without a time, or others the second time */
export async function buildReference(rows: Rows, options: BuildOptions): Promise<Built> {
  const { settings } = options;
  const performance = settings.performance ?? plainPerformance(settings.task);
  const builder = new ReferenceBuilder({
    features: settings.features,
    pairs: performance.pairs,
    segments: settings.segments,
    limits: { ...options.limits, texts: settings.textLimit },
    like: options.like,
  });
  const labels = new RowLabels({
    limit: options.limits.pending,
    horizonMillis: performance.horizonMillis,
    absent: settings.outcomes?.absent ?? null,
  });
  const first = new RowPass(options, surveying(builder, labels, options));
  await rows(first);
  check(first, builder);
  builder.freeze();
  const second = new RowPass(options, counting(builder, labels, options));
  await rows(second);
  if (second.counts.rows !== first.counts.rows || second.counts.outcomes !== first.counts.outcomes) {
    throw new Error(
      `there were ${first.counts.rows} rows, and ${second.counts.rows} the second time: they were changed meanwhile`,
    );
  }
  const isTimeless = builder.timeless > 0;
  const provenance = {
    ...options.provenance,
    fromMillis: isTimeless ? Number.NaN : builder.firstMillis,
    toMillis: isTimeless ? Number.NaN : builder.lastMillis + 1,
    rows: builder.counted,
  };
  const { model, version } = options;
  const reference = assembleReference(model, version, builder.features(), provenance, builder.labelled.pane());
  const { leftOut, turnedAway, clippedTargets } = builder;
  return { reference, leftOut, counts: first.counts, labels: labelCounts(builder, labels), turnedAway, clippedTargets };
}

type Progress = Pick<BuildOptions, "progress">;

function surveying(builder: ReferenceBuilder, labels: RowLabels, { progress }: Progress): RowTarget {
  const { schema, frame, labelled } = builder;
  return {
    schema,
    frame,
    ids: false,
    row(segment) {
      frame.label = labels.noteRow(frame.label);
      builder.survey(segment);
    },
    outcome(event) {
      if (event.carries) labelled.survey(carriedPair(event));
      else labels.noteOutcome(event);
      labelled.surveyName(plainValue(event.label));
    },
    progress: (share) => progress(share / 2),
  };
}

function counting(builder: ReferenceBuilder, labels: RowLabels, { progress }: Progress): RowTarget {
  const { schema, frame, labelled } = builder;
  return {
    schema,
    frame,
    ids: labels.areAwaited,
    row(segment, id) {
      frame.label = labels.of(frame.label, id, frame.timeMillis, builder.lastMillis);
      builder.count(segment);
    },
    outcome(event) {
      const pair = carriedPair(event);
      if (event.carries && pair.label !== null) labelled.count(pair);
    },
    progress: (share) => progress((1 + share) / 2),
  };
}

/** An outcome that carries its prediction is a pair by itself. */
function carriedPair(event: OutcomeEvent): LabelledPair {
  return {
    weight: quantisedWeight(event.weight),
    score: finiteOr(event.score, Number.NaN),
    prediction: plainValue(event.prediction),
    label: plainValue(event.label),
    horizon: "",
    ...noList,
  };
}

function labelCounts({ labelled }: ReferenceBuilder, labels: RowLabels): LabelCounts {
  const { fromOutcomes, fromAbsence, tooYoung, turnedAway } = labels;
  return { pairs: labelled.pairs, unusable: labelled.unusable, fromOutcomes, fromAbsence, tooYoung, turnedAway };
}

function check(pass: RowPass, builder: ReferenceBuilder): void {
  const { rows, outcomes, others, bad, examples } = pass.counts;
  // Whose a bad row is, nobody can say.
  const all = rows + outcomes + others + pass.badRows;
  if (pass.badRows > mostBadShare * all) {
    const reasons = [...bad].map(([reason, count]) => `${count} ${reason}`).join(", ");
    throw new Error(`${pass.badRows} of ${all} rows cannot be used (${reasons}):\n  ${examples.join("\n  ")}`);
  }
  if (rows === 0) {
    const { model, version } = pass.wanted;
    const whose = `model ${JSON.stringify(model)}${version === null ? "" : ` and version ${JSON.stringify(version)}`}`;
    throw new Error(`no rows of ${whose}${others > 0 ? `; ${others} of others` : ""}`);
  }
  if (builder.timeless > 0 && builder.timeless < rows) {
    throw new Error(`${builder.timeless} of ${rows} rows have no time: either all have one, or none`);
  }
}
