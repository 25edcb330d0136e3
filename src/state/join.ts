// The join stage: where outcomes will meet their predictions. For now it passes predictions through and counts
// outcomes; its state is a part of the snapshot, so that the stage can grow without moving anything else.
import { type OutcomeEvent, otherName } from "../event/event.ts";
import type { Reader, Writer } from "../primitive/bytes.ts";
import { count, decodeCounts, encodeCounts } from "./log-state.ts";

export class Join {
  /** Outcomes by model; none of them has met its prediction. */
  readonly unjoined = new Map<string, number>();
  readonly #modelLimit: number;

  constructor(modelLimit: number) {
    this.#modelLimit = modelLimit;
  }

  /** Takes an outcome; an earlier or later prediction is not looked for yet. */
  outcome(event: OutcomeEvent): void {
    const room = this.unjoined.has(event.model) || this.unjoined.size < this.#modelLimit;
    count(this.unjoined, room ? event.model : otherName);
  }

  encode(writer: Writer): void {
    encodeCounts(this.unjoined, writer);
  }

  decode(reader: Reader): void {
    decodeCounts(this.unjoined, reader);
  }
}
