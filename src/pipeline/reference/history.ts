// A stretch of Kafka's history as rows of a reference: from a time to the ends that logs had when it began, the same
// stretch each time it is read. Keeps offsets only.
import type { DecodeOptions, Receiver } from "../../decode/decoder.ts";
import {
  type GapReason,
  type Log,
  type LogBounds,
  logKey,
  type RecordBatch,
  type Sink,
  type Start,
} from "../../source/source.ts";
import type { TopicSettings } from "../ingest.ts";
import type { RowPass } from "./row-pass.ts";

/** Of a log: where the stretch begins and ends, and how far it was read this time. */
interface Stretch {
  begin: number;
  readonly end: number;
  position: number;
}

export interface HistoryOptions {
  readonly fromMillis: number;
  readonly topics: ReadonlyMap<string, TopicSettings>;
  readonly decode: DecodeOptions;
}

export class History {
  readonly #options: HistoryOptions;
  readonly #stretches = new Map<string, Stretch>();
  /** Once the first pass has seen every log; others that come later are not read. */
  #isComplete = false;

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  /** Begins another pass, and hands what a source reads over to it. */
  pass(pass: RowPass): HistorySink {
    // Of a log that has nothing in the stretch no batch comes that would say so.
    for (const stretch of this.#stretches.values()) stretch.position = stretch.begin < stretch.end ? Number.NaN : stretch.end;
    return new HistorySink(this.#options, this.#stretches, this.#isComplete, pass);
  }

  /** The first pass is over. */
  complete(): void {
    this.#isComplete = true;
  }
}

export class HistorySink implements Sink {
  /** Why the stretch cannot be read to its end; "" as long as it can. */
  failure = "";
  readonly #options: HistoryOptions;
  readonly #stretches: Map<string, Stretch>;
  readonly #areKnown: boolean;
  readonly #pass: RowPass;

  constructor(options: HistoryOptions, stretches: Map<string, Stretch>, areKnown: boolean, pass: RowPass) {
    this.#options = options;
    this.#stretches = stretches;
    this.#areKnown = areKnown;
    this.#pass = pass;
  }

  /** Whether every log was read to its end, if all logs were started. */
  get isDone(): boolean {
    return [...this.#stretches.values()].every(({ position, end }) => position >= end);
  }

  /** Records that were passed. */
  get read(): number {
    return this.#sum(({ begin, position }) => (Number.isNaN(position) ? 0 : position - begin));
  }

  #sum(of: (stretch: Stretch) => number): number {
    return [...this.#stretches.values()].reduce((sum, stretch) => sum + of(stretch), 0);
  }

  start(log: Log, bounds: LogBounds): Start {
    const known = this.#stretches.get(logKey(log));
    if (known === undefined) return this.#startNew(log, bounds);
    if (Number.isNaN(known.begin)) return { timeMillis: this.#options.fromMillis };
    const offset = Number.isNaN(known.position) ? known.begin : known.position;
    if (bounds.low > offset) this.failure = `${logKey(log)}: records were deleted while they were read`;
    if (bounds.end < offset) this.failure = `${logKey(log)}: the topic was made anew while it was read`;
    return { offset };
  }

  #startNew(log: Log, { end }: LogBounds): Start {
    if (this.#areKnown) return { offset: end };
    this.#stretches.set(logKey(log), { begin: Number.NaN, end, position: Number.NaN });
    return { timeMillis: this.#options.fromMillis };
  }

  async batch(batch: RecordBatch): Promise<void> {
    const stretch = this.#stretches.get(logKey(batch.log));
    if (stretch === undefined) return;
    // The first batch of a log that is begun at a time is empty and says where that is.
    if (Number.isNaN(stretch.begin)) stretch.begin = Math.min(batch.firstOffset, stretch.end);
    for (let index = 0; index < batch.length; index++) {
      if (batch.offset(index) < stretch.end) this.#take(batch, index);
    }
    this.#move(stretch, batch.nextOffset);
  }

  #move(stretch: Stretch, nextOffset: number): void {
    stretch.position = nextOffset;
    const all = this.#sum(({ begin, end }) => (Number.isNaN(begin) ? 0 : end - begin));
    this.#pass.progress(all === 0 ? 0 : Math.min(1, this.read / all));
  }

  #take(batch: RecordBatch, index: number): void {
    const pass = this.#pass;
    const settings = this.#options.topics.get(batch.log.topic);
    const receiver: Receiver = {
      event(event) {
        if (event.type === "prediction") pass.takeEvent(event, event.timeMillis);
        else if (event.type === "outcome") pass.takeOutcome(event);
        else pass.other();
      },
      reject: (reason, detail) => pass.bad(reason, () => `${logKey(batch.log)} at ${batch.offset(index)}`, detail),
    };
    settings?.decoder.decode(batch.value(index), batch.timeMillis(index), this.#options.decode, receiver);
  }

  gap(log: Log, from: number, to: number, reason: GapReason, detail: string): void {
    const stretch = this.#stretches.get(logKey(log));
    if (stretch === undefined || from >= stretch.end) return;
    if (reason !== "unreadable") this.failure = `${logKey(log)}: records ${from} to ${to} are gone`;
    for (let offset = from; offset < Math.min(to, stretch.end); offset++) {
      this.#pass.bad("unreadable", () => `${logKey(log)} at ${offset}`, detail);
    }
    this.#move(stretch, to);
  }

  bounds(): void {}

  revoked(): void {}

  ended(): void {}
}
