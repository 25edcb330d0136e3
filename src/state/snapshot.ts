// A snapshot file's bytes: a header that says what it is and whether it is whole, then the fold's state.
//
//   "PREDEXP\n" (8 bytes) | format version (u32) | CRC-32 (u32) | saved at (f64) | state
//
// The checksum is of everything but itself; up to format 2 it was only of what is behind it, so that a bit that was turned in the
// format made another of which nothing seemed wrong.
import { crc32 } from "node:zlib";
import { currentFormat, Reader, Writer } from "../primitive/bytes.ts";
import { Fold } from "./fold.ts";
import type { FoldSettings } from "./settings.ts";

const magic = "PREDEXP\n";
/** Formats that are read; the last is written. */
const formats: readonly number[] = [1, 2, currentFormat];
const headerBytes = 16;
const checksumAt = 12;
/** The last whose checksum does not know its format. */
const lastBodyOnly = 2;

/** What was written is put aside when it is as much: one array that grows would be copied, and be had twice meanwhile. */
const pieceBytes = 2 ** 20;

export function encodeSnapshot(fold: Fold, savedMillis: number): Uint8Array {
  const snapshot = new SnapshotEncoder(fold, savedMillis);
  for (const _ of snapshot.parts());
  return Buffer.concat(snapshot.file());
}

/** Encodes a fold in parts; see `Fold.encodeParts` for what may not happen between them. */
export class SnapshotEncoder {
  readonly #fold: Fold;
  readonly #savedMillis: number;
  readonly #writer = new Writer();
  readonly #pieces: Uint8Array[] = [];
  readonly #header = headerOf(currentFormat);
  #checksum = crc32(this.#header.subarray(0, checksumAt));

  constructor(fold: Fold, savedMillis: number) {
    this.#fold = fold;
    this.#savedMillis = savedMillis;
  }

  *parts(): Iterable<void> {
    this.#writer.float(this.#savedMillis);
    for (const _ of this.#fold.encodeParts(this.#writer)) {
      yield;
      if (this.#writer.bytes().length < pieceBytes) continue;
      this.#putAside();
      yield;
    }
    this.#putAside();
  }

  #putAside(): void {
    const piece = this.#writer.bytes().slice();
    this.#writer.clear();
    this.#checksum = crc32(piece, this.#checksum);
    this.#pieces.push(piece);
  }

  /** The file's bytes, one piece behind the other, once all parts are there. */
  file(): readonly Uint8Array[] {
    this.#header.writeUInt32LE(this.#checksum, checksumAt);
    return [this.#header, ...this.#pieces];
  }
}

/** Without its checksum. */
function headerOf(format: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write(magic, "latin1");
  header.writeUInt32LE(format, 8);
  return header;
}

function isWhole(file: Buffer, format: number): boolean {
  const before = format <= lastBodyOnly ? 0 : crc32(file.subarray(0, checksumAt));
  return crc32(file.subarray(headerBytes), before) === file.readUInt32LE(checksumAt);
}

export type LoadedSnapshot =
  | { readonly fold: Fold; readonly savedMillis: number }
  /** Why these bytes cannot be continued. */
  | { readonly refused: string };

/**
 * Reads a snapshot; says why it cannot be used rather than throw. Models whose settings are others now keep their totals
 * and begin anew in all else: `Fold.begunAnew` names them.
 */
export function decodeSnapshot(bytes: Uint8Array, settings: FoldSettings): LoadedSnapshot {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < headerBytes || file.toString("latin1", 0, 8) !== magic) return { refused: "not a snapshot" };
  const format = file.readUInt32LE(8);
  if (!formats.includes(format))
    return { refused: `format ${format}; this version reads formats ${formats[0]} to ${currentFormat}` };
  if (!isWhole(file, format)) return { refused: "damaged: the checksum does not match" };
  try {
    const reader = new Reader(file.subarray(headerBytes), format);
    const savedMillis = reader.float();
    return { fold: Fold.decode(reader, settings), savedMillis };
  } catch (error) {
    return { refused: `unreadable: ${(error as Error).message}` };
  }
}
