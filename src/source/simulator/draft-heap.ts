// Drafts of records that wait for their turn, in a binary heap: the earliest first, of equal ones the first put.

export interface Draft {
  /** The record's timestamp. */
  readonly timeMillis: number;
  /** The record as text; made when it is asked for, so that skipping a record costs little. */
  readonly text: () => string;
}

interface Entry extends Draft {
  readonly order: number;
}

export class DraftHeap {
  readonly #entries: Entry[] = [];
  #puts = 0;

  /** Timestamp of the earliest draft; Infinity where there is none. */
  get earliestMillis(): number {
    return this.#entries[0]?.timeMillis ?? Number.POSITIVE_INFINITY;
  }

  put(timeMillis: number, text: () => string): void {
    const entry = { timeMillis, text, order: this.#puts++ };
    const entries = this.#entries;
    let at = entries.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, entries[parent] as Entry)) break;
      entries[at] = entries[parent] as Entry;
      at = parent;
    }
    entries[at] = entry;
  }

  /** @throws where the heap is empty */
  take(): Draft {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined) throw new Error("no draft is left");
    if (entries.length > 0) this.#sink(last);
    return first;
  }

  /** Puts an entry at the top and lets it sink to its place. */
  #sink(entry: Entry): void {
    const entries = this.#entries;
    let at = 0;
    for (let child = 1; child < entries.length; child = 2 * at + 1) {
      if (child + 1 < entries.length && isBefore(entries[child + 1] as Entry, entries[child] as Entry)) child += 1;
      if (!isBefore(entries[child] as Entry, entry)) break;
      entries[at] = entries[child] as Entry;
      at = child;
    }
    entries[at] = entry;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.timeMillis < b.timeMillis || (a.timeMillis === b.timeMillis && a.order < b.order);
}
