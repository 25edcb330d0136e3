// Decompression of Snappy blocks, in Kafka's batches and in Parquet's pages: the library's, behind a look at what it would
// believe. Format: https://github.com/google/snappy/blob/main/format_description.txt
import { snappyUncompress } from "hyparquet";

const literal = 0;
/** Literals of more bytes than this say their length in one to four bytes behind the tag. */
const longestInTag = 60;
/** Bytes of a copy behind its tag, by the tag's lowest bits. */
const bytesOfCopy = [0, 1, 2, 4] as const;

/** @throws where the block is damaged, or longer than `most` when decompressed */
export function uncompressSnappy(block: Uint8Array, most: number): Buffer {
  const { length, from } = preamble(block, most);
  checkLiterals(block, from);
  const output = Buffer.alloc(length);
  snappyUncompress(block, output);
  return output;
}

/** A block begins with its length when decompressed, 7 bits a byte, the lowest first. */
function preamble(block: Uint8Array, most: number): { length: number; from: number } {
  let length = 0;
  for (let at = 0, factor = 1; at < block.length; at++, factor *= 128) {
    const byte = block[at] as number;
    length += (byte & 0x7f) * factor;
    if (length > most) throw new RangeError(`a Snappy block of more than ${most} bytes`);
    if (byte < 0x80) return { length, from: at + 1 };
  }
  throw new RangeError("a Snappy block ends before it says its length");
}

/** The library takes a length of 2^31 and more for a negative one, and would go back and forth without an end. */
function checkLiterals(block: Uint8Array, from: number): void {
  let at = from;
  while (at < block.length) {
    const tag = block[at++] as number;
    const kind = tag & 3;
    at += kind === literal ? literalBytes(block, at, tag >>> 2) : (bytesOfCopy[kind] as number);
    if (at > block.length) throw new RangeError("a Snappy block ends inside of an element");
  }
}

/** @param code what the tag says: a length less one, or in how many bytes that follows */
function literalBytes(block: Uint8Array, at: number, code: number): number {
  if (code < longestInTag) return code + 1;
  const bytes = code - longestInTag + 1;
  let length = 0;
  for (let index = bytes - 1; index >= 0; index--) length = length * 256 + (block[at + index] ?? 0);
  return bytes + length + 1;
}
