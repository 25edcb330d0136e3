// Decompression of record batches, by Kafka's codec numbers. All of it is synchronous: a hop to the thread pool costs
// more than a batch takes.
import * as zlib from "node:zlib";
import { decompress as decompressLz4, decompressBound as lz4Bound } from "lz4js";
import { uncompressSnappy } from "../snappy.ts";

/** A batch that grows beyond this is not decompressed: it would take the process's memory. */
const largestBytes = 268_435_456;

export const codecNumbers = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

export type Decompress = (compressed: Buffer) => Buffer;

/** By name; a test may put another in the place of one. */
export const codecs: Record<keyof typeof codecNumbers, Decompress> = {
  gzip: (compressed) => zlib.gunzipSync(compressed, { maxOutputLength: largestBytes }),
  snappy,
  lz4,
  zstd: (compressed) => zlib.zstdDecompressSync(compressed, { maxOutputLength: largestBytes }),
};

/** Java producers frame blocks as snappy-java does: magic, version, compatible version, then length and block by turns. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderBytes = 16;

function snappy(compressed: Buffer): Buffer {
  if (!compressed.subarray(0, xerialMagic.length).equals(xerialMagic)) return block(compressed);
  const blocks: Buffer[] = [];
  let at = xerialHeaderBytes;
  while (at < compressed.length) {
    const length = compressed.readUInt32BE(at);
    if (at + 4 + length > compressed.length) throw new RangeError("a Snappy block goes beyond its batch");
    blocks.push(block(compressed.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return Buffer.concat(blocks);
}

const lz4DescriptorAt = 4;
const lz4ContentSize = 0x08;
const lz4BlockSums = 0x10;
/** Magic, two bytes of descriptor, its checksum; then the size of the content, if the descriptor says so. */
const lz4HeaderBytes = 7;

/**
 * The package reads on behind the end for as long as a length says: minutes, where one byte of it is damaged.
 * @throws where a block goes beyond the frame
 */
function checkLz4Blocks(frame: Buffer): void {
  const descriptor = frame.readUInt8(lz4DescriptorAt);
  let at = lz4HeaderBytes + ((descriptor & lz4ContentSize) === 0 ? 0 : 8);
  for (;;) {
    const length = frame.readUInt32LE(at) & 0x7fffffff;
    if (length === 0) return;
    at += 4 + length + ((descriptor & lz4BlockSums) === 0 ? 0 : 4);
    if (at > frame.length) throw new RangeError("an LZ4 block goes beyond its frame");
  }
}

function lz4(compressed: Buffer): Buffer {
  checkLz4Blocks(compressed);
  if (lz4Bound(compressed) > largestBytes) throw new RangeError(`an LZ4 batch of more than ${largestBytes} bytes`);
  return Buffer.from(decompressLz4(compressed));
}

function block(compressed: Buffer): Buffer {
  return uncompressSnappy(compressed, largestBytes);
}
