// Builds a reference from rows that can be read twice. What is wrong with them is counted, and refused where it is much.
import { assembleReference } from "../../reference/assemble.ts";
import { type LeftOut, ReferenceBuilder } from "../../reference/builder.ts";
import type { Provenance, Reference } from "../../reference/reference.ts";
import type { FoldModelSettings } from "../../state/settings.ts";
import { type PassCounts, RowPass, type Wanted } from "./row-pass.ts";

/** Where rows come from: each call goes through the same ones. */
export type Rows = (pass: RowPass) => Promise<void>;

export interface BuildOptions extends Wanted {
  readonly settings: FoldModelSettings;
  readonly limits: { readonly features: number; readonly segments: number };
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
  /** Values that limits of memory turned away. */
  readonly turnedAway: number;
  /** Rows whose score or prediction was too large, and taken as the largest in sums. */
  readonly clippedTargets: number;
}

/** Of all rows; more that cannot be read say that the file is not what it is taken for. */
const mostBadShare = 0.1;

/** @throws where there are no rows, too many bad ones, some with and some without a time, or others the second time */
export async function buildReference(rows: Rows, options: BuildOptions): Promise<Built> {
  const builder = new ReferenceBuilder({
    features: options.settings.features,
    segments: options.settings.segments,
    limits: { ...options.limits, texts: options.settings.textLimit },
    like: options.like,
  });
  const first = new RowPass(
    options,
    builder,
    (segment) => builder.survey(segment),
    (share) => options.progress(share / 2),
  );
  await rows(first);
  check(first, builder);
  builder.freeze();
  const second = new RowPass(
    options,
    builder,
    (segment) => builder.count(segment),
    (share) => options.progress((1 + share) / 2),
  );
  await rows(second);
  if (second.counts.rows !== first.counts.rows) {
    throw new Error(
      `there were ${first.counts.rows} rows, and ${second.counts.rows} the second time: they were changed meanwhile`,
    );
  }
  const isTimeless = builder.timeless > 0;
  const reference = assembleReference(options.model, options.version, builder.features(), {
    ...options.provenance,
    fromMillis: isTimeless ? Number.NaN : builder.firstMillis,
    toMillis: isTimeless ? Number.NaN : builder.lastMillis + 1,
    rows: builder.counted,
  });
  const { leftOut, turnedAway, clippedTargets } = builder;
  return { reference, leftOut, counts: first.counts, turnedAway, clippedTargets };
}

function check(pass: RowPass, builder: ReferenceBuilder): void {
  const { rows, others, bad, examples } = pass.counts;
  // Whose a bad row is, nobody can say.
  const all = rows + others + pass.badRows;
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
