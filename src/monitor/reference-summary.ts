// What a version's windows are compared with, in short: where it comes from, of which time, and how many features it has.
import type { Provenance } from "../reference/reference.ts";
import type { FeatureMemory } from "./feature-memory.ts";

export interface ReferenceSummary {
  readonly kind: Provenance["kind"];
  /** Null of a learned one that was not written to a file yet. */
  readonly hash: string | null;
  /** Period of event time, [from, to); NaN where it is not known. */
  readonly fromMillis: number;
  readonly toMillis: number;
  /** Predictions that it is made of. */
  readonly rows: number;
  /** Features that have a reference, and that are still learned. */
  readonly known: number;
  readonly learning: number;
}

/** Null where nothing is known. */
export function referenceSummary(memory: FeatureMemory, version: string): ReferenceSummary | null {
  const all = [...memory.features.values()];
  const learning = all.filter((feature) => feature.learning !== null).length;
  const known = all.length - learning;
  const file = memory.settings.versionReferences.get(version) ?? memory.settings.reference;
  if (file !== null) {
    const { kind, fromMillis, toMillis, rows } = file.provenance;
    return { kind, hash: file.hash, fromMillis, toMillis, rows, known, learning };
  }
  if (known === 0) return null;
  return { kind: "learned", hash: memory.learnedHash, ...learnedPeriod(memory), known, learning };
}

/** From the first value of any feature to the last freeze, with as many predictions as the longest learned feature has events. */
export function learnedPeriod({ features }: FeatureMemory): { fromMillis: number; toMillis: number; rows: number } {
  const period = { fromMillis: Number.POSITIVE_INFINITY, toMillis: Number.NEGATIVE_INFINITY, rows: 0 };
  for (const { panes, reference, firstMillis, frozenMillis } of features.values()) {
    if (panes === null || reference === null) continue;
    period.fromMillis = Math.min(period.fromMillis, firstMillis);
    period.toMillis = Math.max(period.toMillis, frozenMillis);
    period.rows = Math.max(
      period.rows,
      reference.all.kinds.reduce((sum, count) => sum + count, 0),
    );
  }
  return period;
}
