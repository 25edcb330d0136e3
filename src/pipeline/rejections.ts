// What is said about rejected records: a log line now and then, and the latest example of each reason. Never a payload.
import type { RejectReason } from "../event/reason.ts";
import type { Log } from "../source/source.ts";
import type { Logger } from "./logger.ts";

/** One line a topic and reason in this time; what came in between is counted in the next. */
const silentMillis = 10_000;

export interface RejectionExample {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly reason: RejectReason;
  readonly detail: string;
}

export class Rejections {
  /** The latest rejection by topic and reason. */
  readonly examples = new Map<string, RejectionExample>();
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #said = new Map<string, { atMillis: number; since: number }>();

  constructor(logger: Logger, now: () => number) {
    this.#logger = logger;
    this.#now = now;
  }

  note(log: Log, offset: number, reason: RejectReason, detail: string): void {
    const key = `${log.topic} ${reason}`;
    const example = { topic: log.topic, partition: log.partition, offset, reason, detail };
    this.examples.set(key, example);
    const said = this.#said.get(key);
    if (said !== undefined && this.#now() - said.atMillis < silentMillis) {
      said.since += 1;
      return;
    }
    this.#logger.warn({ ...example, sinceLastLine: said?.since ?? 0 }, "rejected");
    this.#said.set(key, { atMillis: this.#now(), since: 0 });
  }
}
