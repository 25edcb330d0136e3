// Pairs of a minute that is open. Of those of weight 1 with a score and a label, which most are, what each adds is first put down by
// label: their sums are then added up in one go, and only what comes of it is looked up in tables.
import { addDecisions, addScores, type DecisionCounts } from "./binary.ts";
import { decisionOf, isPositive, isScore, kindOfPair, type LabelledPair, type PairSettings } from "./labelled-pair.ts";
import { addPair } from "./pairs.ts";
import { type PerformancePane, partOf } from "./pane.ts";
import { labelledPart, partNames } from "./part-names.ts";

/** So many are put down before they are added up: beyond it, adding up costs less memory. */
const mostNoted = 256;

export class OpenPairs {
  readonly #pane: PerformancePane = new Map();
  /** Under which those that are put down are read. */
  #settings: PairSettings | null = null;
  /** Scores by label. */
  readonly #positives: number[] = [];
  readonly #negatives: number[] = [];
  /** By threshold. */
  #decisions: DecisionCounts[] = [];

  add(pair: LabelledPair, settings: PairSettings): void {
    if (pair.weight !== 1 || !isScore(pair.score) || kindOfPair(pair, settings) !== "binary") {
      addPair(this.#pane, pair, settings);
      return;
    }
    if (settings !== this.#settings) this.#begin(settings);
    const label = isPositive(pair.label as number | string, settings) === true;
    const scores = label ? this.#positives : this.#negatives;
    scores.push(pair.score);
    for (let at = 0; at < this.#decisions.length; at++) {
      const positive = at === 0 ? decisionOf(pair, settings) : pair.score >= (settings.thresholds[at] as number);
      count(this.#decisions[at] as DecisionCounts, positive, label);
    }
    if (scores.length === mostNoted) this.#addUp();
  }

  #begin(settings: PairSettings): void {
    if (this.#settings !== null) this.#addUp();
    this.#settings = settings;
    this.#decisions = partNames(settings).decisions.map(none);
  }

  #addUp(): void {
    const noted = this.#positives.length + this.#negatives.length;
    if (noted === 0) return;
    const names = partNames(this.#settings as PairSettings);
    partOf(this.#pane, labelledPart).add(0, noted);
    for (const [at, counts] of this.#decisions.entries()) addDecisions(partOf(this.#pane, names.decisions[at] as string), counts);
    const part = partOf(this.#pane, names.scores);
    addScores(part, this.#positives, true);
    addScores(part, this.#negatives, false);
    this.#positives.length = 0;
    this.#negatives.length = 0;
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
