// Binary and multiclass classifiers whose metrics are known exactly, for the coverage of intervals.
import { binOf } from "../src/primitive/bins.ts";
import type { Random } from "../src/source/simulator/random.ts";
import { normalSurvival } from "../src/stats/normal.ts";
import { averagePrecision } from "../src/stats/performance/average-precision.ts";
import * as binary from "../src/stats/performance/binary.ts";
import type { Estimate } from "../src/stats/performance/estimate.ts";
import { brier, logLoss } from "../src/stats/performance/losses.ts";
import { type Moments, positiveMean } from "../src/stats/performance/moments.ts";
import { multiclassAccuracy, multiclassBalancedAccuracy } from "../src/stats/performance/multiclass.ts";
import { rocAuc } from "../src/stats/performance/roc-auc.ts";
import { scoreEdges } from "../src/stats/performance/score-edges.ts";

/** Something whose metrics are known, and that can be sampled. */
export interface Case {
  readonly name: string;
  readonly truth: Readonly<Record<string, number>>;
  sample(random: Random, size: number): Readonly<Record<string, Estimate>>;
}

const scoreBins = 100;
const referenceRows = 20_000;

/** A feature that is normal in both classes, `distance` standard deviations apart; the score is the true probability. */
export class Classifier implements Case {
  readonly name: string;
  readonly truth: Readonly<Record<string, number>>;
  readonly #share: number;
  readonly #distance: number;
  readonly #weighted: boolean;
  readonly #edges: readonly number[];
  readonly #threshold: number;

  constructor(random: Random, model: { name: string; share: number; distance: number; weighted?: boolean }) {
    this.name = model.name;
    this.#share = model.share;
    this.#distance = model.distance;
    this.#weighted = model.weighted ?? false;
    const scores = Array.from({ length: referenceRows }, () => this.#draw(random).score);
    this.#edges = scoreEdges(scores, scoreBins);
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

  sample(random: Random, size: number): Record<string, Estimate> {
    const list = (): Float64Array => new Float64Array(this.#edges.length + 1);
    const byLabel = [0, 1].map(() => ({ counts: list(), scores: list(), squares: 0 }));
    const matrix = [0, 0, 0, 0];
    const losses = [0, 1].map(() => ({ count: 0, weightSquares: 0, sum: 0, squares: 0 })) as [Mutable, Mutable];
    for (let event = 0; event < size; event++) {
      const { score, label } = this.#draw(random);
      const weight = this.#weighted ? Math.exp(random.normal() * weightSpread) : 1;
      const own = byLabel[label] as (typeof byLabel)[0];
      const bin = binOf(this.#edges, score);
      own.counts[bin] = (own.counts[bin] as number) + weight;
      own.scores[bin] = (own.scores[bin] as number) + weight * score;
      own.squares += weight * weight;
      const cell = 2 * label + (score >= this.#threshold ? 1 : 0);
      matrix[cell] = (matrix[cell] as number) + weight;
      add(losses[0], logLoss(label === 1 ? score : 1 - score), weight);
      add(losses[1], brier(score, label), weight);
    }
    return this.#estimates(matrix, byLabel[1] as (typeof byLabel)[0], byLabel[0] as (typeof byLabel)[0], losses);
  }

  #estimates(matrix: readonly number[], positive: ByBin, negative: ByBin, losses: readonly [Moments, Moments]) {
    const [trueNegatives, falsePositives, falseNegatives, truePositives] = matrix as [number, number, number, number];
    const weightSquares = positive.squares + negative.squares;
    const counts = { truePositives, falsePositives, trueNegatives, falseNegatives, weightSquares };
    const limits = [0, ...this.#edges, 1];
    const histogram = {
      positives: positive.counts,
      negatives: negative.counts,
      positiveScores: positive.scores,
      negativeScores: negative.scores,
      positiveWeightSquares: positive.squares,
      negativeWeightSquares: negative.squares,
    };
    return {
      accuracy: binary.accuracy(counts),
      precision: binary.precision(counts),
      recall: binary.recall(counts),
      "false-positive rate": binary.falsePositiveRate(counts),
      "balanced accuracy": binary.balancedAccuracy(counts),
      F1: binary.f1(counts),
      "ROC AUC": rocAuc(histogram, limits),
      "average precision": averagePrecision(histogram, limits),
      "log loss": positiveMean(losses[0]),
      brier: positiveMean(losses[1]),
    };
  }
}

/** Standard deviation of the logarithm of weights, where events carry some: half of them are worth of all. */
const weightSpread = 0.8;

interface ByBin {
  readonly counts: Float64Array;
  readonly scores: Float64Array;
  readonly squares: number;
}

type Mutable = { -readonly [field in keyof Moments]: number };

function add(into: Mutable, value: number, weight: number): void {
  into.count += weight;
  into.weightSquares += weight * weight;
  into.sum += weight * value;
  into.squares += weight * value * value;
}

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
