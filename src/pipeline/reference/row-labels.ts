// The labels of rows: those that they bring along, those of outcomes that are events of their own, and what it means that there is
// none. Outcomes are gathered in the first pass over rows, in bounded memory, and find their rows by id in the second, so neither the
// order of rows nor how they are dealt over files or logs matters.
import type { OutcomeEvent } from "../../event/event.ts";
import { plainValue } from "../../event/schema.ts";
import { compareText } from "../../primitive/dictionary.ts";

export type Label = number | string | null;

export interface LabelRules {
  /** Outcomes that are kept until their rows come. */
  readonly limit: number;
  /** An outcome that is further from its prediction is not taken for its own. */
  readonly horizonMillis: number;
  /**
   * The label of a row that no outcome has come for when the horizon is over; null: it has none. Where there is one, outcomes count
   * of the same rows only: of later ones there would be those that have come (frauds), but none that will not.
   */
  readonly absent: Label;
}

interface Outcome {
  readonly timeMillis: number;
  readonly label: Label;
}

export class RowLabels {
  /** Outcomes that there was no room for. */
  turnedAway = 0;
  /** Rows that an outcome gave its label, or the rule for those without one. */
  fromOutcomes = 0;
  fromAbsence = 0;
  /** Rows that have none as their horizon is not over, so that nobody can say yet whether they will. */
  tooYoung = 0;
  readonly #rules: LabelRules;
  readonly #byId = new Map<string, Outcome>();
  /** Of any outcome. */
  #lastOutcomeMillis = Number.NEGATIVE_INFINITY;
  /** Whether there is any label: without, rows are of a file that has none, not of predictions that nothing came of. */
  #areAny = false;

  constructor(rules: LabelRules) {
    this.#rules = rules;
  }

  /** First pass. @returns the label of a row; null where it has none */
  noteRow(label: Label): Label {
    if (!isLabel(label)) return null;
    this.#areAny = true;
    return label;
  }

  /** First pass. Of several outcomes of an id the first by time stands. */
  noteOutcome({ id, timeMillis, label }: OutcomeEvent): void {
    this.#areAny = true;
    if (timeMillis > this.#lastOutcomeMillis) this.#lastOutcomeMillis = timeMillis;
    const outcome = { timeMillis, label: plainValue(label) };
    const known = this.#byId.get(id);
    if (known === undefined && this.#byId.size >= this.#rules.limit) this.turnedAway += 1;
    else if (known === undefined || isBefore(outcome, known)) this.#byId.set(id, outcome);
  }

  /** Whether rows are asked for their ids. */
  get areAwaited(): boolean {
    return this.#byId.size > 0;
  }

  /**
   * Second pass: the label of a row.
   * @param own that it brings along
   * @param lastMillis the latest time of any row: that of rows and outcomes is how far anything is known
   */
  of(own: Label, id: string, timeMillis: number, lastMillis: number): Label {
    if (isLabel(own)) return own;
    const { horizonMillis, absent } = this.#rules;
    const untilMillis = Math.max(lastMillis, this.#lastOutcomeMillis);
    if (absent !== null && this.#areAny && !(timeMillis + horizonMillis <= untilMillis)) {
      this.tooYoung += 1;
      return null;
    }
    const outcome = this.#byId.get(id);
    if (outcome !== undefined && isLabel(outcome.label) && !(Math.abs(outcome.timeMillis - timeMillis) > horizonMillis)) {
      this.fromOutcomes += 1;
      return outcome.label;
    }
    if (outcome !== undefined || absent === null || !this.#areAny) return null;
    this.fromAbsence += 1;
    return absent;
  }
}

/** An empty text is none: tables have it where nothing is known. */
function isLabel(label: Label): boolean {
  return label !== null && label !== "";
}

/** Of one time the first by its text, so that the order in which they are read cannot show. */
function isBefore(one: Outcome, other: Outcome): boolean {
  const [oneMillis, otherMillis] = [placeInTime(one), placeInTime(other)];
  if (oneMillis !== otherMillis) return oneMillis < otherMillis;
  return compareText(JSON.stringify(one.label), JSON.stringify(other.label)) < 0;
}

/** Those without a time come before all others. */
function placeInTime({ timeMillis }: Outcome): number {
  return Number.isNaN(timeMillis) ? Number.NEGATIVE_INFINITY : timeMillis;
}
