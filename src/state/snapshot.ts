// A snapshot file's bytes: a header that says what it is and whether it is whole, then the fold's state.
//
//   "PREDEXP\n" (8 bytes) | format version (u32) | CRC-32 of the rest (u32) | saved at (f64) | state
import { crc32 } from "node:zlib";
import { currentFormat, Reader, Writer } from "../primitive/bytes.ts";
import { Fold } from "./fold.ts";
import type { FoldSettings } from "./settings.ts";

const magic = "PREDEXP\n";
/** Formats that are read; the last is written. */
const formats: readonly number[] = [1, currentFormat];
const headerBytes = 16;

export function encodeSnapshot(fold: Fold, savedMillis: number): Uint8Array {
  const snapshot = new SnapshotEncoder(fold, savedMillis);
  for (const _ of snapshot.parts());
  return snapshot.file();
}

/** Encodes a fold in parts; see `Fold.encodeParts` for what may not happen between them. */
export class SnapshotEncoder {
  readonly #fold: Fold;
  readonly #savedMillis: number;
  readonly #writer = new Writer();

  constructor(fold: Fold, savedMillis: number) {
    this.#fold = fold;
    this.#savedMillis = savedMillis;
  }

  *parts(): Iterable<void> {
    this.#writer.float(this.#savedMillis);
    yield* this.#fold.encodeParts(this.#writer);
  }

  /** The file's bytes, once all parts are there. */
  file(): Uint8Array {
    const body = this.#writer.bytes();
    const file = Buffer.alloc(headerBytes + body.length);
    file.write(magic, "latin1");
    file.writeUInt32LE(currentFormat, 8);
    file.writeUInt32LE(crc32(body), 12);
    file.set(body, headerBytes);
    return file;
  }
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
  if (!formats.includes(format)) return { refused: `format ${format}; this version reads formats ${formats.join(" and ")}` };
  const body = file.subarray(headerBytes);
  if (crc32(body) !== file.readUInt32LE(12)) return { refused: "damaged: the checksum does not match" };
  try {
    const reader = new Reader(body, format);
    const savedMillis = reader.float();
    return { fold: Fold.decode(reader, settings), savedMillis };
  } catch (error) {
    return { refused: `unreadable: ${(error as Error).message}` };
  }
}
