// Panes of one resolution, packed but for the one that grows.
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import type { Monoid } from "./monoid.ts";
import { minuteMillis, type Rung } from "./resolution.ts";

/** By start. */
export type PackedPanes = ReadonlyMap<number, Uint8Array>;

export class PaneSeries<Pane> {
  readonly rung: Rung;
  readonly #monoid: Monoid<Pane>;
  /** All but the one that grows. */
  readonly #packed: Map<number, Uint8Array>;
  /** The pane that was begun last, of a resolution in which several add up to one. */
  #growing: { readonly start: number; readonly pane: Pane } | null = null;

  constructor(monoid: Monoid<Pane>, rung: Rung, packed: PackedPanes) {
    this.#monoid = monoid;
    this.rung = rung;
    this.#packed = new Map(packed);
  }

  /** Adds a closed pane of the finest resolution. @returns start of the pane of this resolution that it belongs to */
  add(startMillis: number, pane: Pane): number {
    const { paneMillis } = this.rung;
    const start = Math.floor(startMillis / paneMillis) * paneMillis;
    if (paneMillis > minuteMillis || this.has(start)) this.#grow(start, pane);
    else this.#packed.set(start, this.#monoid.pack(pane));
    return start;
  }

  #grow(start: number, pane: Pane): void {
    if (this.#growing?.start !== start) {
      if (this.#growing !== null) this.#packed.set(this.#growing.start, this.#monoid.pack(this.#growing.pane));
      const packed = this.#packed.get(start);
      this.#packed.delete(start);
      this.#growing = { start, pane: packed === undefined ? this.#monoid.zero() : unpack(this.#monoid, packed) };
    }
    this.#monoid.merge(this.#growing.pane, pane);
  }

  /** Whether a pane that starts there has something. */
  has(start: number): boolean {
    return this.#growing?.start === start || this.#packed.has(start);
  }

  at(start: number): Uint8Array | undefined {
    return this.#growing?.start === start ? this.#monoid.pack(this.#growing.pane) : this.#packed.get(start);
  }

  /** All of them. */
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
