// The shape of `outcomes`: how predictions and outcomes meet, for all models and for one.
import { flag, list, number, period, section, share, text, z } from "./terms.ts";

const label = (words: string) => z.union([number, text, z.boolean()], words);

const sample = z.number("above 0, at most 1").gt(0, "above 0, at most 1").max(1, "above 0, at most 1");

const score = z.number("from 0 to 1").min(0, "from 0 to 1").max(1, "from 0 to 1");

const tolerance = z.number("from 0 to 1").min(0, "from 0 to 1").max(1, "from 0 to 1");

const rest = {
  positive: label("the label that counts as positive").exactOptional(),
  /** The score from which on a decision is positive, or several: the first is the model's. */
  threshold: z.union([score, list(score, "scores from 0 to 1")], "a score from 0 to 1, or a list of them").exactOptional(),
  /** The least absolute label that a percentage error divides by. */
  percentage_floor: number.min(0, "0 or above").exactOptional(),
  /** Whether it is exported how often each class was taken for each. */
  confusion: flag.exactOptional(),
  /** What it means that no outcome came by the horizon. */
  absent: label("the label of a prediction without outcome").exactOptional(),
};

/** For all models: with it, outcomes of every model are joined. */
export const outcomes = section({
  /** How long an outcome may come after its prediction. */
  horizon: period.prefault("7d"),
  /** The share of predictions whose outcomes are joined. */
  sample: sample.default(1),
  ...rest,
  /** The share of predictions that need a label before a window is judged. */
  mature: share.default(0.8),
  /** By how much predictions may be worse than in the reference before it matters, in standard deviations of a label's loss. */
  tolerance: tolerance.default(0.02),
});

/** For one model: what it does not say is as for all. */
export const outcomesOfModel = section({
  horizon: period.exactOptional(),
  sample: sample.exactOptional(),
  ...rest,
  mature: share.exactOptional(),
  tolerance: tolerance.exactOptional(),
});

/** What holds where nobody says anything. */
export const plainOutcomes = outcomes.parse({});
