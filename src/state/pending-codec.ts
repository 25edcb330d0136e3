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

/** Others can have a turn after so many. */
const rowsATurn = 512;
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
  yield;
  const { rows } = table;
  let left = rowsATurn;
  for (const part of table.index.byPart()) {
    const heads = sortedByHash(part, rows, noOrder);
    writer.unsigned(heads.length);
    let before = 0;
    for (const head of heads) {
      before = encodeHash(rows, head, before, writer);
      encodeId(table, head, places, writer);
      if (--left > 0) continue;
      left = rowsATurn;
      yield;
    }
  }
  writer.unsigned(table.open.size);
  for (const [start, { predictions, outcomes }] of [...table.open].sort(([a], [b]) => a - b)) {
    writer.integer(start / minuteMillis);
    for (const list of [predictions, outcomes]) {
      writer.unsigned(list.size);
      let before = 0;
      for (const row of sortedByHash(list.rows.subarray(0, list.size), rows, (a, b) => table.compare(a, b))) {
        before = encodeHash(rows, row, before, writer);
        encodeRow(table, row, places, writer);
        if (--left > 0) continue;
        left = rowsATurn;
        yield;
      }
    }
  }
}

/** @returns the half that the next one's is written from */
function encodeHash(rows: PendingRows, row: number, before: number, writer: Writer): number {
  const low = rows.int(row, lowAt) >>> 0;
  writer.unsigned(low - before);
  writer.unsigned(rows.int(row, highAt) >>> 0);
  return low;
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

/** No two have the same hash. */
const noOrder = (): number => 0;

/** @param compare those of one hash; those that are equal stay in the order in which they are */
function sortedByHash(found: ArrayLike<number>, rows: PendingRows, compare: (a: number, b: number) => number): number[] {
  const keys = new Float64Array(found.length);
  for (let at = 0; at < keys.length; at++) keys[at] = (rows.int(found[at] as number, lowAt) >>> 0) * placeFactor + at;
  keys.sort();
  const inOrder: number[] = [];
  for (let at = 0; at < keys.length; at++) inOrder.push(found[(keys[at] as number) % placeFactor] as number);
  for (let from = 0; from < inOrder.length; ) {
    const low = rows.int(inOrder[from] as number, lowAt);
    let to = from + 1;
    while (to < inOrder.length && rows.int(inOrder[to] as number, lowAt) === low) to += 1;
    if (to - from > 1) {
      const equal = inOrder.slice(from, to);
      equal.sort((a, b) => (rows.int(a, highAt) >>> 0) - (rows.int(b, highAt) >>> 0) || compare(a, b));
      for (const [index, row] of equal.entries()) inOrder[from + index] = row;
    }
    from = to;
  }
  return inOrder;
}

/** An id's rows by side: it has one of each at most. */
function encodeId(table: PendingTable, head: number, places: Places, writer: Writer): void {
  const { rows } = table;
  const mate = rows.int(head, sameAt);
  writer.unsigned(mate === head ? 1 : 2);
  const first = mate !== head && (rows.short(head, flagsAt) & isOutcome) !== 0 ? mate : head;
  encodeRow(table, first, places, writer);
  if (mate !== head) encodeRow(table, first === head ? mate : head, places, writer);
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
  for (let part = 0; part < indexParts; part++) {
    let low = 0;
    for (let ids = reader.unsigned(); ids > 0; ids--) {
      low += reader.unsigned();
      const high = reader.unsigned() | 0;
      for (let left = reader.unsigned(); left > 0; left--) {
        const row = decodeRow(table, high, low | 0, reader);
        table.link(row, table.index.find(high, low | 0));
      }
    }
  }
  readAll(reader, () => {
    const { predictions, outcomes } = table.minute(reader.integer() * minuteMillis);
    for (const list of [predictions, outcomes]) {
      let low = 0;
      readAll(reader, () => {
        low += reader.unsigned();
        list.push(decodeRow(table, reader.unsigned() | 0, low | 0, reader));
      });
    }
  });
}

function decodeRow(table: PendingTable, high: number, low: number, reader: Reader): number {
  const { rows } = table;
  const row = rows.take();
  const written = reader.unsigned();
  const flags = written & ~scored;
  const version = table.versions[reader.unsigned()] ?? null;
  if (version === null) throw new RangeError("a row of no version");
  rows.setShort(row, flagsAt, flags);
  rows.setInt(row, versionAt, version.number);
  rows.setInt(row, highAt, high);
  rows.setInt(row, lowAt, low);
  rows.setInt(row, sameAt, row);
  rows.setFloat(row, timeAt, reader.amount());
  version.rows += 1;
  if ((flags & isOpen) === 0) table.leaveWith(row, reader.integer() * minuteMillis);
  else {
    rows.setShort(row, logAt, reader.unsigned());
    rows.setFloat(row, offsetAt, reader.unsigned());
  }
  if ((flags & isJoined) === 0) decodePayload(rows, row, written, version.model, reader);
  return row;
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
