// Pairs of a minute that is open. Of those of weight 1 with a score and a label, which most are, what each adds is first put down by
// label: their sums are then added up in one go, and only what comes of it is looked up in tables.
import { addDecisions, addScores, type DecisionCounts, scoresAtOnce } from "./binary.ts";
import { decisionOf, isPositive, isScore, kindOfPair, type LabelledPair, type PairSettings } from "./labelled-pair.ts";
import { addPair } from "./pairs.ts";
import { type PerformancePane, partOf } from "./pane.ts";
import { labelledPart, partNames } from "./part-names.ts";

/** Scores whose label was the same. */
interface Noted {
  readonly label: boolean;
  readonly scores: number[];
  /** How many of them are to be added up; an array that is emptied would have to grow anew. */
  size: number;
}

export class OpenPairs {
  readonly #pane: PerformancePane = new Map();
  /** Under which those that are put down are read. */
  #settings: PairSettings | null = null;
  readonly #positives: Noted = { label: true, scores: [], size: 0 };
  readonly #negatives: Noted = { label: false, scores: [], size: 0 };
  /** By threshold. */
  #decisions: DecisionCounts[] = [];

  add(pair: LabelledPair, settings: PairSettings): void {
    if (pair.weight !== 1 || !isScore(pair.score) || kindOfPair(pair, settings) !== "binary") {
      addPair(this.#pane, pair, settings);
      return;
    }
    if (settings !== this.#settings) this.#begin(settings);
    const label = isPositive(pair.label as number | string, settings) === true;
    const noted = label ? this.#positives : this.#negatives;
    noted.scores[noted.size++] = pair.score;
    for (let at = 0; at < this.#decisions.length; at++) {
      const positive = at === 0 ? decisionOf(pair, settings) : pair.score >= (settings.thresholds[at] as number);
      count(this.#decisions[at] as DecisionCounts, positive, label);
    }
    if (noted.size === scoresAtOnce) this.#addUp();
  }

  #begin(settings: PairSettings): void {
    if (this.#settings !== null) this.#addUp();
    this.#settings = settings;
    this.#decisions = partNames(settings).decisions.map(none);
  }

  #addUp(): void {
    const [positives, negatives] = [this.#positives, this.#negatives];
    const size = positives.size + negatives.size;
    if (size === 0) return;
    const names = partNames(this.#settings as PairSettings);
    partOf(this.#pane, labelledPart).add(0, size);
    for (const [at, counts] of this.#decisions.entries()) addDecisions(partOf(this.#pane, names.decisions[at] as string), counts);
    const part = partOf(this.#pane, names.scores);
    for (const noted of [positives, negatives]) {
      addScores(part, noted.scores, noted.label, 1, noted.size);
      noted.size = 0;
    }
    this.#decisions = names.decisions.map(none);
  }

  /** All that were added; it may be added to. */
  get pane(): PerformancePane {
    this.#addUp();
    return this.#pane;
  }
}

function none(): DecisionCounts {
  return { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
}

function count(counts: DecisionCounts, positive: boolean, label: boolean): void {
  if (positive && label) counts.truePositives += 1;
  else if (positive) counts.falsePositives += 1;
  else if (label) counts.falseNegatives += 1;
  else counts.trueNegatives += 1;
}
