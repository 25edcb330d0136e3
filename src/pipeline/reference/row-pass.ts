// One pass over rows: takes them from whatever reads them, counts what is passed over and what is wrong, and remembers the
// first of these by name.
import type { PredictionEvent } from "../../event/event.ts";
import type { Frame } from "../../event/frame.ts";
import type { Schema } from "../../event/schema.ts";

/** Bad rows that are named. */
const named = 5;

/** What rows are read for: the one model, and of it one version; null: all. */
export interface Wanted {
  readonly model: string;
  readonly version: string | null;
}

export interface PassCounts {
  rows: number;
  /** Of other models or versions, or no predictions at all. */
  others: number;
  /** Bad rows by reason. */
  readonly bad: Map<string, number>;
  /** The first bad rows, in words. */
  readonly examples: string[];
  /** What was not read at all, in words. */
  readonly notes: string[];
}

export class RowPass {
  readonly wanted: Wanted;
  readonly schema: Schema;
  readonly frame: Frame;
  readonly counts: PassCounts = { rows: 0, others: 0, bad: new Map(), examples: [], notes: [] };
  /** Is told how much of all is done, in [0, 1]. */
  readonly progress: (share: number) => void;
  readonly #take: (segment: PredictionEvent["segment"]) => void;

  /** @param target whose frame rows are put into, by its schema. @param take is told that a row is there */
  constructor(
    wanted: Wanted,
    target: { readonly schema: Schema; readonly frame: Frame },
    take: (segment: PredictionEvent["segment"]) => void,
    progress: (share: number) => void,
  ) {
    this.wanted = wanted;
    this.schema = target.schema;
    this.frame = target.frame;
    this.#take = take;
    this.progress = progress;
  }

  /** The frame holds a row. */
  take(segment: PredictionEvent["segment"]): void {
    this.counts.rows += 1;
    this.#take(segment);
  }

  /** A prediction, unless it is of another model or version. @param timeMillis its time; NaN where it has none */
  takeEvent(event: PredictionEvent, timeMillis: number): void {
    const { model, version } = this.wanted;
    if (event.model !== model || (version !== null && event.version !== version)) {
      this.other();
      return;
    }
    const { frame } = this;
    frame.timeMillis = timeMillis;
    frame.failed = event.failed;
    frame.weight = event.weight;
    this.schema.extract(event, frame);
    this.take(event.segment);
  }

  other(): void {
    this.counts.others += 1;
  }

  /** @param place where the row stands, in words */
  bad(reason: string, place: () => string, detail: string): void {
    const { bad, examples } = this.counts;
    bad.set(reason, (bad.get(reason) ?? 0) + 1);
    if (examples.length < named) examples.push(`${place()}: ${detail}`);
  }

  get badRows(): number {
    return [...this.counts.bad.values()].reduce((sum, count) => sum + count, 0);
  }
}
