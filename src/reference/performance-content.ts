// How well a model did in its reference, as plain values in the order in which the file has them: parts by what they are about, with
// every sum under its name.
import type { Layout, ListLayout } from "../performance/layout.ts";
import type { PerformancePane } from "../performance/pane.ts";
import { type PartKind, partKinds } from "../performance/part-kinds.ts";
import { compareText } from "../primitive/dictionary.ts";
import { exactDigits, exactSum, exactWidth } from "../primitive/exact-sum.ts";
import type { SumTable } from "../primitive/sum-table.ts";
import { onOneLine } from "./file-layout.ts";

/** @throws where the pane has a part that files have no name for */
export function performanceContent(pane: PerformancePane): object {
  const kinds = new Map(partKinds.map((kind) => [kind, [] as object[]]));
  for (const [name, part] of [...pane].sort(([one], [other]) => compareText(one, other))) {
    if (part.isZero) continue;
    const kind = partKinds.find(({ fieldsOf }) => fieldsOf(name) !== null);
    if (kind === undefined) throw new Error(`part ${name} of performance has no place in a file`);
    kinds.get(kind)?.push(partOf(kind, name, part));
  }
  const found = [...kinds].filter(([, parts]) => parts.length > 0);
  return Object.fromEntries(found.map(([kind, parts]) => [kind.called, isSingle(kind) ? parts[0] : parts]));
}

/** Whether there is one part of the kind at most. */
export function isSingle({ fields }: PartKind): boolean {
  return Object.keys(fields).length === 0;
}

function partOf({ fields, fieldsOf, layout }: PartKind, name: string, part: SumTable): object {
  const values = fieldsOf(name) ?? [];
  const about = Object.keys(fields).map((field, index) => [field, values[index]] as const);
  const sums = { ...Object.fromEntries(about), ...sumsOf(part, layout) };
  const isShort = Object.keys({ ...layout.exact, ...layout.lists }).length === 0;
  return isShort ? (onOneLine(sums) as object) : sums;
}

function sumsOf(part: SumTable, { amounts, exact, lists }: Layout): object {
  return {
    ...mapped(amounts, (at) => part.at(at)),
    ...mapped(exact, (base) => onOneLine(exactOf(part, base))),
    ...mapped(lists, (list) => ({ columns: columnsOf(list), rows: rowsOf(part, list) })),
  };
}

/** A sum, to the nearest double, and what it is exactly. One beyond all doubles is null. */
function exactOf(part: SumTable, base: number): object {
  const sum = exactSum(part, base);
  return { sum: Number.isFinite(sum) ? sum : null, ...exactDigits(part, base) };
}

/** What stands in a row, the name of its place first. */
export function columnsOf({ called, amounts, exact }: ListLayout): string[] {
  return [called, ...Object.keys(amounts), ...Object.keys(exact)];
}

function rowsOf(part: SumTable, list: ListLayout): unknown[] {
  const rows: unknown[] = [];
  for (const place of placesOf(part, list)) {
    const amounts = Object.values(list.amounts).map((base) => part.at(base + place));
    const exact = Object.values(list.exact).map((base) => exactOf(part, base + place * exactWidth));
    rows.push(onOneLine([list.nameOf(place), ...amounts, ...exact]));
  }
  return rows;
}

/** Places that have anything, ascending. */
function placesOf(part: SumTable, { amounts, exact, places }: ListLayout): number[] {
  const found = new Set<number>();
  const note = (base: number, width: number, key: number): void => {
    const place = Math.floor((key - base) / width);
    if (place >= 0 && place < places) found.add(place);
  };
  for (const [key] of part.entries()) {
    for (const base of Object.values(amounts)) note(base, 1, key);
    for (const base of Object.values(exact)) note(base, exactWidth, key);
  }
  return [...found].sort((one, other) => one - other);
}

function mapped<Value>(of: Readonly<Record<string, Value>>, to: (value: Value) => unknown): object {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, to(value)]));
}
