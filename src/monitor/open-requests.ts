// Requests whose items are still waiting for what becomes of them: each is judged when the horizon of its items ends, with all that
// were clicked by then. Items of one request are of one time.
import { mostRanks, type Request } from "../performance/requests.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { minuteMillis } from "../window/resolution.ts";

/** An item whose label is known. */
export interface RequestItem {
  /** Which request it belongs to: a whole number below 2^53, a hash of its name. */
  readonly group: number;
  /** From 1. */
  readonly rank: number;
  readonly clicked: boolean;
  readonly weight: number;
  readonly predictedMillis: number;
}

interface Waiting {
  gains: number;
  items: number;
  weight: number;
  /** Of the first item. */
  predictedMillis: number;
}

/** By the minute in which the horizon ends, then by request. */
export class OpenRequests {
  readonly #minutes = new Map<number, Map<number, Waiting>>();

  add({ group, rank, clicked, weight, predictedMillis }: RequestItem, horizonMillis: number): void {
    const minute = (Math.ceil((predictedMillis + horizonMillis) / minuteMillis) - 1) * minuteMillis;
    let requests = this.#minutes.get(minute);
    if (requests === undefined) {
      requests = new Map();
      this.#minutes.set(minute, requests);
    }
    let waiting = requests.get(group);
    if (waiting === undefined) {
      waiting = { gains: 0, items: 0, weight: 0, predictedMillis };
      requests.set(group, waiting);
    }
    waiting.items += 1;
    waiting.weight = Math.max(waiting.weight, weight);
    waiting.predictedMillis = Math.min(waiting.predictedMillis, predictedMillis);
    if (clicked && rank >= 1 && rank <= mostRanks) waiting.gains |= 1 << (rank - 1);
  }

  /** Requests whose horizon has ended by the end of a minute, and when they were made; they are forgotten. */
  *due(startMillis: number): Iterable<Request & { readonly predictedMillis: number }> {
    for (const [minute, requests] of this.#minutes) {
      if (minute > startMillis) continue;
      this.#minutes.delete(minute);
      yield* requests.values();
    }
  }

  get empty(): boolean {
    return this.#minutes.size === 0;
  }

  encode(writer: Writer): void {
    const minutes = [...this.#minutes].sort(([one], [other]) => one - other);
    writeAll(writer, minutes, ([minute, requests]) => {
      writer.integer(minute / minuteMillis);
      const sorted = [...requests].sort(([one], [other]) => one - other);
      writeAll(writer, sorted, ([group, { gains, items, weight, predictedMillis }]) => {
        for (const number of [group, gains >>> 0, items, predictedMillis]) writer.unsigned(number);
        writer.amount(weight);
      });
    });
  }

  static decode(reader: Reader): OpenRequests {
    const open = new OpenRequests();
    readAll(reader, () => {
      const minute = reader.integer() * minuteMillis;
      const read = () => {
        const [group, gains, items] = [reader.unsigned(), reader.unsigned(), reader.unsigned()];
        const predictedMillis = reader.unsigned();
        return [group, { gains: gains | 0, items, predictedMillis, weight: reader.amount() }] as const;
      };
      open.#minutes.set(minute, new Map(readAll(reader, read)));
    });
    return open;
  }
}
