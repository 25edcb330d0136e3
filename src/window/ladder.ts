// Panes of one kind of state at several resolutions, aligned to the epoch: the finest are added when they close, the
// coarser are sums of them, a window is a sum of panes of one resolution. Knows no statistics.
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";

/**
 * What a pane must be able to do: add up, and be packed into bytes. What it holds is of two kinds: sums, which can be taken
 * away again from what they were added to, and all else, of which windows are gathered anew.
 */
export interface Monoid<Pane> {
  zero(): Pane;
  merge(into: Pane, from: Pane): void;
  pack(pane: Pane): Uint8Array;
  /** Adds the sums of a packed pane to a pane, or with the sign -1 takes them away: without a trace, to the last bit. */
  combine(into: Pane, packed: Uint8Array, sign: 1 | -1): void;
  /** Adds all else that a packed pane holds. Those of a window are added in the order of their starts. */
  gather(into: Pane, packed: Uint8Array): void;
  /** A pane of the same sums, and nothing else. */
  copySums(pane: Pane): Pane;
  /** Writes a packed pane so that equal panes are equal bytes, whatever came before. */
  encode(packed: Uint8Array, writer: Writer): void;
  decode(reader: Reader): Uint8Array;
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
  /** By start, packed; but for the one that grows. */
  readonly panes: Map<number, Uint8Array>;
  /** The pane that was begun last, of a resolution in which several add up to one. */
  growing: { readonly start: number; readonly pane: Pane } | null;
}

/** The newest window of a length: it slides on by what enters and what leaves it. */
interface Running<Pane> {
  readonly end: number;
  readonly sum: Pane;
}

export class PaneLadder<Pane> {
  readonly #monoid: Monoid<Pane>;
  #rungs: readonly KeptRung<Pane>[] = [];
  /** By length. Follows from the panes: it is no part of what is encoded. */
  readonly #running = new Map<number, Running<Pane>>();

  constructor(monoid: Monoid<Pane>, rungs: readonly Rung[]) {
    this.#monoid = monoid;
    this.adapt(rungs);
  }

  /** Keeps panes of these resolutions from now on: those it has, and of one that is new the sums of the next finer one. */
  adapt(rungs: readonly Rung[]): void {
    this.#take(rungs, new Map(this.#rungs.map((kept) => [kept.rung.paneMillis, this.#packedPanes(kept)])));
  }

  #take(rungs: readonly Rung[], before: ReadonlyMap<number, Map<number, Uint8Array>>): void {
    this.#running.clear();
    this.#rungs = rungs
      .filter((rung) => rung.keepMillis > 0)
      .map((rung) => {
        const panes = before.get(rung.paneMillis) ?? this.#rollUp(rung.paneMillis, before);
        return { rung, panes, growing: null };
      });
  }

  #rollUp(paneMillis: number, before: ReadonlyMap<number, ReadonlyMap<number, Uint8Array>>): Map<number, Uint8Array> {
    const finer = Math.max(...[...before.keys()].filter((other) => other < paneMillis));
    const sums = new Map<number, Pane>();
    for (const [start, packed] of before.get(finer) ?? []) {
      const coarse = Math.floor(start / paneMillis) * paneMillis;
      const sum = sums.get(coarse) ?? this.#monoid.zero();
      this.#monoid.merge(sum, this.#unpack(packed));
      sums.set(coarse, sum);
    }
    return new Map([...sums].map(([start, sum]) => [start, this.#monoid.pack(sum)]));
  }

  #unpack(packed: Uint8Array): Pane {
    const pane = this.#monoid.zero();
    this.#monoid.combine(pane, packed, 1);
    this.#monoid.gather(pane, packed);
    return pane;
  }

  /** Adds a closed pane of the finest resolution to every resolution that is kept. */
  add(startMillis: number, pane: Pane): void {
    for (const kept of this.#rungs) {
      const { paneMillis } = kept.rung;
      const start = Math.floor(startMillis / paneMillis) * paneMillis;
      this.#forget((end, length) => stepOf(length) === paneMillis && start < end && start >= end - length);
      const begun = kept.growing?.start === start || kept.panes.has(start);
      if (paneMillis > minuteMillis || begun) this.#grow(kept, start, pane);
      else kept.panes.set(start, this.#monoid.pack(pane));
    }
  }

  #grow(kept: KeptRung<Pane>, start: number, pane: Pane): void {
    if (kept.growing?.start !== start) {
      this.#settle(kept);
      const packed = kept.panes.get(start);
      kept.panes.delete(start);
      kept.growing = { start, pane: packed === undefined ? this.#monoid.zero() : this.#unpack(packed) };
    }
    this.#monoid.merge(kept.growing.pane, pane);
  }

  /** Whether panes are kept for windows of this length. */
  keeps(lengthMillis: number): boolean {
    const step = stepOf(lengthMillis);
    return this.#rungs.some(({ rung }) => rung.paneMillis === step && rung.keepMillis >= lengthMillis + step);
  }

  /** Packs the pane that was growing. */
  #settle(kept: KeptRung<Pane>): void {
    if (kept.growing !== null) kept.panes.set(kept.growing.start, this.#monoid.pack(kept.growing.pane));
    kept.growing = null;
  }

  /** Drops running windows: what they are the sum of is not what there is any more. */
  #forget(which: (endMillis: number, lengthMillis: number) => boolean): void {
    for (const [length, { end }] of this.#running) if (which(end, length)) this.#running.delete(length);
  }

  /**
   * The sum of the panes in [end - length, end); `end` is a multiple of the length's step. It is not to be changed: the next
   * window begins with it.
   */
  window(endMillis: number, lengthMillis: number): Pane {
    const step = stepOf(lengthMillis);
    const level = this.#rungs.find(({ rung }) => rung.paneMillis === step);
    if (level === undefined) throw new Error(`no panes are kept for windows of ${lengthMillis} ms`);
    const running = this.#running.get(lengthMillis);
    if (running?.end === endMillis) return running.sum;
    const sum = this.#slide(level, running, endMillis, lengthMillis);
    for (let start = endMillis - lengthMillis; start < endMillis; start += step) {
      const packed = this.#packedAt(level, start);
      if (packed !== undefined) this.#monoid.gather(sum, packed);
    }
    this.#running.set(lengthMillis, { end: endMillis, sum });
    return sum;
  }

  /** How many panes of a window have something: of those that it is the sum of, end and length as of `window`. */
  filled(endMillis: number, lengthMillis: number): number {
    const step = stepOf(lengthMillis);
    const level = this.#rungs.find(({ rung }) => rung.paneMillis === step);
    let filled = 0;
    for (let start = endMillis - lengthMillis; start < endMillis; start += step) {
      if (level?.panes.has(start) || level?.growing?.start === start) filled += 1;
    }
    return filled;
  }

  /** The resolutions that are kept, the finest first. */
  get rungs(): Rung[] {
    return this.#rungs.map(({ rung }) => rung);
  }

  /** The panes of one resolution that start in [from, to), in order; none where it is not kept. */
  *between(paneMillis: number, fromMillis: number, toMillis: number): Iterable<readonly [startMillis: number, pane: Pane]> {
    const level = this.#rungs.find(({ rung }) => rung.paneMillis === paneMillis);
    const first = Math.ceil(fromMillis / paneMillis) * paneMillis;
    for (let start = first; level !== undefined && start < toMillis; start += paneMillis) {
      const packed = this.#packedAt(level, start);
      if (packed !== undefined) yield [start, this.#unpack(packed)];
    }
  }

  /** The sums of a window: those of the one before it, without what has left it and with what has entered it. */
  #slide(level: KeptRung<Pane>, before: Running<Pane> | undefined, end: number, length: number): Pane {
    if (before === undefined || end < before.end || end - before.end >= length) {
      const sum = this.#monoid.zero();
      this.#combineAll(sum, level, end - length, end, 1);
      return sum;
    }
    const sum = this.#monoid.copySums(before.sum);
    this.#combineAll(sum, level, before.end, end, 1);
    this.#combineAll(sum, level, before.end - length, end - length, -1);
    return sum;
  }

  #combineAll(sum: Pane, level: KeptRung<Pane>, from: number, to: number, sign: 1 | -1): void {
    for (let start = from; start < to; start += level.rung.paneMillis) {
      const packed = this.#packedAt(level, start);
      if (packed !== undefined) this.#monoid.combine(sum, packed, sign);
    }
  }

  #packedAt({ panes, growing }: KeptRung<Pane>, start: number): Uint8Array | undefined {
    return growing?.start === start ? this.#monoid.pack(growing.pane) : panes.get(start);
  }

  /** Drops panes that no window at or after this frontier can reach. */
  expire(frontierMillis: number): void {
    for (const kept of this.#rungs) {
      const { paneMillis, keepMillis } = kept.rung;
      const gone = (start: number): boolean => start + paneMillis <= frontierMillis - keepMillis;
      for (const start of kept.panes.keys()) if (gone(start)) kept.panes.delete(start);
      if (kept.growing !== null && gone(kept.growing.start)) kept.growing = null;
      this.#forget((end, length) => stepOf(length) === paneMillis && gone(end - length));
    }
  }

  get empty(): boolean {
    return this.size === 0;
  }

  /** The number of panes, of all resolutions. */
  get size(): number {
    return this.#rungs.reduce((sum, { panes, growing }) => sum + panes.size + (growing === null ? 0 : 1), 0);
  }

  /** Changes every pane of every resolution. */
  convert(change: (pane: Pane) => void): void {
    this.#running.clear();
    for (const { panes, growing } of this.#rungs) {
      if (growing !== null) change(growing.pane);
      for (const [start, packed] of panes) {
        const pane = this.#unpack(packed);
        change(pane);
        panes.set(start, this.#monoid.pack(pane));
      }
    }
  }

  #packedPanes(kept: KeptRung<Pane>): Map<number, Uint8Array> {
    const { panes, growing } = kept;
    return growing === null ? panes : new Map(panes).set(growing.start, this.#monoid.pack(growing.pane));
  }

  encode(writer: Writer): void {
    writer.unsigned(this.#rungs.length);
    for (const kept of this.#rungs) {
      writer.unsigned(kept.rung.paneMillis);
      const sorted = [...this.#packedPanes(kept)].sort(([a], [b]) => a - b);
      writeAll(writer, sorted, ([start, packed]) => {
        writer.integer(start);
        this.#monoid.encode(packed, writer);
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

  #decodePanes(reader: Reader): Map<number, Uint8Array> {
    return new Map(readAll(reader, () => [reader.integer(), this.#monoid.decode(reader)] as const));
  }
}
