// Mends defects of kafkajs 2.2.4, whose code will not change any more (its last release was in February 2023):
//
// - each record becomes an object with its offset and time as texts, which costs more than folding it: of batches that
//   belong to no transaction, one message now stands for all their records;
// - records of a batch are appended by `push(...records)`: a batch above some 125,000 records is a RangeError, and the
//   consumer never gets past it;
// - a batch that cannot be decoded (unknown codec, damaged) fails the whole fetch, again and again;
// - a batch at whose end compaction has left nothing is passed one offset a fetch, and an empty one never;
// - each connection re-arms a timer with a negative delay for ever: hundreds of wake-ups a second.
//
// Has to run before the client is first used. Loads the client's files by the function it is given.

import { isTransactional, lastOffsetOf, type Records, readRecords } from "./records.ts";

export const patchedVersion = "2.2.4";

/**
 * Stands in a batch for records that could not be decoded: at the last of their offsets, since the client passes over
 * whatever is before the offset that it asked for, which may be in their middle.
 */
export interface UnreadableMark {
  readonly firstOffset: number;
  /** The offset after the last of them. */
  readonly nextOffset: number;
  readonly detail: string;
}

/** The bytes before the length field of a record batch, and those of its fixed part. */
const lengthAt = 8;
const headerBytes = 12;
const fixedBytes = 61;
const magicAt = 16;
const magic = 2;

interface Decoder {
  readInt32(): number;
  canReadBytes(length: number): boolean;
  readBytes(length: number): Buffer;
}
type Load = (path: string) => unknown;
type Decode = (decoder: unknown) => Promise<Decoded>;

interface Decoded {
  readonly records: readonly { readonly offset: string }[];
}

/** @throws where the client is not the version that the patches were made for */
export function patchKafkajs(
  load: Load & { cache: Record<string, { exports: unknown } | undefined>; resolve(path: string): string },
): void {
  const { version } = load("kafkajs/package.json") as { version: string };
  if (version !== patchedVersion) throw new Error(`kafkajs ${version}: the patches are for ${patchedVersion}`);
  patchDecoding(load);
  patchTimer(load);
}

function patchDecoding(load: Parameters<typeof patchKafkajs>[0]): void {
  const path = load.resolve("kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js");
  const original = load(path) as (decoder: Decoder) => Promise<object[]>;
  const DecoderClass = load("kafkajs/src/protocol/decoder") as new (buffer: Buffer) => Decoder;
  const decodeBatch = load("kafkajs/src/protocol/recordBatch/v0/decoder") as Decode;
  const cached = load.cache[path];
  if (cached === undefined) throw new Error("kafkajs could not be patched: its decoder is not where it was");
  cached.exports = async (decoder: Decoder): Promise<object[]> => {
    const size = decoder.readInt32();
    if (size <= 0 || !decoder.canReadBytes(size)) return [];
    const buffer = decoder.readBytes(size);
    if (buffer.length > magicAt && buffer.readInt8(magicAt) !== magic) return original(withSize(DecoderClass, buffer));
    return decodeAll(buffer, (batch) => decodeBatch(new DecoderClass(batch)));
  };
}

/** The buffer again with its length before it, as the original decoder of old message sets expects it. */
function withSize(DecoderClass: new (buffer: Buffer) => Decoder, buffer: Buffer): Decoder {
  const size = Buffer.alloc(4);
  size.writeInt32BE(buffer.length);
  return new DecoderClass(Buffer.concat([size, buffer]));
}

/**
 * Decodes the batches of a fetch one by one; the last may be cut off, one that cannot be decoded becomes a mark.
 * @param decode how the client decodes a batch: for those of transactions, whose records it has to know
 */
export async function decodeAll(buffer: Buffer, decode: (batch: Buffer) => Promise<Decoded>): Promise<object[]> {
  const all: object[] = [];
  for (let at = 0; at + fixedBytes <= buffer.length; ) {
    const end = at + headerBytes + buffer.readInt32BE(at + lengthAt);
    if (end > buffer.length || end <= at) break;
    const batch = buffer.subarray(at, end);
    const firstOffset = batch.readBigInt64BE(0);
    const lastOffset = lastOffsetOf(batch);
    try {
      if (isTransactional(batch)) await decodeApart(batch, lastOffset, decode, all);
      else all.push(together(readRecords(batch), lastOffset));
    } catch (error) {
      const nextOffset = Number(lastOffset) + 1;
      const unreadable: UnreadableMark = { firstOffset: Number(firstOffset), nextOffset, detail: (error as Error).message };
      all.push({ ...blank(lastOffset), isControlRecord: false, unreadable });
    }
    at = end;
  }
  return all;
}

/** A message for each record, and one more where compaction has taken the last. */
async function decodeApart(
  batch: Buffer,
  lastOffset: bigint,
  decode: (batch: Buffer) => Promise<Decoded>,
  all: object[],
): Promise<void> {
  const { records } = await decode(batch);
  for (const record of records) all.push(record);
  if (records.at(-1)?.offset !== String(lastOffset)) all.push({ ...blank(lastOffset), isControlRecord: true });
}

/**
 * One message for all records of a batch, at the offset of its last, since the client passes over whatever is before the
 * offset that it asked for, which may be in their middle. A batch that compaction has emptied is only passed.
 */
function together(records: Records, lastOffset: bigint): object {
  if (records.length === 0) return { ...blank(lastOffset), isControlRecord: true };
  return { ...blank(lastOffset), isControlRecord: false, records };
}

/** A message of nothing: the client takes a control record out again, and passes others on with what they stand for. */
function blank(offset: bigint): object {
  return {
    magicByte: magic,
    attributes: 0,
    timestamp: "0",
    offset: String(offset),
    key: null,
    value: null,
    headers: {},
    batchContext: { firstOffset: String(offset), inTransaction: false, isControlBatch: false, producerId: "-1" },
  };
}

interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: unknown;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

/** How soon requests that wait for a free place are looked at again: the client's own interval. */
const pendingCheckMillis = 10;

function patchTimer(load: Load): void {
  const { prototype } = load("kafkajs/src/network/requestQueue") as { prototype: RequestQueue };
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    const throttledMillis = this.throttledUntil - Date.now();
    const delayMillis = throttledMillis > 0 ? throttledMillis : pendingCheckMillis;
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, delayMillis);
  };
}
