// The join's table in a snapshot, and read again. Models, versions, logs and texts are written by their names, ids by their
// hashes and an id's events by side and time, so that equal states have equal bytes whatever came first.
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { minuteMillis } from "../window/resolution.ts";
import { JoinModel, type JoinVersion } from "./join-model.ts";
import { type Runs, runsOf, sortedByHash } from "./pending-order.ts";
import {
  flagsAt,
  hasClassScores,
  highAt,
  horizonAt,
  isCarried,
  isItem,
  isJoined,
  isOutcome,
  isSeen,
  logAt,
  lowAt,
  scoreAt,
  segmentsAt,
  timeAt,
  valueAt,
  valueIsNumber,
  valueIsText,
  versionAt,
} from "./pending-rows.ts";
import { noHorizon, type PendingTable } from "./pending-table.ts";

/** A flag that only what is written has: a score follows. */
const scored = 64;
const hashHalfBits = 32;

/** What numbers are written as. */
interface Places {
  readonly versions: Uint32Array;
  readonly logs: Uint32Array;
  readonly texts: ReadonlyMap<JoinModel, Uint32Array>;
  readonly segmentSets: ReadonlyMap<JoinModel, Uint32Array>;
  readonly classSets: ReadonlyMap<JoinModel, Uint32Array>;
}

/** Where rows are that are written. */
interface Among extends Places {
  /** Of the minute that they are in, or with which they leave. */
  readonly startMillis: number;
  readonly isOpen: boolean;
}

export function* encodePending(table: PendingTable, models: ReadonlyMap<string, JoinModel>, writer: Writer): Iterable<void> {
  const places = encodeNames(table, models, writer);
  yield;
  for (const [start, chains] of byStart(table.leaving)) {
    const runs = yield* runsOf(table, chains);
    // What is dead may have left chains behind, or not: by chance.
    if (runs.rows.length === 0) continue;
    writer.boolean(true);
    writer.integer(start / minuteMillis);
    yield* encodeRuns(table, runs, { ...places, startMillis: start, isOpen: false }, writer);
  }
  writer.boolean(false);
  const open = table.openMinutes();
  writer.unsigned(open.size);
  for (const [start, { predictions, outcomes }] of byStart(open)) {
    writer.integer(start / minuteMillis);
    for (const chain of [predictions, outcomes]) {
      const runs = yield* runsOf(table, [chain]);
      yield* encodeRuns(table, runs, { ...places, startMillis: start, isOpen: true }, writer);
    }
  }
}

function byStart<Kept>(kept: ReadonlyMap<number, Kept>): [number, Kept][] {
  return [...kept].sort(([a], [b]) => a - b);
}

/** Writes rows: of one half of their hashes, how much more it is than that of the row before. */
function* encodeRuns(table: PendingTable, runs: Runs, among: Among, writer: Writer): Iterable<void> {
  const { rows } = table;
  const sides = (a: number, b: number): number => (rows.short(a, flagsAt) & isOutcome) - (rows.short(b, flagsAt) & isOutcome);
  const compare = among.isOpen ? (a: number, b: number): number => table.compare(a, b) : sides;
  writer.unsigned(runs.rows.length);
  let before = 0;
  for (let run = 1; run < runs.bounds.length; run++) {
    const found = runs.rows.subarray(runs.bounds[run - 1], runs.bounds[run]);
    for (const row of sortedByHash(found, rows, compare)) {
      const low = rows.int(row, lowAt) >>> 0;
      writer.unsigned(low - before);
      writer.bits(rows.int(row, highAt) >>> 0, hashHalfBits);
      writer.endBits();
      before = low;
      encodeRow(table, row, among, writer);
    }
    yield;
  }
}

/** Writes everything that rows refer to by number. */
function encodeNames(table: PendingTable, models: ReadonlyMap<string, JoinModel>, writer: Writer): Places {
  const versions = new Uint32Array(table.versions.length);
  const texts = new Map<JoinModel, Uint32Array>();
  const segmentSets = new Map<JoinModel, Uint32Array>();
  const classSets = new Map<JoinModel, Uint32Array>();
  let written = 0;
  writeAll(writer, sorted(models), ([name, model]) => {
    writer.text(name);
    texts.set(model, model.texts.encode(writer));
    segmentSets.set(model, model.segmentSets.encode(writer));
    classSets.set(model, model.classSets.encode(writer));
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
  return { versions, logs, texts, segmentSets, classSets };
}

function sorted<Kept>(kept: ReadonlyMap<string, Kept>): [string, Kept][] {
  return [...kept].sort(([a], [b]) => compareText(a, b));
}

function encodeRow(table: PendingTable, row: number, among: Among, writer: Writer): void {
  const { rows } = table;
  const flags = rows.short(row, flagsAt);
  const version = table.versions[rows.int(row, versionAt)] as JoinVersion;
  const score = rows.float(row, scoreAt);
  const hasScore = (flags & (isOutcome | isJoined | hasClassScores)) === 0 && !Number.isNaN(score);
  writer.unsigned(flags + (hasScore ? scored : 0));
  writer.unsigned(among.versions[version.number] as number);
  writer.amount(rows.float(row, timeAt) - among.startMillis);
  if (among.isOpen) writer.unsigned(among.logs[rows.short(row, logAt)] as number);
  const texts = among.texts.get(version.model) as Uint32Array;
  if ((flags & valueIsText) !== 0) writer.unsigned(texts[rows.float(row, valueAt)] as number);
  if ((flags & valueIsNumber) !== 0) writer.amount(rows.float(row, valueAt));
  if ((flags & (isOutcome | isJoined)) !== 0) return;
  if (hasScore) writer.float(score);
  writer.amount(rows.weight(row));
  encodeHorizon(table, row, version.model, among, writer);
  writer.unsigned((among.segmentSets.get(version.model) as Uint32Array)[rows.short(row, segmentsAt)] as number);
}

/** The horizon, or what stands in its place. */
function encodeHorizon({ rows, scores }: PendingTable, row: number, model: JoinModel, among: Among, writer: Writer): void {
  const flags = rows.short(row, flagsAt);
  const number = rows.short(row, horizonAt);
  if ((flags & isItem) !== 0) {
    writer.unsigned(rows.float(row, valueAt));
    writer.unsigned(number);
  } else if ((flags & hasClassScores) !== 0) {
    writer.unsigned((among.classSets.get(model) as Uint32Array)[number] as number);
    for (const score of scores.of(rows.float(row, scoreAt), model.classesOf(number).length)) writer.float(score);
  } else writer.unsigned(number === noHorizon ? 0 : ((among.texts.get(model) as Uint32Array)[number] as number) + 1);
}

/** Fills a (new) table and its models. */
export function decodePending(table: PendingTable, models: Map<string, JoinModel>, reader: Reader): void {
  readAll(reader, () => {
    const model = new JoinModel(reader.text());
    models.set(model.name, model);
    model.texts.decode(reader);
    model.segmentSets.decode(reader);
    model.classSets.decode(reader);
    readAll(reader, () => table.addVersion(model, reader.text()).decode(reader));
  });
  table.logs.push(...readAll(reader, () => ({ topic: reader.text(), partition: reader.unsigned() })));
  while (reader.boolean()) {
    const startMillis = reader.integer() * minuteMillis;
    decodeRows(table, () => table.leaver(startMillis), startMillis, false, reader);
  }
  readAll(reader, () => {
    const startMillis = reader.integer() * minuteMillis;
    const { predictions, outcomes } = table.hold(startMillis);
    for (const chain of [predictions, outcomes]) {
      decodeRows(table, () => table.chains.push(chain), startMillis, true, reader);
    }
  });
}

/** @param take where each row is to be */
function decodeRows(table: PendingTable, take: () => number, startMillis: number, isOpen: boolean, reader: Reader): void {
  const { rows } = table;
  let low = 0;
  for (let left = reader.unsigned(); left > 0; left--) {
    const row = take();
    low += reader.unsigned();
    rows.setInt(row, lowAt, low);
    rows.setInt(row, highAt, reader.bits(hashHalfBits));
    reader.endBits();
    const written = reader.unsigned();
    const version = table.versions[reader.unsigned()] ?? null;
    if (version === null) throw new RangeError("a row of no version");
    rows.setShort(row, flagsAt, (written & ~scored) | (isOpen && reader.format < 3 ? isSeen : 0));
    rows.setInt(row, versionAt, version.number);
    rows.setFloat(row, timeAt, reader.amount() + startMillis);
    if (isOpen) rows.setShort(row, logAt, reader.unsigned());
    else putFound(table, row);
    version.rows += 1;
    table.used += 1;
    decodePayload(table, row, written, version.model, reader);
  }
}

/** Makes a row that of its id. */
function putFound(table: PendingTable, row: number): void {
  const index = table.indexOf(table.rows.short(row, flagsAt));
  index.find(table.rows.int(row, highAt), table.rows.int(row, lowAt));
  index.put(table.rows.int(row, lowAt), row);
}

function decodePayload(table: PendingTable, row: number, flags: number, model: JoinModel, reader: Reader): void {
  const { rows } = table;
  if ((flags & valueIsText) !== 0) rows.setFloat(row, valueAt, usedText(model, reader.unsigned()));
  if ((flags & valueIsNumber) !== 0) rows.setFloat(row, valueAt, reader.amount());
  if ((flags & (isOutcome | isJoined)) !== 0) return;
  if ((flags & isCarried) === 0) model.waiting += 1;
  rows.setFloat(row, scoreAt, (flags & scored) === 0 ? Number.NaN : reader.float());
  rows.setWeight(row, reader.amount());
  decodeHorizon(table, row, flags, model, reader);
  const segments = reader.unsigned();
  rows.setShort(row, segmentsAt, segments);
  if (segments > 0) model.segmentSets.use(segments);
}

function decodeHorizon({ rows, scores }: PendingTable, row: number, flags: number, model: JoinModel, reader: Reader): void {
  if ((flags & isItem) !== 0) rows.setFloat(row, valueAt, reader.unsigned());
  const number = reader.unsigned();
  if ((flags & isItem) !== 0) rows.setShort(row, horizonAt, number);
  else if ((flags & hasClassScores) !== 0) {
    model.classSets.use(number);
    const count = model.classesOf(number).length;
    const start = scores.take(count);
    const block = scores.of(start, count);
    for (let at = 0; at < count; at++) block[at] = reader.float();
    rows.setFloat(row, scoreAt, start);
    rows.setShort(row, horizonAt, number);
  } else rows.setShort(row, horizonAt, number === 0 ? noHorizon : usedText(model, number - 1));
}

/** The number of a text that a row refers to. */
function usedText(model: JoinModel, number: number): number {
  model.texts.use(number);
  return number;
}
