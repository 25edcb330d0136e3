// Panes of one kind of state at several resolutions, aligned to the epoch: the finest are added when they close, the
// coarser are sums of them, a window is a sum of panes of one resolution. Knows no statistics.
import { type Reader, readAll, type Writer } from "../primitive/bytes.ts";
import { finish } from "./finish.ts";
import type { Monoid } from "./monoid.ts";
import { type PackedPanes, PaneSeries, readPanes, unpack } from "./pane-series.ts";
import { minuteMillis, paneStart, type Rung, stepOf } from "./resolution.ts";

/** The newest window of a length: it slides on by what enters and what leaves it. */
interface Running<Pane> {
  readonly end: number;
  readonly sum: Pane;
}

/** By width of panes. */
type PanesByWidth = ReadonlyMap<number, PackedPanes>;

export class PaneLadder<Pane> {
  readonly #monoid: Monoid<Pane>;
  /** The finest resolution first. */
  #series: readonly PaneSeries<Pane>[] = [];
  /** By length. Follows from the panes: it is no part of what is encoded. */
  readonly #running = new Map<number, Running<Pane>>();
  /** Counts what changes panes: a window that was begun before is not to be kept. */
  #changes = 0;

  constructor(monoid: Monoid<Pane>, rungs: readonly Rung[]) {
    this.#monoid = monoid;
    this.adapt(rungs);
  }

  /** Keeps panes of these resolutions from now on: those it has, and of one that is new the sums of the next finer one. */
  adapt(rungs: readonly Rung[]): void {
    this.#take(rungs, new Map(this.#series.map((series) => [series.rung.paneMillis, series.panes()])));
  }

  #take(rungs: readonly Rung[], before: PanesByWidth): void {
    this.#changes += 1;
    this.#running.clear();
    const series: PaneSeries<Pane>[] = [];
    for (const rung of rungs) {
      if (rung.keepMillis === 0) continue;
      const below = series.at(-1);
      const finer = below !== undefined && reaches(below.rung, rung) ? below : null;
      const panes = finer === null ? this.#completed(rung.paneMillis, before) : (before.get(rung.paneMillis) ?? []);
      series.push(new PaneSeries(this.#monoid, rung, new Map(panes), finer));
    }
    this.#series = series;
  }

  /** Panes of a width, and where there are none the sums of those that are finer. */
  #completed(paneMillis: number, before: PanesByWidth): PackedPanes {
    const own = new Map(before.get(paneMillis));
    const finer = [...before.keys()].filter((other) => other < paneMillis);
    if (finer.length === 0) return own;
    const sums = new Map<number, Pane>();
    for (const [start, packed] of this.#completed(Math.max(...finer), before)) {
      const coarse = paneStart(start, paneMillis);
      if (own.has(coarse)) continue;
      const sum = sums.get(coarse) ?? this.#monoid.zero();
      this.#monoid.merge(sum, unpack(this.#monoid, packed));
      sums.set(coarse, sum);
    }
    for (const [start, sum] of sums) own.set(start, this.#monoid.pack(sum));
    return own;
  }

  /** Adds a closed pane of a minute to every resolution that is kept. */
  add(startMillis: number, pane: Pane): void {
    finish(this.adding(startMillis, pane));
  }

  /** As `add`, in parts: a pane that is over with this minute is made of many. */
  *adding(startMillis: number, pane: Pane): Generator<void> {
    this.#changes += 1;
    for (const series of this.#series) {
      const start = series.add(startMillis, pane);
      this.#forget(series, (end, length) => start < end && start >= end - length);
    }
    for (const series of this.#series) yield* series.making(startMillis + minuteMillis);
  }

  /** Whether panes are kept for windows of this length. */
  keeps(lengthMillis: number): boolean {
    const keepMillis = this.#seriesFor(lengthMillis)?.rung.keepMillis ?? 0;
    return keepMillis >= lengthMillis + stepOf(lengthMillis);
  }

  /** Of which windows of this length consist. */
  #seriesFor(lengthMillis: number): PaneSeries<Pane> | undefined {
    return this.#seriesOf(stepOf(lengthMillis));
  }

  #seriesOf(paneMillis: number): PaneSeries<Pane> | undefined {
    return this.#series.find(({ rung }) => rung.paneMillis === paneMillis);
  }

  /** Drops running windows of these panes: what they are the sum of is not what there is any more. */
  #forget({ rung }: PaneSeries<Pane>, which: (endMillis: number, lengthMillis: number) => boolean): void {
    for (const [length, { end }] of this.#running) {
      if (stepOf(length) === rung.paneMillis && which(end, length)) this.#running.delete(length);
    }
  }

  /**
   * The sum of the panes in [end - length, end); `end` is a multiple of the length's step. It is not to be changed: the next
   * window begins with it.
   */
  window(endMillis: number, lengthMillis: number): Pane {
    return finish(this.windowInParts(endMillis, lengthMillis));
  }

  /** As `window`, a pane at a time: one that does not begin with the window before it takes a while. */
  *windowInParts(endMillis: number, lengthMillis: number): Generator<void, Pane> {
    const series = this.#seriesFor(lengthMillis);
    if (series === undefined) throw new Error(`no panes are kept for windows of ${lengthMillis} ms`);
    const running = this.#running.get(lengthMillis);
    if (running?.end === endMillis) return running.sum;
    const changes = this.#changes;
    let sum = yield* this.#slide(series, running, endMillis, lengthMillis);
    // Others may have added panes meanwhile.
    if (this.#changes !== changes) return this.window(endMillis, lengthMillis);
    for (const packed of series.inside(endMillis - lengthMillis, endMillis)) this.#monoid.gather(sum, packed);
    if (stepOf(lengthMillis) > minuteMillis) sum = this.#monoid.atRest?.(sum) ?? sum;
    this.#running.set(lengthMillis, { end: endMillis, sum });
    return sum;
  }

  /** How many panes of a window have something: of those that it is the sum of, end and length as of `window`. */
  filled(endMillis: number, lengthMillis: number): number {
    const step = stepOf(lengthMillis);
    const series = this.#seriesFor(lengthMillis);
    let filled = 0;
    for (let start = endMillis - lengthMillis; start < endMillis; start += step) if (series?.has(start)) filled += 1;
    return filled;
  }

  /** The resolutions that are kept, the finest first. */
  get rungs(): Rung[] {
    return this.#series.map(({ rung }) => rung);
  }

  /** The panes of one resolution that start in [from, to), in order; none where it is not kept. */
  *between(paneMillis: number, fromMillis: number, toMillis: number): Iterable<readonly [startMillis: number, pane: Pane]> {
    const series = this.#seriesOf(paneMillis);
    const first = Math.ceil(fromMillis / paneMillis) * paneMillis;
    for (let start = first; series !== undefined && start < toMillis; start += paneMillis) {
      const packed = series.at(start);
      if (packed !== undefined) yield [start, unpack(this.#monoid, packed)];
    }
  }

  /** The sums of a window: those of the one before it, without what has left it and with what has entered it. */
  *#slide(series: PaneSeries<Pane>, before: Running<Pane> | undefined, end: number, length: number): Generator<void, Pane> {
    if (before === undefined || end < before.end || end - before.end >= length) {
      const sum = this.#monoid.zero();
      yield* this.#combineAll(sum, series, end - length, end, 1);
      return sum;
    }
    const sum = this.#monoid.copySums(before.sum);
    yield* this.#combineAll(sum, series, before.end, end, 1);
    yield* this.#combineAll(sum, series, before.end - length, end - length, -1);
    return sum;
  }

  *#combineAll(sum: Pane, series: PaneSeries<Pane>, from: number, to: number, sign: 1 | -1): Generator<void> {
    for (const packed of series.inside(from, to)) {
      this.#monoid.combine(sum, packed, sign);
      yield;
    }
  }

  /** Drops panes that no window at or after this frontier can reach. */
  expire(frontierMillis: number): void {
    this.#changes += 1;
    for (const series of this.#series) finish(series.making(frontierMillis));
    for (const series of this.#series) {
      series.expire(frontierMillis);
      this.#forget(series, (end, length) => series.isGone(end - length, frontierMillis));
    }
  }

  get empty(): boolean {
    return this.size === 0;
  }

  /** The number of panes, of all resolutions. */
  get size(): number {
    return this.#series.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * What every pane of every resolution becomes, in parts; they are as they were until `replace`.
   * @param change brings a pane into another form, in parts
   */
  *converted(change: (pane: Pane) => Iterable<void>): Generator<void, PanesByWidth> {
    const all = new Map<number, PackedPanes>();
    for (const series of this.#series) {
      const changed = new Map<number, Uint8Array>();
      for (const [start, packed] of series.panes()) {
        const pane = unpack(this.#monoid, packed);
        yield* change(pane);
        changed.set(start, this.#monoid.pack(pane));
        yield;
      }
      all.set(series.rung.paneMillis, changed);
    }
    return all;
  }

  /** Takes what all panes have become. */
  replace(panes: PanesByWidth): void {
    this.#take(this.rungs, panes);
  }

  encode(writer: Writer): void {
    writer.unsigned(this.#series.length);
    for (const series of this.#series) series.encode(writer);
  }

  /** Takes what `encode` wrote, under whatever resolutions that was. */
  decode(reader: Reader): void {
    this.#take(this.rungs, new Map(readAll(reader, () => readPanes(reader, this.#monoid))));
  }
}

/** Whether all panes of a finer resolution are still there when one of a coarser is over. */
function reaches(finer: Rung, coarser: Rung): boolean {
  return finer.keepMillis >= coarser.paneMillis + finer.paneMillis;
}

export * from "./resolution.ts";
