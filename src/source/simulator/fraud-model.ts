// The two versions of the fraud model: logistic models over the features. Both are calibrated; version 4 also knows
// whether the card is on a list of stolen ones, half of all cards being "rather so", and is sharper for that.
import type { FeatureValues } from "./story.ts";

/** So many cards are listed. */
export const listedChance = 0.5;
/** By how much a listed card is more suspicious than the mean card, and another one less, in log odds. */
const listedLogOdds = 0.7;
const meanLogOdds = -6;
/** From this score on a payment is called fraud. */
export const fraudThreshold = 0.5;

const categoryLogOdds: Readonly<Record<string, number>> = {
  electronics: 0.7,
  games: 0.6,
  travel: 0.4,
  grocery: -0.8,
  fuel: -0.5,
};
const channelLogOdds: Readonly<Record<string, number>> = { web: 0.5, app: 0.2, store: -0.9 };

/** Log odds of fraud as far as the features tell. */
export function fraudLogOdds(features: FeatureValues): number {
  const age = features.account_age_days as number | null;
  return (
    meanLogOdds +
    0.9 * Math.log((features.amount as number) / 30) +
    0.8 * Math.log(1 + (features.transactions_24h as number)) +
    (features.is_foreign === true ? 1.5 : 0) +
    (features.new_device === true ? 1.8 : 0) +
    (age === null ? 0.6 : 1.2 / (1 + age / 60)) +
    (categoryLogOdds[features.merchant_category as string] ?? 0) +
    (channelLogOdds[features.channel as string] ?? 0)
  );
}

/** The probability of fraud of a payment whose card is listed or not. */
export function fraudProbability(logOdds: number, listed: boolean): number {
  return logistic(logOdds + (listed ? listedLogOdds : -listedLogOdds));
}

/** A version's score. Version 3 does not see the list, so its score is the mean of both cases. */
export function fraudScore(version: string, logOdds: number, listed: boolean): number {
  if (version === "4") return fraudProbability(logOdds, listed);
  return listedChance * fraudProbability(logOdds, true) + (1 - listedChance) * fraudProbability(logOdds, false);
}

function logistic(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
