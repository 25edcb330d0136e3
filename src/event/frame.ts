// The frame: one reusable set of typed arrays that holds one prediction of one model. Decoding fills it,
// monitors read it and nothing else. Slots are positions of features and outputs in the model's schema.
import { kind, kindOf } from "./value.ts";

export class Frame {
  timeMillis = 0;
  /** When the record was written, by its own timestamp; NaN where the source has none. */
  recordMillis = Number.NaN;
  failed = false;
  /** What the event counts for: 1 / sampling rate. */
  weight = 1;
  /** What a change of the model is explained for: its score where that is a number, else a numeric prediction; NaN: neither. */
  target = Number.NaN;
  /** NaN where it has none that is a finite number. */
  score = Number.NaN;
  /** The greatest of the scores by class; NaN where it has none from 0 to 1. */
  confidence = Number.NaN;
  /** As a number or a text, which true and false are; null where it is neither. */
  prediction: number | string | null = null;
  /** What a forecast is for; "" where it does not say. */
  horizon = "";
  /** What came of it, as a prediction is kept; null where nobody said. */
  label: number | string | null = null;
  latencyMillis = Number.NaN;
  /** Whether it waits for its outcome, so that what it says is told again, from its row, when its minute closes. */
  waits = false;
  /** Slots that this event has a value for: the first `present` entries. */
  slots: Int32Array;
  present = 0;
  /** By slot; valid for the slots listed in `slots`. */
  kinds: Uint8Array;
  numbers: Float64Array;
  texts: string[];
  /** By slot: the running number of the event that last set it. */
  #lastEvent: Float64Array;
  #event = 0;

  constructor(capacity = 32) {
    this.slots = new Int32Array(capacity);
    this.kinds = new Uint8Array(capacity);
    this.numbers = new Float64Array(capacity);
    this.texts = new Array<string>(capacity).fill("");
    this.#lastEvent = new Float64Array(capacity).fill(-1);
  }

  /** Forgets the values of the event before. */
  clear(): void {
    this.present = 0;
    this.#event += 1;
  }

  /** Puts a value at a slot; of several values for one slot the first counts. */
  set(slot: number, value: unknown): void {
    if (slot >= this.kinds.length) this.#grow(slot + 1);
    if (value === undefined || this.#lastEvent[slot] === this.#event) return;
    const valueKind = kindOf(value);
    this.#lastEvent[slot] = this.#event;
    this.kinds[slot] = valueKind;
    if (valueKind === kind.number) this.numbers[slot] = value as number;
    else if (valueKind === kind.string) this.texts[slot] = value as string;
    else if (valueKind === kind.boolean) this.texts[slot] = value === true ? "true" : "false";
    this.slots[this.present++] = slot;
  }

  #grow(needed: number): void {
    const capacity = Math.max(needed, this.kinds.length * 2);
    const slots = new Int32Array(capacity);
    const kinds = new Uint8Array(capacity);
    const numbers = new Float64Array(capacity);
    const lastEvent = new Float64Array(capacity).fill(-1);
    lastEvent.set(this.#lastEvent);
    this.#lastEvent = lastEvent;
    slots.set(this.slots);
    kinds.set(this.kinds);
    numbers.set(this.numbers);
    this.slots = slots;
    this.kinds = kinds;
    this.numbers = numbers;
    while (this.texts.length < capacity) this.texts.push("");
  }
}
