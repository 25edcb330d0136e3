// Panes of one resolution, packed. They are made of finer ones when they are over, where those are kept for as long; else they
// grow with every pane that is added.
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { finish } from "./finish.ts";
import type { Monoid } from "./monoid.ts";
import { minuteMillis, paneStart, type Rung } from "./resolution.ts";

/** By start. */
export type PackedPanes = ReadonlyMap<number, Uint8Array>;

export class PaneSeries<Pane> {
  readonly rung: Rung;
  readonly #monoid: Monoid<Pane>;
  /** Of whose panes these are sums; null where they grow. */
  readonly #finer: PaneSeries<Pane> | null;
  /** All but the one that grows. */
  readonly #packed: Map<number, Uint8Array>;
  /** The pane that was added to last. */
  #growing: { readonly start: number; readonly pane: Pane } | null = null;
  /** Panes that end by then have been made. */
  #madeThrough = Number.NEGATIVE_INFINITY;

  /** @param finer kept for as long as one of these panes is wide; null: there is none such */
  constructor(monoid: Monoid<Pane>, rung: Rung, packed: PackedPanes, finer: PaneSeries<Pane> | null) {
    this.#monoid = monoid;
    this.rung = rung;
    this.#packed = new Map(packed);
    this.#finer = finer;
  }

  /** Adds a closed pane of the finest resolution. @returns start of the pane of this resolution that it belongs to */
  add(startMillis: number, pane: Pane): number {
    const { paneMillis } = this.rung;
    const start = paneStart(startMillis, paneMillis);
    if (this.#isStored(start) || this.#isMade(start)) this.#grow(start, pane);
    else if (this.#finer !== null) return start;
    else if (paneMillis > minuteMillis) this.#grow(start, pane);
    else this.#packed.set(start, this.#monoid.pack(pane));
    return start;
  }

  #isStored(start: number): boolean {
    return this.#growing?.start === start || this.#packed.has(start);
  }

  /** Whether what starts there is not made of finer panes any more. */
  #isMade(start: number): boolean {
    return start + this.rung.paneMillis <= this.#madeThrough;
  }

  #grow(start: number, pane: Pane): void {
    if (this.#growing?.start !== start) {
      this.#seal();
      const packed = this.#packed.get(start);
      this.#packed.delete(start);
      this.#growing = { start, pane: packed === undefined ? this.#monoid.zero() : unpack(this.#monoid, packed) };
    }
    this.#monoid.merge(this.#growing.pane, pane);
  }

  #seal(): void {
    if (this.#growing !== null) this.#packed.set(this.#growing.start, this.#monoid.pack(this.#growing.pane));
    this.#growing = null;
  }

  /** Makes the panes that are over at a frontier, a finer pane at a time. */
  *making(frontierMillis: number): Generator<void> {
    const { paneMillis } = this.rung;
    const through = paneStart(frontierMillis, paneMillis);
    if (through <= this.#madeThrough) return;
    if (this.#growing !== null && this.#growing.start < through) this.#seal();
    if (this.#finer === null) return;
    for (const start of new Set(this.#finer.#starts().map((finer) => paneStart(finer, paneMillis)))) {
      if (start >= through || this.#isStored(start)) continue;
      const sum = yield* this.#sumOfFiner(start);
      if (sum !== null) this.#packed.set(start, sum);
    }
    this.#madeThrough = through;
  }

  #starts(): number[] {
    return this.#growing === null ? [...this.#packed.keys()] : [...this.#packed.keys(), this.#growing.start];
  }

  /** Null where there is nothing. */
  *#sumOfFiner(start: number): Generator<void, Uint8Array | null> {
    const sum = this.#monoid.zero();
    let filled = false;
    for (const packed of this.#finer?.inside(start, start + this.rung.paneMillis) ?? []) {
      this.#monoid.combine(sum, packed, 1);
      this.#monoid.gather(sum, packed);
      filled = true;
      yield;
    }
    return filled ? this.#monoid.pack(sum) : null;
  }

  /** Whether a pane that starts there has something. */
  has(start: number): boolean {
    if (this.#isStored(start)) return true;
    if (this.#finer === null || this.#isMade(start)) return false;
    const { paneMillis } = this.#finer.rung;
    for (let at = start; at < start + this.rung.paneMillis; at += paneMillis) if (this.#finer.has(at)) return true;
    return false;
  }

  at(start: number): Uint8Array | undefined {
    if (this.#growing?.start === start) return this.#monoid.pack(this.#growing.pane);
    const packed = this.#packed.get(start);
    if (packed !== undefined || this.#finer === null || this.#isMade(start)) return packed;
    return finish(this.#sumOfFiner(start)) ?? undefined;
  }

  /** The panes that start in [from, to), in order. */
  *inside(from: number, to: number): Iterable<Uint8Array> {
    for (let start = from; start < to; start += this.rung.paneMillis) {
      const packed = this.at(start);
      if (packed !== undefined) yield packed;
    }
  }

  /** All but those that finer ones are not yet made into. */
  panes(): PackedPanes {
    if (this.#growing === null) return this.#packed;
    return new Map(this.#packed).set(this.#growing.start, this.#monoid.pack(this.#growing.pane));
  }

  /** Whether windows at or after this frontier cannot reach what starts there. */
  isGone(start: number, frontierMillis: number): boolean {
    const { paneMillis, keepMillis } = this.rung;
    return start + paneMillis <= frontierMillis - keepMillis;
  }

  expire(frontierMillis: number): void {
    for (const start of this.#packed.keys()) if (this.isGone(start, frontierMillis)) this.#packed.delete(start);
    if (this.#growing !== null && this.isGone(this.#growing.start, frontierMillis)) this.#growing = null;
  }

  get size(): number {
    return this.#packed.size + (this.#growing === null ? 0 : 1);
  }

  encode(writer: Writer): void {
    writer.unsigned(this.rung.paneMillis);
    const sorted = [...this.panes()].sort(([a], [b]) => a - b);
    writeAll(writer, sorted, ([start, packed]) => {
      writer.integer(start);
      this.#monoid.encode(packed, writer);
    });
  }
}

/** What `PaneSeries.encode` wrote. */
export function readPanes<Pane>(reader: Reader, monoid: Monoid<Pane>): readonly [paneMillis: number, panes: PackedPanes] {
  const paneMillis = reader.unsigned();
  return [paneMillis, new Map(readAll(reader, () => [reader.integer(), monoid.decode(reader)] as const))];
}

export function unpack<Pane>(monoid: Monoid<Pane>, packed: Uint8Array): Pane {
  const pane = monoid.zero();
  monoid.combine(pane, packed, 1);
  monoid.gather(pane, packed);
  return pane;
}
