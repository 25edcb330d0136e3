// Files as streams of bytes and of lines, in bounded memory; `.gz` is decompressed on the way.
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** Of a longer line only so much is kept: enough for the decoder to see that it is too large. */
const longestLine = 16_777_216;
const newline = 10;
const carriageReturn = 13;

export interface OpenedFile {
  readonly content: Readable;
  /** How many bytes of the file itself were read so far. */
  readonly bytesRead: () => number;
}

export function openFile(path: string): OpenedFile {
  const file = createReadStream(path);
  const bytesRead = () => file.bytesRead;
  if (!path.endsWith(".gz")) return { content: file, bytesRead };
  const unzipped = createGunzip();
  file.on("error", (error) => unzipped.destroy(error));
  return { content: file.pipe(unzipped), bytesRead };
}

/** The lines of a stream without their ends; empty lines are lines, but there is none after the last end of line. */
export async function* linesOf(stream: Readable): AsyncIterable<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  const keep = (piece: Buffer): void => {
    if (length < longestLine) pieces.push(piece);
    length += piece.length;
  };
  const line = (): Buffer => {
    const whole = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
    pieces = [];
    length = 0;
    return whole.at(-1) === carriageReturn ? whole.subarray(0, -1) : whole;
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      keep(chunk.subarray(from, end));
      yield line();
      from = end + 1;
    }
    if (from < chunk.length) keep(chunk.subarray(from));
  }
  if (length > 0) yield line();
}
