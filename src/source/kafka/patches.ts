// Mends three defects of kafkajs 2.2.4, whose code will not change any more (its last release was in February 2023):
//
// - records of a batch are appended by `push(...records)`: a batch above some 125,000 records is a RangeError, and the
//   consumer never gets past it;
// - a batch that cannot be decoded (unknown codec, damaged) fails the whole fetch, again and again;
// - each connection re-arms a timer with a negative delay for ever: hundreds of wake-ups a second.
//
// Has to run before the client is first used. Loads the client's files by the function it is given.

export const patchedVersion = "2.2.4";

/** Stands in a batch for records that could not be decoded: at the first of their offsets. */
export interface UnreadableMark {
  /** The offset after the last of them. */
  readonly nextOffset: number;
  readonly detail: string;
}

/** The bytes before the length field of a record batch, and those of its fixed part. */
const lengthAt = 8;
const headerBytes = 12;
const fixedBytes = 61;
const lastOffsetDeltaAt = 23;
const magicAt = 16;
const magic = 2;

interface Decoder {
  readInt32(): number;
  canReadBytes(length: number): boolean;
  readBytes(length: number): Buffer;
}
type Load = (path: string) => unknown;
type Decode = (decoder: unknown) => Promise<{ records: object[] }>;

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

/** Decodes the batches of a fetch one by one; the last may be cut off, one that cannot be decoded becomes a mark. */
export async function decodeAll(buffer: Buffer, decode: (batch: Buffer) => Promise<{ records: object[] }>): Promise<object[]> {
  const all: object[] = [];
  for (let at = 0; at + fixedBytes <= buffer.length; ) {
    const end = at + headerBytes + buffer.readInt32BE(at + lengthAt);
    if (end > buffer.length || end <= at) break;
    const batch = buffer.subarray(at, end);
    try {
      const { records } = await decode(batch);
      for (const record of records) all.push(record);
    } catch (error) {
      all.push(mark(batch, (error as Error).message));
    }
    at = end;
  }
  return all;
}

/** A message that the client passes on like any other, with what it stands for. */
function mark(batch: Buffer, detail: string): object {
  const first = batch.readBigInt64BE(0);
  const nextOffset = Number(first) + batch.readInt32BE(lastOffsetDeltaAt) + 1;
  const unreadable: UnreadableMark = { nextOffset, detail };
  return {
    magicByte: magic,
    attributes: 0,
    timestamp: "0",
    offset: String(first),
    key: null,
    value: null,
    headers: {},
    isControlRecord: false,
    batchContext: { firstOffset: String(first), inTransaction: false, isControlBatch: false, producerId: "-1" },
    unreadable,
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
