// A prediction with its label, as far as it matters for how well a model does; and what such a pair is about.

export interface LabelledPair {
  /** What it counts for: the prediction's weight, by the share of ids that are joined; a multiple of 2^-8. */
  readonly weight: number;
  /** NaN where the prediction has none. */
  readonly score: number;
  /** True and false are texts; null where there is none that is a number or a text. */
  readonly prediction: number | string | null;
  readonly label: number | string | null;
  /** What a forecast is for; "" where it does not say. */
  readonly horizon: string;
  /** Of a model of several classes: their names, and the score of each; none where the prediction has no scores by class. */
  readonly classes: readonly string[];
  readonly scores: ArrayLike<number>;
  /** Of an item of a list that was shown on request: which request, as a whole number below 2^53, and its rank from 1; NaN: none. */
  readonly group: number;
  readonly rank: number;
}

/** Of a prediction that has no scores by class and is no item of a list. */
export const noList: Pick<LabelledPair, "classes" | "scores" | "group" | "rank"> = {
  classes: [],
  scores: [],
  group: Number.NaN,
  rank: Number.NaN,
};

/** A pair, and when its prediction was made; NaN where the outcome brought it along. */
export interface Labelled extends LabelledPair {
  readonly predictedMillis: number;
}

/** How the pairs of a model are read. */
export interface PairSettings {
  /** "" where nobody said: pairs then show what they are about. */
  readonly task: string;
  /** The label that counts as positive; null: 1 and true do. */
  readonly positive: number | string | null;
  /** Scores from which on a decision is positive. The first are the model's decisions; where there is none, predictions are, or 0.5. */
  readonly thresholds: readonly number[];
  /** The least |label| that a percentage error divides by; 0: any but 0. */
  readonly percentageFloor: number;
}

/** What is promised of a model's predictions once their labels are there. */
export interface QualityObjective {
  readonly name: string;
  /** The share that is promised to be good, in (0, 1): of windows that lie side by side, or of single predictions. */
  readonly objective: number;
  readonly metric: string;
  /** Length of the windows; null: single predictions are measured. */
  readonly overMillis: number | null;
  /** Good is what lies on this side of the limit. Of an error there is none: none is good. */
  readonly side: "below" | "above";
  readonly limit: number;
}

/** From when on a cohort of predictions is judged. */
export interface Ripeness {
  /** The share of its predictions that need a label. */
  readonly mature: number;
  /**
   * How long ago its end is at least: as long as the horizon where to have no outcome is a label, too. Before, the others alone
   * would have theirs (frauds that are charged back, clicks), and a model would seem to meet far more of them than there are.
   */
  readonly ripeMillis: number;
}

/** How well a model does is judged by its outcomes. */
export interface PerformanceSettings extends Ripeness {
  readonly pairs: PairSettings;
  /** How long an outcome may come after its prediction. */
  readonly horizonMillis: number;
  /** Whether confusion matrices are exported. */
  readonly confusion: boolean;
  readonly objectives: readonly QualityObjective[];
  /** By how much predictions may be worse than in the reference, in standard deviations of a label's loss, without an alarm. */
  readonly tolerance: number;
  /** False alarms that a version may raise that its predictions have become worse, in so much time. */
  readonly falseAlarms: { readonly count: number; readonly millis: number };
}

/** What a pair says something about: decisions between two classes, or several, or the error of a number. */
export type PairKind = "binary" | "classes" | "errors";

/** A score from here on counts as a positive decision where nobody says otherwise. */
const usualThreshold = 0.5;

/** The task of the model decides, or else what the pair consists of. Null: there is no label, or nothing to compare it with. */
export function kindOfPair(pair: LabelledPair, settings: PairSettings): PairKind | null {
  const { prediction, label } = pair;
  if (label === null) return null;
  const numbers = typeof prediction === "number" && typeof label === "number";
  switch (settings.task) {
    case "binary":
      return isBinary(pair, settings) ? "binary" : null;
    case "regression":
    case "forecast":
      return numbers ? "errors" : null;
    case "multiclass":
      return prediction === null ? null : "classes";
    default:
      if (isScore(pair.score) && isBinary(pair, settings)) return "binary";
      if (numbers) return "errors";
      return prediction === null ? null : "classes";
  }
}

function isBinary(pair: LabelledPair, settings: PairSettings): boolean {
  const { score, prediction, label } = pair;
  const decided = isScore(score) || (prediction !== null && isPositive(prediction, settings) !== null);
  return decided && label !== null && isPositive(label, settings) !== null;
}

/** Whether anything was predicted: of a request that failed nothing was, so nothing can be right or wrong. */
export function saysSomething({ score, prediction, classes, group }: LabelledPair): boolean {
  return isScore(score) || prediction !== null || classes.length > 0 || !Number.isNaN(group);
}

export function isScore(score: number): boolean {
  return score >= 0 && score <= 1;
}

/** Whether a label or a decision is of the positive class; null where it is of neither. */
export function isPositive(value: number | string, { positive }: PairSettings): boolean | null {
  if (value === positive) return true;
  if (positive !== null) return String(value) === String(positive);
  // Most are numbers, of which no text need be made.
  if (typeof value === "number") return value === 1 || (value === 0 ? false : null);
  switch (String(value)) {
    case "1":
    case "true":
      return true;
    case "0":
    case "false":
      return false;
    default:
      return null;
  }
}

/** What a model of two classes decided: at its threshold, or as the prediction says, or at 0.5. */
export function decisionOf({ score, prediction }: Pick<LabelledPair, "score" | "prediction">, settings: PairSettings): boolean {
  const threshold = settings.thresholds[0];
  if (threshold !== undefined && isScore(score)) return score >= threshold;
  const own = prediction === null ? null : isPositive(prediction, settings);
  return own ?? score >= usualThreshold;
}
