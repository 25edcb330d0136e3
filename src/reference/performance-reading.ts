// How well a model did in its reference, from the values of its file. All that can be wrong with them is said with their key path.
import type { Layout, ListLayout } from "../performance/layout.ts";
import type { PerformancePane } from "../performance/pane.ts";
import { type PartField, type PartKind, partKinds } from "../performance/part-kinds.ts";
import { exactSum, exactWidth } from "../primitive/exact-sum.ts";
import { SumTable } from "../primitive/sum-table.ts";
import type { FileValue } from "./file-value.ts";
import { columnsOf, isSingle } from "./performance-content.ts";

export function performanceFrom(value: FileValue): PerformancePane {
  value.onlyKeys(partKinds.map(({ called }) => called));
  const pane: PerformancePane = new Map();
  for (const kind of partKinds) {
    if (!value.has(kind.called)) continue;
    const parts = value.key(kind.called);
    for (const part of isSingle(kind) ? [parts] : parts.list()) readPart(pane, kind, part);
  }
  return pane;
}

function readPart(pane: PerformancePane, { fields, layout, nameOf }: PartKind, value: FileValue): void {
  const { amounts, exact, lists } = layout;
  value.onlyKeys([...Object.keys(fields), ...Object.keys(amounts), ...Object.keys(exact), ...Object.keys(lists)]);
  const name = nameOf(Object.entries(fields).map(([field, types]) => fieldFrom(value.key(field), types)));
  if (pane.has(name)) value.fail("comes twice");
  pane.set(name, sumsFrom(value, layout));
}

function fieldFrom(value: FileValue, types: PartKind["fields"][string]): PartField {
  if (types.includes("null") && value.isNull) return null;
  if (types.includes("text") && (value.isText || !types.includes("number"))) return value.text();
  return value.number();
}

function sumsFrom(value: FileValue, { amounts, exact, lists }: Layout): SumTable {
  const part = new SumTable();
  for (const [name, at] of Object.entries(amounts)) put(part, at, value.key(name).amount());
  for (const [name, base] of Object.entries(exact)) putExact(part, base, value.key(name));
  for (const [name, list] of Object.entries(lists)) putList(part, list, value.key(name));
  return part;
}

function put(part: SumTable, at: number, amount: number): void {
  if (amount !== 0) part.add(at, amount);
}

/** The digits are what counts; the sum beside them is for people, and has to be theirs. */
function putExact(part: SumTable, base: number, value: FileValue): void {
  value.onlyKeys(["sum", "lowest", "digits"]);
  const lowest = value.key("lowest").count();
  const digits = value.key("digits").list();
  if (lowest + digits.length > exactWidth) value.key("digits").fail(`reach beyond the last of ${exactWidth} places`);
  for (const [at, digit] of digits.entries()) put(part, base + lowest + at, digit.whole());
  const sum = value.key("sum");
  if (!sum.isNull && sum.number() !== exactSum(part, base)) sum.fail("is not what its digits are");
}

function putList(part: SumTable, list: ListLayout, value: FileValue): void {
  value.onlyKeys(["columns", "rows"]);
  const columns = columnsOf(list);
  if (value.key("columns").texts().join() !== columns.join()) value.key("columns").fail(`not ${columns.join(", ")}`);
  let before = -1;
  for (const row of value.key("rows").list()) before = putRow(part, list, row, before);
}

/** @param before the place of the row before. @returns that of this one */
function putRow(part: SumTable, list: ListLayout, row: FileValue, before: number): number {
  const bases = [...Object.values(list.amounts), ...Object.values(list.exact)];
  const [name, ...sums] = row.list();
  if (name === undefined || sums.length !== bases.length) return row.fail(`not ${bases.length + 1} values`);
  const place = list.placeOf(name.number());
  if (!Number.isInteger(place) || place < 0 || place >= list.places) name.fail("is the beginning of no place");
  if (place <= before) name.fail("not after the one before");
  const amounts = Object.keys(list.amounts).length;
  for (const [at, sum] of sums.entries()) {
    const base = bases[at] as number;
    if (at < amounts) put(part, base + place, sum.amount());
    else putExact(part, base + place * exactWidth, sum);
  }
  return place;
}
