// Reads the records of a batch as it came over the wire, without an object for each: the client's own decoding of a
// record costs more than all that is done with it afterwards.
//
// Record batch, magic 2 (https://kafka.apache.org/documentation/#recordbatch), big-endian:
//   baseOffset int64 | batchLength int32 | partitionLeaderEpoch int32 | magic int8 | crc uint32 | attributes int16 |
//   lastOffsetDelta int32 | baseTimestamp int64 | maxTimestamp int64 | producerId int64 | producerEpoch int16 |
//   baseSequence int32 | recordCount int32 | records, compressed together by the codec of the attributes
// Record: length varint | attributes int8 | timestampDelta varlong | offsetDelta varint | keyLength varint | key |
//   valueLength varint | value | headers; integers are zigzag, a length of -1 is null.
import { codecNumbers, codecs } from "./codecs.ts";

const attributesAt = 21;
const lastOffsetDeltaAt = 23;
const baseTimestampAt = 27;
const maxTimestampAt = 35;
const recordCountAt = 57;
const recordsAt = 61;

const codecMask = 0x07;
const logAppendTime = 0x08;
const transactional = 0x10;
const control = 0x20;

/** The least bytes of a record: one for each of its parts. */
const leastRecordBytes = 7;
/** What is kept of each record: where its value begins, its length (-1: null), the deltas of its offset and its time. */
const numbersEach = 4;

const nameByNumber = new Map(
  Object.entries(codecNumbers).map(([name, number]): [number, keyof typeof codecs] => [number, name as keyof typeof codecs]),
);

/** Records that follow one another. */
export interface Records {
  readonly length: number;
  value(index: number): Buffer | null;
  offset(index: number): number;
  /** Milliseconds since 1970; NaN where the producer sent none. */
  timeMillis(index: number): number;
}

/** Whether a batch is of a transaction, or a mark of one's end: who reads those has to know which were aborted. */
export function isTransactional(batch: Buffer): boolean {
  return (batch.readInt16BE(attributesAt) & (transactional | control)) !== 0;
}

/** The offset of the last record that a batch had, whether or not compaction has left it. */
export function lastOffsetOf(batch: Buffer): bigint {
  return batch.readBigInt64BE(0) + BigInt(batch.readInt32BE(lastOffsetDeltaAt));
}

/** @throws where the batch is damaged or of an unknown codec */
export function readRecords(batch: Buffer): Records {
  const attributes = batch.readInt16BE(attributesAt);
  const count = batch.readInt32BE(recordCountAt);
  const bytes = decompressed(batch.subarray(recordsAt), attributes & codecMask);
  if (count < 0 || count * leastRecordBytes > bytes.length) throw new RangeError(`${count} records in ${bytes.length} bytes`);
  const baseOffset = Number(batch.readBigInt64BE(0));
  // Where the broker sets the time, all records have the batch's.
  const ofBroker = (attributes & logAppendTime) !== 0;
  const baseMillis = Number(batch.readBigInt64BE(ofBroker ? maxTimestampAt : baseTimestampAt));
  const lastOffsetDelta = batch.readInt32BE(lastOffsetDeltaAt);
  return new BatchRecords(bytes, index(bytes, count, lastOffsetDelta, ofBroker), baseOffset, baseMillis);
}

function decompressed(bytes: Buffer, codec: number): Buffer {
  if (codec === 0) return bytes;
  const name = nameByNumber.get(codec);
  if (name === undefined) throw new Error(`unknown compression codec ${codec}`);
  return codecs[name](bytes);
}

/** Where the next integer is read from: a cursor shared by the functions below, as they return what they read. */
let at = 0;

function index(bytes: Buffer, count: number, lastOffsetDelta: number, ofBroker: boolean): Float64Array {
  const numbers = new Float64Array(count * numbersEach);
  at = 0;
  for (let record = 0; record < count; record++) {
    const length = varint(bytes);
    const end = at + length;
    if (length < leastRecordBytes - 1 || end > bytes.length) throw new RangeError(`record ${record} goes beyond its batch`);
    at += 1;
    const timestampDelta = varint(bytes);
    const offsetDelta = varint(bytes);
    // Whoever reads on behind an offset that is not of this batch would skip records that there are.
    if (offsetDelta < 0 || offsetDelta > lastOffsetDelta) throw new RangeError(`record ${record} has an offset of another batch`);
    const keyLength = varint(bytes);
    if (keyLength > 0) at += keyLength;
    const valueLength = varint(bytes);
    if (at + Math.max(0, valueLength) > end) throw new RangeError(`the value of record ${record} goes beyond it`);
    const from = record * numbersEach;
    numbers[from] = at;
    numbers[from + 1] = valueLength;
    numbers[from + 2] = offsetDelta;
    numbers[from + 3] = ofBroker ? 0 : timestampDelta;
    at = end;
  }
  return numbers;
}

/** What the last of ten bytes counts: no integer of 64 bits has more. */
const greatestFactor = 128 ** 9;

/** A zigzag integer of up to 64 bits; exact up to 2^53, which no offset or time within a batch exceeds. */
function varint(bytes: Buffer): number {
  let value = 0;
  for (let factor = 1; factor <= greatestFactor; factor *= 128) {
    const byte = bytes[at++];
    if (byte === undefined) throw new RangeError("the bytes end inside a number");
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  throw new RangeError("a number of more than 64 bits");
}

class BatchRecords implements Records {
  readonly length: number;
  readonly #bytes: Buffer;
  readonly #numbers: Float64Array;
  readonly #baseOffset: number;
  readonly #baseMillis: number;

  constructor(bytes: Buffer, numbers: Float64Array, baseOffset: number, baseMillis: number) {
    this.length = numbers.length / numbersEach;
    this.#bytes = bytes;
    this.#numbers = numbers;
    this.#baseOffset = baseOffset;
    this.#baseMillis = baseMillis;
  }

  value(record: number): Buffer | null {
    const from = this.#numbers[record * numbersEach] as number;
    const length = this.#numbers[record * numbersEach + 1] as number;
    return length < 0 ? null : this.#bytes.subarray(from, from + length);
  }

  offset(record: number): number {
    return this.#baseOffset + (this.#numbers[record * numbersEach + 2] as number);
  }

  timeMillis(record: number): number {
    const millis = this.#baseMillis + (this.#numbers[record * numbersEach + 3] as number);
    return millis < 0 ? Number.NaN : millis;
  }
}
