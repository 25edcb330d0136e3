// Panes of one kind of state at several resolutions, aligned to the epoch: the finest are added when they close, the
// coarser are sums of them, a window is a sum of panes of one resolution. Knows no statistics.
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";

/** What a pane must be able to do: add up, and be written down. */
export interface Monoid<Pane> {
  zero(): Pane;
  merge(into: Pane, from: Pane): void;
  /** Makes a pane small that will hardly change any more. */
  compact(pane: Pane): void;
  encode(pane: Pane, writer: Writer): void;
  decode(reader: Reader): Pane;
}

export interface Rung {
  /** Width of a pane, which is also the step by which windows made of it slide. */
  readonly paneMillis: number;
  /** How long panes are kept behind the frontier: the longest window made of them. */
  readonly keepMillis: number;
}

export const minuteMillis = 60_000;
export const hourMillis = 3_600_000;
export const dayMillis = 86_400_000;

/** The step by which a window of this length slides: minutes to 2 h, hours below 2 d, days from there on. */
export function stepOf(windowMillis: number): number {
  if (windowMillis <= 2 * hourMillis) return minuteMillis;
  return windowMillis < 2 * dayMillis ? hourMillis : dayMillis;
}

/** The resolutions that these windows need; the finest is always first. */
export function rungsFor(windowsMillis: readonly number[]): Rung[] {
  return [minuteMillis, hourMillis, dayMillis].map((paneMillis) => {
    const lengths = windowsMillis.filter((length) => stepOf(length) === paneMillis);
    // One step more than the window, so that the pane being filled does not push out the oldest that is needed.
    return { paneMillis, keepMillis: lengths.length === 0 ? 0 : Math.max(...lengths) + paneMillis };
  });
}

/** The end of the newest window of this length at a frontier. */
export function windowEnd(frontierMillis: number, windowMillis: number): number {
  const step = stepOf(windowMillis);
  return Math.floor(frontierMillis / step) * step;
}

interface KeptRung<Pane> {
  readonly rung: Rung;
  /** By start. */
  readonly panes: Map<number, Pane>;
  /** The pane that was begun last: it still grows. */
  growing: Pane | null;
}

export class PaneLadder<Pane> {
  readonly #monoid: Monoid<Pane>;
  #rungs: readonly KeptRung<Pane>[] = [];

  constructor(monoid: Monoid<Pane>, rungs: readonly Rung[]) {
    this.#monoid = monoid;
    this.adapt(rungs);
  }

  /** Keeps panes of these resolutions from now on: those it has, and of one that is new the sums of the next finer one. */
  adapt(rungs: readonly Rung[]): void {
    const before = new Map(this.#rungs.map(({ rung, panes }) => [rung.paneMillis, panes]));
    this.#take(rungs, before);
  }

  #take(rungs: readonly Rung[], before: ReadonlyMap<number, Map<number, Pane>>): void {
    this.#rungs = rungs
      .filter((rung) => rung.keepMillis > 0)
      .map((rung) => {
        const panes = before.get(rung.paneMillis) ?? this.#rollUp(rung.paneMillis, before);
        return { rung, panes, growing: null };
      });
  }

  #rollUp(paneMillis: number, before: ReadonlyMap<number, ReadonlyMap<number, Pane>>): Map<number, Pane> {
    const finer = Math.max(...[...before.keys()].filter((other) => other < paneMillis));
    const panes = new Map<number, Pane>();
    for (const [start, pane] of before.get(finer) ?? []) this.#addTo(panes, paneMillis, start, pane);
    return panes;
  }

  /** Adds a closed pane of the finest resolution to every resolution that is kept. The pane is the ladder's from then on. */
  add(startMillis: number, pane: Pane): void {
    for (const kept of this.#rungs) {
      const { rung, panes } = kept;
      if (rung.paneMillis > minuteMillis || panes.has(startMillis)) this.#grow(kept, startMillis, pane);
      else panes.set(startMillis, pane);
    }
  }

  #grow(kept: KeptRung<Pane>, startMillis: number, pane: Pane): void {
    const sum = this.#addTo(kept.panes, kept.rung.paneMillis, startMillis, pane);
    if (sum === kept.growing) return;
    if (kept.growing !== null) this.#monoid.compact(kept.growing);
    kept.growing = sum;
  }

  #addTo(panes: Map<number, Pane>, paneMillis: number, startMillis: number, pane: Pane): Pane {
    const start = Math.floor(startMillis / paneMillis) * paneMillis;
    let sum = panes.get(start);
    if (sum === undefined) {
      sum = this.#monoid.zero();
      panes.set(start, sum);
    }
    this.#monoid.merge(sum, pane);
    return sum;
  }

  /** The sum of the panes in [end - length, end); `end` is a multiple of the length's step. */
  window(endMillis: number, lengthMillis: number): Pane {
    const step = stepOf(lengthMillis);
    const sum = this.#monoid.zero();
    const level = this.#rungs.find(({ rung }) => rung.paneMillis === step);
    if (level === undefined) throw new Error(`no panes are kept for windows of ${lengthMillis} ms`);
    for (let start = endMillis - lengthMillis; start < endMillis; start += step) {
      const pane = level.panes.get(start);
      if (pane !== undefined) this.#monoid.merge(sum, pane);
    }
    return sum;
  }

  /** The resolutions that are kept, the finest first. */
  get rungs(): Rung[] {
    return this.#rungs.map(({ rung }) => rung);
  }

  /** The panes of one resolution that start in [from, to), in no order; none where it is not kept. */
  *between(paneMillis: number, fromMillis: number, toMillis: number): Iterable<readonly [startMillis: number, pane: Pane]> {
    const level = this.#rungs.find(({ rung }) => rung.paneMillis === paneMillis);
    for (const entry of level?.panes ?? []) if (entry[0] >= fromMillis && entry[0] < toMillis) yield entry;
  }

  /** Drops panes that no window at or after this frontier can reach. */
  expire(frontierMillis: number): void {
    for (const { rung, panes } of this.#rungs) {
      for (const start of panes.keys()) {
        if (start + rung.paneMillis <= frontierMillis - rung.keepMillis) panes.delete(start);
      }
    }
  }

  get empty(): boolean {
    return this.#rungs.every(({ panes }) => panes.size === 0);
  }

  /** Every pane of every resolution, for a change of what panes look like. */
  *panes(): Iterable<Pane> {
    for (const { panes } of this.#rungs) yield* panes.values();
  }

  encode(writer: Writer): void {
    writer.unsigned(this.#rungs.length);
    for (const { rung, panes } of this.#rungs) {
      writer.unsigned(rung.paneMillis);
      const sorted = [...panes].sort(([a], [b]) => a - b);
      writeAll(writer, sorted, ([start, pane]) => {
        writer.integer(start);
        this.#monoid.encode(pane, writer);
      });
    }
  }

  /** Takes what `encode` wrote, under whatever resolutions that was. */
  decode(reader: Reader): void {
    const before = new Map(readAll(reader, () => [reader.unsigned(), this.#decodePanes(reader)] as const));
    this.#take(
      this.#rungs.map(({ rung }) => rung),
      before,
    );
  }

  #decodePanes(reader: Reader): Map<number, Pane> {
    return new Map(readAll(reader, () => [reader.integer(), this.#monoid.decode(reader)] as const));
  }
}
