// A prediction with its label, as those are told who want to know how well a model does.

/** Holds while whoever is told of it is told: it is used again for the next. */
export interface JoinedPair {
  readonly model: string;
  /** Of the prediction. */
  readonly version: string;
  /** Names of its segments, as `attribute=value`, in their order. */
  readonly segments: readonly string[];
  /** What it counts for: the prediction's weight, by the share of ids that are joined. */
  readonly weight: number;
  /** NaN where the prediction has none. */
  readonly score: number;
  /** True and false are texts; null where there is none that is a number or a text. */
  readonly prediction: number | string | null;
  readonly label: number | string | null;
  /** What a forecast is for; "" where the prediction does not say. */
  readonly horizon: string;
  /** NaN where the outcome carried its prediction. */
  readonly predictedMillis: number;
  /** When the outcome was; where its absence means a label, when the horizon ended. */
  readonly outcomeMillis: number;
  /** The start of the minute that it belongs to, which closes next. */
  readonly closingMillis: number;
}
