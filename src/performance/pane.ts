// What a pane keeps of how well a model does: sums in parts, each with a name that says what it is about. Panes add by adding parts
// of one name, so nothing has to be agreed upon before events come; parts that nobody asks for any more are just not read.
import { Reader, readAll, Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { SumTable } from "../primitive/sum-table.ts";
import type { Monoid } from "../window/monoid.ts";

export type PerformancePane = Map<string, SumTable>;

/** The part of a name, new if need be. */
export function partOf(pane: PerformancePane, name: string): SumTable {
  let part = pane.get(name);
  if (part === undefined) {
    part = new SumTable();
    pane.set(name, part);
  }
  return part;
}

export function mergePanes(into: PerformancePane, from: PerformancePane): void {
  for (const [name, part] of from) {
    const own = into.get(name);
    if (own === undefined) into.set(name, part.copy());
    else own.addAll(part);
  }
}

const packing = new Writer();

/** Equal sums are equal bytes. */
export function packPane(pane: PerformancePane): Uint8Array {
  packing.clear();
  const sorted = [...pane].filter(([, part]) => !part.isZero).sort(([one], [other]) => compareText(one, other));
  writeAll(packing, sorted, ([name, part]) => {
    packing.text(name);
    part.encode(packing);
  });
  return packing.bytes().slice();
}

export const performanceMonoid: Monoid<PerformancePane> = {
  zero: () => new Map(),
  merge: mergePanes,
  pack: packPane,
  combine: combinePacked,
  gather: () => undefined,
  copySums: (pane) => new Map([...pane].map(([name, part]) => [name, part.copy()])),
  encode: (packed, writer) => writer.blob(packed),
  decode: (reader) => reader.blob().slice(),
};

function combinePacked(into: PerformancePane, packed: Uint8Array, sign: 1 | -1): void {
  const reader = new Reader(packed);
  readAll(reader, () => {
    partOf(into, reader.text()).combine(reader, sign);
  });
}
