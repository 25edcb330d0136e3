// Makes the client of this process compress with every codec, as producers of other languages do; reading stays as it is.
import * as zlib from "node:zlib";
import kafkajs from "kafkajs";
import { compress as compressLz4 } from "lz4js";
import { compress as compressSnappy } from "snappyjs";

export const { CompressionTypes } = kafkajs;

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}
const codecs = kafkajs.CompressionCodecs as unknown as Record<number, () => Codec>;

/** Replaces how the client compresses with a codec. */
export function changeCodec(type: number, change: Partial<Codec>): void {
  const known = (codecs[type] as () => Codec)();
  Object.assign(codecs, { [type]: () => ({ ...known, ...change }) });
}

/** As snappy-java frames it: magic, version, compatible version, then blocks of at most 32 KiB with their lengths. */
export function xerial(data: Buffer): Buffer {
  const version = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]);
  const parts = [Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]), version];
  for (let at = 0; at < data.length; at += 32_768) {
    const block = Buffer.from(compressSnappy(data.subarray(at, at + 32_768)));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

export function rawSnappy(data: Buffer): Buffer {
  return Buffer.from(compressSnappy(data));
}

const lz4BlockBytes = 65_536;
/** Of a block, a match may begin no later than so many bytes before its end, and the last five bytes are no match. */
const lz4LastMatchBytes = 12;
const lz4LastLiterals = 5;

/** As the brokers want it, other than the package makes its frames: blocks that stand alone, and end as the format says. */
export function lz4Frame(data: Buffer): Buffer {
  // Version 1, independent blocks; blocks of at most 64 KiB; the second byte of xxHash32 of these two.
  const parts: Buffer[] = [Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82])];
  for (let at = 0; at < data.length; at += lz4BlockBytes) {
    const plain = data.subarray(at, at + lz4BlockBytes);
    // In the package's frame of one block: seven bytes of header and four of length before it, four of an end mark behind.
    const block = Buffer.from(compressLz4(plain)).subarray(11, -4);
    const isSound = block.length < plain.length && endsAsItShould(block, plain.length);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(isSound ? block.length : plain.length + 0x80000000);
    parts.push(length, isSound ? block : plain);
  }
  parts.push(Buffer.alloc(4));
  return Buffer.concat(parts);
}

/** Whether a compressed block keeps matches away from its end: the package does not always, and the brokers refuse it. */
function endsAsItShould(block: Buffer, plainBytes: number): boolean {
  let [at, written, matchFrom, matchTo] = [0, 0, 0, 0];
  const lengthFrom = (nibble: number): number => {
    let length = nibble;
    for (let more = nibble === 15 ? 255 : 0; more === 255; length += more) more = block[at++] as number;
    return length;
  };
  while (at < block.length) {
    const token = block[at++] as number;
    const literals = lengthFrom(token >> 4);
    at += literals;
    written += literals;
    if (at >= block.length) break;
    at += 2;
    matchFrom = written;
    written += lengthFrom(token & 15) + 4;
    matchTo = written;
  }
  return matchFrom <= plainBytes - lz4LastMatchBytes && matchTo <= plainBytes - lz4LastLiterals;
}

/** As the Java client writes it: the frame does not say how much it holds. */
export function zstdWithoutSize(data: Buffer): Buffer {
  return zlib.zstdCompressSync(data, { params: { [zlib.constants.ZSTD_c_contentSizeFlag]: 0 } });
}
