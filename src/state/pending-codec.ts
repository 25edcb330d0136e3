// The join's table in a snapshot, and read again. Models, versions, logs and texts are written by their names, ids by their
// hashes and an id's events by side and time, so that equal states have equal bytes whatever came first.
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { minuteMillis } from "../window/resolution.ts";
import { JoinModel, type JoinVersion } from "./join-model.ts";
import { indexParts } from "./pending-index.ts";
import {
  flagsAt,
  highAt,
  horizonAt,
  isHead,
  isJoined,
  isOpen,
  isOutcome,
  labelAt,
  labelIsNumber,
  labelIsText,
  leavesAt,
  logAt,
  lowAt,
  offsetAt,
  type PendingRows,
  predictionAt,
  predictionIsNumber,
  predictionIsText,
  sameAt,
  scoreAt,
  segmentsAt,
  timeAt,
  versionAt,
} from "./pending-rows.ts";
import { noHorizon, type PendingTable } from "./pending-table.ts";

/** Others can have a turn after so many ids. */
const idsATurn = 512;
/** So that a half of a hash and a place fit into one number. */
const placeFactor = 2 ** 21;

/** A flag that only what is written has: a score follows. */
const scored = 512;

/** What numbers are written as. */
interface Places {
  readonly versions: Uint32Array;
  readonly logs: Uint32Array;
  readonly texts: ReadonlyMap<JoinModel, Uint32Array>;
  readonly segmentSets: ReadonlyMap<JoinModel, Uint32Array>;
}

export function* encodePending(table: PendingTable, models: ReadonlyMap<string, JoinModel>, writer: Writer): Iterable<void> {
  const places = encodeNames(table, models, writer);
  writeAll(
    writer,
    [...table.open.keys()].sort((a, b) => a - b),
    (start) => writer.integer(start),
  );
  yield;
  const { rows } = table;
  let left = idsATurn;
  for (const part of table.index.byPart()) {
    const heads = sortedByHash(part, rows);
    writer.unsigned(heads.length);
    let before = 0;
    for (const head of heads) {
      const low = rows.int(head, lowAt) >>> 0;
      writer.unsigned(low - before);
      writer.unsigned(rows.int(head, highAt) >>> 0);
      before = low;
      encodeId(table, head, places, writer);
      if (--left > 0) continue;
      left = idsATurn;
      yield;
    }
  }
}

/** Writes everything that rows refer to by number. */
function encodeNames(table: PendingTable, models: ReadonlyMap<string, JoinModel>, writer: Writer): Places {
  const versions = new Uint32Array(table.versions.length);
  const texts = new Map<JoinModel, Uint32Array>();
  const segmentSets = new Map<JoinModel, Uint32Array>();
  let written = 0;
  writeAll(writer, sorted(models), ([name, model]) => {
    writer.text(name);
    texts.set(model, model.texts.encode(writer));
    segmentSets.set(model, model.segmentSets.encode(writer));
    writeAll(writer, sorted(model.versions), ([, version]) => {
      versions[version.number] = written++;
      version.encode(writer);
    });
  });
  const logs = new Uint32Array(table.logs.length);
  const inOrder = [...table.logs.keys()].sort((a, b) => {
    const [one, two] = [table.logs[a], table.logs[b]] as const;
    return compareText(one?.topic ?? "", two?.topic ?? "") || (one?.partition ?? 0) - (two?.partition ?? 0);
  });
  for (const [place, number] of inOrder.entries()) logs[number] = place;
  writeAll(writer, inOrder, (number) => {
    writer.text(table.logs[number]?.topic ?? "");
    writer.unsigned(table.logs[number]?.partition ?? 0);
  });
  return { versions, logs, texts, segmentSets };
}

function sorted<Kept>(kept: ReadonlyMap<string, Kept>): [string, Kept][] {
  return [...kept].sort(([a], [b]) => compareText(a, b));
}

function sortedByHash(heads: readonly number[], rows: PendingRows): number[] {
  const keys = new Float64Array(heads.length);
  for (let at = 0; at < keys.length; at++) keys[at] = (rows.int(heads[at] as number, lowAt) >>> 0) * placeFactor + at;
  keys.sort();
  const inOrder: number[] = [];
  for (const key of keys) {
    const head = heads[key % placeFactor] as number;
    inOrder.push(head);
    // Hardly ever do two have the same low half.
    for (let at = inOrder.length - 1; at > 0 && isBefore(head, inOrder[at - 1] as number, rows); at--) {
      inOrder[at] = inOrder[at - 1] as number;
      inOrder[at - 1] = head;
    }
  }
  return inOrder;
}

function isBefore(one: number, two: number, rows: PendingRows): boolean {
  return rows.int(one, lowAt) === rows.int(two, lowAt) && rows.int(one, highAt) >>> 0 < rows.int(two, highAt) >>> 0;
}

/** An id's rows by side, then by time: no two have both. */
function encodeId(table: PendingTable, head: number, places: Places, writer: Writer): void {
  const { rows } = table;
  if (rows.int(head, sameAt) === head) {
    writer.unsigned(1);
    encodeRow(table, head, places, writer);
    return;
  }
  const all = [head];
  for (let row = rows.int(head, sameAt); row !== head; row = rows.int(row, sameAt)) all.push(row);
  const sideOf = (row: number): number => rows.short(row, flagsAt) & isOutcome;
  all.sort((a, b) => sideOf(a) - sideOf(b) || rows.float(a, timeAt) - rows.float(b, timeAt));
  writer.unsigned(all.length);
  for (const row of all) encodeRow(table, row, places, writer);
}

function encodeRow(table: PendingTable, row: number, places: Places, writer: Writer): void {
  const { rows } = table;
  const flags = rows.short(row, flagsAt) & ~isHead;
  const version = table.versions[rows.int(row, versionAt)] as JoinVersion;
  const hasScore = (flags & (isOutcome | isJoined)) === 0 && !Number.isNaN(rows.float(row, scoreAt));
  writer.unsigned(flags + (hasScore ? scored : 0));
  writer.unsigned(places.versions[version.number] as number);
  writer.amount(rows.float(row, timeAt));
  if ((flags & isOpen) === 0) writer.integer(rows.float(row, leavesAt) / minuteMillis);
  else {
    writer.unsigned(places.logs[rows.short(row, logAt)] as number);
    writer.unsigned(rows.float(row, offsetAt));
  }
  if ((flags & isJoined) !== 0) return;
  const texts = places.texts.get(version.model) as Uint32Array;
  if ((flags & isOutcome) !== 0) {
    if ((flags & labelIsText) !== 0) writer.unsigned(texts[rows.float(row, labelAt)] as number);
    if ((flags & labelIsNumber) !== 0) writer.amount(rows.float(row, labelAt));
    return;
  }
  if (hasScore) writer.float(rows.float(row, scoreAt));
  if ((flags & predictionIsText) !== 0) writer.unsigned(texts[rows.float(row, predictionAt)] as number);
  if ((flags & predictionIsNumber) !== 0) writer.amount(rows.float(row, predictionAt));
  writer.amount(rows.weight(row));
  const horizon = rows.short(row, horizonAt);
  writer.unsigned(horizon === noHorizon ? 0 : (texts[horizon] as number) + 1);
  writer.unsigned((places.segmentSets.get(version.model) as Uint32Array)[rows.short(row, segmentsAt)] as number);
}

/** Fills a (new) table and its models. */
export function decodePending(table: PendingTable, models: Map<string, JoinModel>, reader: Reader): void {
  readAll(reader, () => {
    const model = new JoinModel(reader.text());
    models.set(model.name, model);
    model.texts.decode(reader);
    model.segmentSets.decode(reader);
    readAll(reader, () => table.addVersion(model, reader.text()).decode(reader));
  });
  table.logs.push(...readAll(reader, () => ({ topic: reader.text(), partition: reader.unsigned() })));
  for (const start of readAll(reader, () => reader.integer())) table.minute(start);
  for (let part = 0; part < indexParts; part++) {
    let low = 0;
    for (let ids = reader.unsigned(); ids > 0; ids--) {
      low += reader.unsigned();
      const high = reader.unsigned();
      for (let left = reader.unsigned(); left > 0; left--) decodeRow(table, high | 0, low | 0, reader);
    }
  }
}

function decodeRow(table: PendingTable, high: number, low: number, reader: Reader): void {
  const { rows } = table;
  const row = rows.take();
  const written = reader.unsigned();
  const flags = written & ~scored;
  const version = table.versions[reader.unsigned()] ?? null;
  if (version === null) throw new RangeError("a row of no version");
  const timeMillis = reader.amount();
  rows.setShort(row, flagsAt, flags);
  rows.setInt(row, versionAt, version.number);
  rows.setFloat(row, timeAt, timeMillis);
  version.rows += 1;
  if ((flags & isOpen) === 0) table.leaveWith(row, reader.integer() * minuteMillis);
  else {
    table.append(row, Math.floor(timeMillis / minuteMillis) * minuteMillis);
    rows.setShort(row, logAt, reader.unsigned());
    rows.setFloat(row, offsetAt, reader.unsigned());
  }
  table.link(row, high, low);
  if ((flags & isJoined) === 0) decodePayload(rows, row, written, version.model, reader);
}

function decodePayload(rows: PendingRows, row: number, flags: number, model: JoinModel, reader: Reader): void {
  const text = (): number => {
    const number = reader.unsigned();
    model.texts.use(number);
    return number;
  };
  if ((flags & isOutcome) !== 0) {
    if ((flags & labelIsText) !== 0) rows.setFloat(row, labelAt, text());
    if ((flags & labelIsNumber) !== 0) rows.setFloat(row, labelAt, reader.amount());
    return;
  }
  model.waiting += 1;
  rows.setFloat(row, scoreAt, (flags & scored) === 0 ? Number.NaN : reader.float());
  if ((flags & predictionIsText) !== 0) rows.setFloat(row, predictionAt, text());
  if ((flags & predictionIsNumber) !== 0) rows.setFloat(row, predictionAt, reader.amount());
  rows.setWeight(row, reader.amount());
  const horizon = reader.unsigned();
  rows.setShort(row, horizonAt, horizon === 0 ? noHorizon : horizon - 1);
  if (horizon > 0) model.texts.use(horizon - 1);
  const segments = reader.unsigned();
  rows.setShort(row, segmentsAt, segments);
  if (segments > 0) model.segmentSets.use(segments);
}
