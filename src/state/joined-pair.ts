// A prediction with its label, as those are told who want to know how well a model does.
import type { Labelled } from "../performance/labelled-pair.ts";

/** Holds while whoever is told of it is told: it is used again for the next. */
export interface JoinedPair extends Labelled {
  readonly model: string;
  /** Of the prediction. */
  readonly version: string;
  /** Names of its segments, as `attribute=value`, in their order, one to a line. */
  readonly segments: string;
  /** When the outcome was; where its absence means a label, when the horizon ended. */
  readonly outcomeMillis: number;
  /** The start of the minute that it belongs to, which closes next. */
  readonly closingMillis: number;
}
