// What one prediction loses: the terms whose means are log loss and Brier score.

/** A probability of exactly 0 or 1 would lose infinitely much where it is wrong; so it is moved inside by this much. */
export const clip: number = Number.EPSILON;

/** Whether a probability is moved by the log loss: such are counted, as their loss (36.04) is the clip's and not the model's. */
export function isClipped(probability: number): boolean {
  return probability < clip || probability > 1 - clip;
}

/**
 * Log loss of one prediction, -ln of the probability that was given to what happened; nats, 0 to 36.04.
 * @param probability of the label, 0 to 1; of a binary classifier its score, or 1 less it where the label is 0
 * Source: I. J. Good 1952, "Rational Decisions"; clipped as `sklearn.metrics.log_loss` does.
 */
export function logLoss(probability: number): number {
  return -Math.log(Math.min(Math.max(probability, clip), 1 - clip));
}

/**
 * Brier's score of one prediction of a binary classifier, (score - label)^2: 0 to 1.
 * Source: G. W. Brier 1950, "Verification of forecasts expressed in terms of probability" (half of his two-class sum).
 */
export function brier(score: number, label: 0 | 1): number {
  return (score - label) ** 2;
}

/**
 * Whether the label's class is among the k of highest score. Of equal scores the class listed later counts as the higher, as
 * `sklearn.metrics.top_k_accuracy_score` has it.
 */
export function amongHighest(scores: ArrayLike<number>, label: number, k: number): boolean {
  const own = scores[label] as number;
  let above = 0;
  for (let index = 0; index < scores.length; index++) {
    const other = scores[index] as number;
    if (other > own || (other === own && index > label)) above += 1;
  }
  return above < k;
}
