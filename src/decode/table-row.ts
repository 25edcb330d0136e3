// Rows of tables as predictions: which column means what, and each row into a frame. A column is a feature unless it is
// called like a field of an event. Fields of objects are joined to these by dots: `features.amount`, `segment.channel`.
import type { PredictionEvent } from "../event/event.ts";
import type { Frame } from "../event/frame.ts";
import { finiteOr, plainValue, type Schema, type Slot, targetOf } from "../event/schema.ts";
import { shortText } from "./native.ts";
import { parseTime } from "./time.ts";

/** A number as JSON writes it. */
const numberPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What becomes of a row: it is in the frame; it is of another model or version; or it is wrong. */
export type Taken =
  | { readonly segment: PredictionEvent["segment"]; readonly id: string }
  | "other"
  | { readonly reason: string; readonly detail: string };

export interface TableOptions {
  /** Cells are texts: those that are written as numbers are numbers. */
  readonly texts: boolean;
  readonly model: string;
  /** Rows of another version are passed over; null: of none. */
  readonly version: string | null;
  /** Whether ids are asked for. */
  readonly ids: boolean;
}

type Put = (frame: Frame, cell: unknown) => void;

export class TableRows {
  readonly #options: TableOptions;
  readonly #schema: Schema;
  /** By column; null where it is no part of the frame. */
  readonly #puts: readonly (Put | null)[];
  readonly #time: number;
  readonly #weight: number;
  readonly #model: number;
  readonly #version: number;
  readonly #score: number;
  readonly #prediction: number;
  readonly #horizon: number;
  readonly #label: number;
  readonly #id: number;
  readonly #segments: readonly { readonly name: string; readonly at: number }[];

  constructor(names: readonly string[], schema: Schema, options: TableOptions) {
    this.#options = options;
    this.#schema = schema;
    this.#puts = names.map((name) => this.#put(name));
    this.#time = names.indexOf("time");
    this.#weight = names.indexOf("weight");
    this.#model = names.indexOf("model");
    this.#version = names.indexOf("version");
    this.#score = names.indexOf("score");
    this.#prediction = names.indexOf("prediction");
    this.#horizon = names.indexOf("horizon");
    this.#label = names.indexOf("label");
    this.#id = options.ids ? names.indexOf("id") : -1;
    this.#segments = names.flatMap((name, at) => {
      return name.startsWith("segment.") ? [{ name: name.slice("segment.".length), at }] : [];
    });
  }

  /** By column, whether anything is made of its cells. */
  get wanted(): boolean[] {
    const fields = [this.#time, this.#weight, this.#model, this.#version, this.#horizon, this.#label, this.#id];
    const others = [...fields, ...this.#segments.map(({ at }) => at)];
    return this.#puts.map((put, at) => put !== null || others.includes(at));
  }

  #put(name: string): Put | null {
    if (notInFrame.has(name) || name.startsWith("segment.")) return null;
    const slot = this.#slotOf(name);
    return slot === null ? () => this.#overflow() : (frame, cell) => frame.set(slot.index, this.#value(cell));
  }

  #slotOf(name: string): Slot | null {
    if (name === "score" || name === "prediction" || name.startsWith("score.")) return this.#schema.slot(`$${name}`);
    if (name.startsWith("scores.")) return this.#schema.slot(`$score.${name.slice("scores.".length)}`);
    return this.#slot(name.startsWith("features.") ? name.slice("features.".length) : name);
  }

  /** Names of outputs begin with $; where a feature's own does, it has a second one before it. */
  #slot(feature: string): Slot | null {
    return this.#schema.slot(feature.startsWith("$") ? `$${feature}` : feature);
  }

  #overflow(): void {
    this.#schema.overflow += 1;
  }

  #value(cell: unknown): unknown {
    return this.#options.texts && typeof cell === "string" && numberPattern.test(cell) ? Number(cell) : cell;
  }

  /** Puts a row into a frame. Its time is NaN where the table has no column of that name. */
  take(cells: readonly unknown[], frame: Frame): Taken {
    if (this.#isOther(cells)) return "other";
    frame.clear();
    frame.failed = false;
    frame.timeMillis = Number.NaN;
    frame.weight = 1;
    if (this.#time !== -1) {
      frame.timeMillis = parseTime(this.#value(cells[this.#time]));
      if (Number.isNaN(frame.timeMillis)) return wrongTime;
    }
    if (this.#weight !== -1) {
      frame.weight = weightOf(this.#value(cells[this.#weight]));
      if (Number.isNaN(frame.weight)) return wrongWeight;
    }
    this.#takeOutputs(cells, frame);
    for (let at = 0; at < this.#puts.length; at++) this.#puts[at]?.(frame, cells[at]);
    if (this.#segments.length === 0 && this.#id === -1) return noSegment;
    const id = cells[this.#id];
    return {
      segment: this.#segments.length === 0 ? null : this.#segment(cells),
      id: typeof id === "string" || typeof id === "number" ? String(id) : "",
    };
  }

  /** What performance is judged by. */
  #takeOutputs(cells: readonly unknown[], frame: Frame): void {
    const [score, prediction] = [this.#value(cells[this.#score]), this.#value(cells[this.#prediction])];
    frame.target = targetOf({ score, prediction });
    frame.score = finiteOr(score, Number.NaN);
    frame.prediction = plainValue(prediction);
    frame.horizon = shortText(this.#value(cells[this.#horizon]));
    frame.label = plainValue(this.#value(cells[this.#label]));
  }

  #isOther(cells: readonly unknown[]): boolean {
    const { model, version } = this.#options;
    if (this.#model !== -1 && cells[this.#model] !== model) return true;
    return version !== null && this.#version !== -1 && String(cells[this.#version]) !== version;
  }

  #segment(cells: readonly unknown[]): PredictionEvent["segment"] {
    const segment: [string, unknown][] = [];
    for (const { name, at } of this.#segments) {
      const cell = cells[at];
      if (cell !== null) segment.push([name, cell]);
    }
    return Object.fromEntries(segment);
  }
}

/** Fields of events that are no outputs. Columns without a name are row numbers of whatever wrote the table. */
const notInFrame: ReadonlySet<string> = new Set(["", "time", "id", "weight", "label", "horizon", "model", "version"]);

const noSegment = { segment: null, id: "" };
const wrongTime = { reason: "bad_time", detail: "time is not RFC 3339 or ms since 1970, 2000 to 2099" };
const wrongWeight = { reason: "bad_weight", detail: "weight is not a number above 0" };

function weightOf(cell: unknown): number {
  if (cell === null) return 1;
  return typeof cell === "number" && cell > 0 && cell < Number.POSITIVE_INFINITY ? cell : Number.NaN;
}
