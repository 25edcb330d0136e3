// Binary and multiclass classifiers whose metrics are known exactly, for the coverage of intervals.
import { addDecision, addScores } from "../src/performance/binary.ts";
import { decisionMetrics, scoreMetrics } from "../src/performance/binary-metrics.ts";
import { SumTable } from "../src/primitive/sum-table.ts";
import { quantisedWeight } from "../src/primitive/weight.ts";
import type { Random } from "../src/source/simulator/random.ts";
import { normalSurvival } from "../src/stats/normal.ts";
import type { Estimate } from "../src/stats/performance/estimate.ts";
import { brier, logLoss } from "../src/stats/performance/losses.ts";
import { multiclassAccuracy, multiclassBalancedAccuracy } from "../src/stats/performance/multiclass.ts";

/** Something whose metrics are known, and that can be sampled. */
export interface Case {
  readonly name: string;
  readonly truth: Readonly<Record<string, number>>;
  sample(random: Random, size: number): Readonly<Record<string, Estimate>>;
}

const referenceRows = 20_000;

/** A feature that is normal in both classes, `distance` standard deviations apart; the score is the true probability. */
export class Classifier implements Case {
  readonly name: string;
  readonly truth: Readonly<Record<string, number>>;
  readonly #share: number;
  readonly #distance: number;
  readonly #weighted: boolean;
  readonly #threshold: number;

  constructor(random: Random, model: { name: string; share: number; distance: number; weighted?: boolean }) {
    this.name = model.name;
    this.#share = model.share;
    this.#distance = model.distance;
    this.#weighted = model.weighted ?? false;
    const scores = Array.from({ length: referenceRows }, () => this.#draw(random).score);
    // Decides for the positive class as often as there are positives.
    this.#threshold = scores.sort((a, b) => b - a)[Math.round(model.share * referenceRows)] as number;
    this.truth = this.#truth();
  }

  #score(feature: number): number {
    const odds = (this.#share / (1 - this.#share)) * Math.exp(this.#distance * feature - this.#distance ** 2 / 2);
    return odds / (1 + odds);
  }

  #draw(random: Random): { score: number; label: 0 | 1 } {
    const label = random.chance(this.#share) ? 1 : 0;
    return { score: this.#score(random.normal() + label * this.#distance), label };
  }

  #truth(): Record<string, number> {
    const [share, distance] = [this.#share, this.#distance];
    const odds = (this.#threshold / (1 - this.#threshold)) * ((1 - share) / share);
    const cut = Math.log(odds) / distance + distance / 2;
    const [recall, falsePositiveRate] = [normalSurvival(cut - distance), normalSurvival(cut)];
    const predicted = share * recall + (1 - share) * falsePositiveRate;
    const integrals = { "log loss": 0, brier: 0, "average precision": 0 };
    const step = 1e-3;
    for (let feature = -9; feature < distance + 9; feature += step) {
      const positive = share * Math.exp(-((feature - distance) ** 2) / 2);
      const negative = (1 - share) * Math.exp(-(feature ** 2) / 2);
      const score = this.#score(feature);
      const density = step / Math.sqrt(2 * Math.PI);
      integrals["log loss"] += density * (positive * logLoss(score) + negative * logLoss(1 - score));
      integrals.brier += density * (positive * brier(score, 1) + negative * brier(score, 0));
      const found = share * normalSurvival(feature - distance);
      const precision = found / (found + (1 - share) * normalSurvival(feature));
      if (found > 0) integrals["average precision"] += (density * positive * precision) / share;
    }
    return {
      accuracy: share * recall + (1 - share) * (1 - falsePositiveRate),
      precision: (share * recall) / predicted,
      recall,
      "false-positive rate": falsePositiveRate,
      "balanced accuracy": (recall + 1 - falsePositiveRate) / 2,
      F1: (2 * share * recall) / (share + predicted),
      "ROC AUC": 1 - normalSurvival(distance / Math.SQRT2),
      ...integrals,
    };
  }

  /** As the product counts them: in its cells of scores, with its exact sums. */
  sample(random: Random, size: number): Record<string, Estimate> {
    const [decisions, scores] = [new SumTable(), new SumTable()];
    for (let event = 0; event < size; event++) {
      const { score, label } = this.#draw(random);
      const weight = quantisedWeight(this.#weighted ? Math.exp(random.normal() * weightSpread) : 1);
      addDecision(decisions, score >= this.#threshold, label === 1, weight);
      addScores(scores, [score], label === 1, weight);
    }
    const measured = [...decisionMetrics(decisions), ...scoreMetrics(scores)].map(({ metric, ...estimate }) => [
      metric,
      estimate,
    ]);
    const byName = Object.fromEntries(measured) as Record<string, Estimate>;
    return Object.fromEntries(Object.entries(names).map(([name, metric]) => [name, byName[metric] as Estimate]));
  }
}

/** Names in the table, and on /metrics. */
const names = {
  accuracy: "accuracy",
  precision: "precision",
  recall: "recall",
  "false-positive rate": "false_positive_rate",
  "balanced accuracy": "balanced_accuracy",
  F1: "f1",
  "ROC AUC": "roc_auc",
  "average precision": "pr_auc",
  "log loss": "log_loss",
  brier: "brier",
} as const;

/** Standard deviation of the logarithm of weights, where events carry some: half of them are worth of all. */
const weightSpread = 0.8;

/** Classes by share and recall; what is wrong goes to the next class. */
export class Classes implements Case {
  readonly name = "four classes, 5 to 50 %";
  readonly #shares = [0.05, 0.15, 0.3, 0.5];
  readonly #recalls = [0.6, 0.7, 0.9, 0.97];
  readonly truth = {
    accuracy: this.#shares.reduce((sum, share, index) => sum + share * (this.#recalls[index] as number), 0),
    "balanced accuracy": this.#recalls.reduce((sum, recall) => sum + recall / this.#recalls.length, 0),
  };

  sample(random: Random, size: number): Record<string, Estimate> {
    const many = this.#shares.length;
    const counts = new Float64Array(many * many);
    for (let event = 0; event < size; event++) {
      let [label, left] = [0, random.uniform()];
      while (label < many - 1 && left >= (this.#shares[label] as number)) left -= this.#shares[label++] as number;
      const prediction = random.chance(this.#recalls[label] as number) ? label : (label + 1) % many;
      const cell = label * many + prediction;
      counts[cell] = (counts[cell] as number) + 1;
    }
    const matrix = { counts, weightSquares: size };
    return { accuracy: multiclassAccuracy(matrix), "balanced accuracy": multiclassBalancedAccuracy(matrix) };
  }
}
