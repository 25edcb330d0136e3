// The schema of a model as its events show it: a slot for each feature and output, found by name once an event.
// Slots are numbered by arrival, so nothing that is kept may depend on their order.
import type { PredictionEvent } from "./event.ts";
import type { Frame } from "./frame.ts";

/** A feature or output of a model and its position in frames. */
export interface Slot {
  readonly index: number;
  readonly name: string;
  /** Outputs ($score, $score.<class>, $prediction) are expected of predictions that did not fail. */
  readonly output: boolean;
}

/** How many more slots may be opened by all schemas together. */
export interface SlotBudget {
  left: number;
}

/** Names of outputs begin with $; where a feature's own does, it has a second one before it. */
export function isOutput(name: string): boolean {
  return name.startsWith("$") && !name.startsWith("$$");
}

export class Schema {
  readonly slots: Slot[] = [];
  /** Values of features that the limit turned away. */
  overflow = 0;
  readonly #byName = new Map<string, Slot>();
  /** Features and outputs of one model. */
  limit: number;
  /** By the name that a feature has in events; those that have a slot. */
  readonly #byFeature = new Map<string, Slot>();
  /** By place in the event before: a feature and its slot. Saves a look-up of nearly every name. */
  readonly #before: { readonly name: string; readonly slot: Slot }[] = [];
  readonly #budget: SlotBudget;

  constructor(limit: number, budget: SlotBudget) {
    this.limit = limit;
    this.#budget = budget;
  }

  /** The slot of a name, opened if there is room; null where there is none. */
  slot(name: string): Slot | null {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.slots.length >= this.limit || this.#budget.left <= 0) return null;
    const slot = { index: this.slots.length, name, output: isOutput(name) };
    this.slots.push(slot);
    this.#byName.set(name, slot);
    this.#budget.left -= 1;
    return slot;
  }

  /** Gives the slots back, when the model has expired. */
  release(): void {
    this.#budget.left += this.slots.length;
  }

  /** Fills a frame with an event's values. */
  extract(event: PredictionEvent, frame: Frame): void {
    frame.clear();
    frame.target = targetOf(event);
    frame.score = finiteOr(event.score, Number.NaN);
    frame.prediction = plainValue(event.prediction);
    frame.horizon = event.horizon;
    frame.label = plainValue(event.label);
    const features = event.features;
    if (features !== null) {
      let at = 0;
      for (const name in features) {
        const known = this.#expected(name, at++);
        if (known !== undefined) frame.set(known.index, features[name]);
        else this.#putFeature(frame, name, features[name]);
      }
    }
    if (event.score !== undefined) this.#put(frame, "$score", event.score);
    if (event.prediction !== undefined && !Array.isArray(event.prediction)) {
      this.#put(frame, "$prediction", event.prediction);
    }
    frame.confidence = Number.NaN;
    if (event.scores !== null) this.#putScores(frame, event.scores);
  }

  #putScores(frame: Frame, scores: Readonly<Record<string, unknown>>): void {
    for (const name in scores) {
      const score = scores[name];
      this.#put(frame, `$score.${name}`, score);
      if (typeof score === "number" && score >= 0 && score <= 1 && !(score <= frame.confidence)) frame.confidence = score;
    }
  }

  /** The slot of an event's feature, which is mostly the one that stood at this place in the event before. */
  #expected(name: string, at: number): Slot | undefined {
    const before = this.#before[at];
    if (before?.name === name) return before.slot;
    const slot = this.#byFeature.get(name);
    if (slot !== undefined && at < this.limit) this.#before[at] = { name, slot };
    return slot;
  }

  #putFeature(frame: Frame, name: string, value: unknown): void {
    const slotName = name.startsWith("$") ? `$${name}` : name;
    this.#put(frame, slotName, value);
    const slot = this.#byName.get(slotName);
    if (slot !== undefined) this.#byFeature.set(name, slot);
  }

  #put(frame: Frame, name: string, value: unknown): void {
    const slot = this.#byName.get(name) ?? this.slot(name.length > longestName ? cutName(name) : name);
    if (slot === null) this.overflow += 1;
    else frame.set(slot.index, value);
  }
}

/** A number, unless it is none that is finite. */
export function finiteOr(value: unknown, other: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : other;
}

/** A label or a prediction as a number or a text; null where it is neither. */
export function plainValue(value: unknown): number | string | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "string") return value.length > longestText ? value.slice(0, longestText).toWellFormed() : value;
  return typeof value === "boolean" ? String(value) : null;
}

/** Labels and predictions that are texts are cut here. */
const longestText = 128;

/** What a change of the model is explained for: its score where that is a number, else a numeric prediction; NaN: neither. */
export function targetOf({ score, prediction }: { readonly score?: unknown; readonly prediction?: unknown }): number {
  if (typeof score === "number" && Number.isFinite(score)) return score;
  return typeof prediction === "number" && Number.isFinite(prediction) ? prediction : Number.NaN;
}

const longestName = 128;

/** A name that is too long is cut; two that begin alike are then one feature with two values: the first one counts. */
function cutName(name: string): string {
  return Buffer.from(name.slice(0, longestName).toWellFormed(), "utf8").toString("utf8");
}
