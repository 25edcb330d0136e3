// What the fold is told: windows, limits and what is configured of models.
import { createHash } from "node:crypto";
import type { ModelSettings } from "../monitor/monitor.ts";
import { compareText } from "../primitive/dictionary.ts";
import type { Reference } from "../reference/reference.ts";

export interface FoldLimits {
  readonly models: number;
  /** Of one model. */
  readonly versions: number;
  /** Features and outputs of one model. */
  readonly features: number;
  /** Features and outputs of all models together. */
  readonly slots: number;
  /** Of one model version. */
  readonly segments: number;
  /** Minutes of event time that may be open at once. */
  readonly openPanes: number;
  /** Ids that may wait for their other half, of all models together. */
  readonly pending: number;
}

/** How outcomes of a model are joined with predictions. */
export interface OutcomeSettings {
  /** How long a prediction and its outcome may be apart, in event time. */
  readonly horizonMillis: number;
  /** The share of ids that are joined. */
  readonly sample: number;
  /** What it means that no outcome came by the horizon; null: nothing. */
  readonly absent: number | string | null;
}

export interface FoldModelSettings extends ModelSettings {
  /** Attributes whose values become segments with all features; null: every attribute, outputs only. */
  readonly segments: readonly string[] | null;
  /** Null: outcomes are counted, not joined. */
  readonly outcomes: OutcomeSettings | null;
}

export interface FoldSettings {
  readonly windowsMillis: readonly number[];
  readonly limits: FoldLimits;
  /** Whether models that are not configured are monitored. */
  readonly discover: boolean;
  /** How long a version may be silent, in event time, before it is forgotten. */
  readonly expireMillis: number;
  readonly defaults: FoldModelSettings;
  readonly models: ReadonlyMap<string, FoldModelSettings>;
  /** By model: references that were learned before, for where there is no state to go on with. */
  readonly learned?: ReadonlyMap<string, Reference>;
}

/**
 * A fingerprint of what decides the meaning of a model's panes: states made under another one are not continued.
 * Settings that are absent leave no trace, so new ones can be added without making every state a stranger.
 */
export function modelFingerprint({ features, learnMillis, segments }: FoldModelSettings): string {
  const meaning = [...features]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, { type, range, edges, categories, otherCategories }]) => {
      return { name, type, range, edges, categories, otherCategories };
    });
  return createHash("sha256")
    .update(JSON.stringify({ features: meaning, learnMillis, segments }))
    .digest("hex");
}
