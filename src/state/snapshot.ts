// A snapshot file's bytes: a header that says what it is and whether it is whole, then the fold's state.
//
//   "PREDEXP\n" (8 bytes) | format version (u32) | CRC-32 (u32) | saved at (f64) | state
//
// The checksum is of all behind it; from format 3 on of the format's version before that, too: a bit of it that has turned makes
// it another version that may be read.
import { crc32 } from "node:zlib";
import { currentFormat, Reader, Writer } from "../primitive/bytes.ts";
import { Fold } from "./fold.ts";
import type { FoldSettings } from "./settings.ts";

const magic = "PREDEXP\n";
/** Formats that are read; the last is written. */
const formats: readonly number[] = [1, 2, currentFormat];
/** The first whose checksum is of the version, too. */
const sealedFormat = 3;
const headerBytes = 16;

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
  #checksum = checksumSeed(currentFormat);

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
    const header = Buffer.alloc(headerBytes);
    header.write(magic, "latin1");
    header.writeUInt32LE(currentFormat, 8);
    header.writeUInt32LE(this.#checksum, 12);
    return [header, ...this.#pieces];
  }
}

/** What the checksum of the state goes on from. */
function checksumSeed(format: number): number {
  if (format < sealedFormat) return 0;
  const version = Buffer.alloc(4);
  version.writeUInt32LE(format);
  return crc32(version);
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
  if (!formats.includes(format)) return { refused: `format ${format}; this version reads formats 1 to ${currentFormat}` };
  const body = file.subarray(headerBytes);
  if (crc32(body, checksumSeed(format)) !== file.readUInt32LE(12)) return { refused: "damaged: the checksum does not match" };
  try {
    const reader = new Reader(body, format);
    const savedMillis = reader.float();
    return { fold: Fold.decode(reader, settings), savedMillis };
  } catch (error) {
    return { refused: `unreadable: ${(error as Error).message}` };
  }
}
