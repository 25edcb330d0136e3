// Files of JSON Lines as a source: each file is a log, each line a record, its number (from 0) the offset.
// Files are read side by side, in bounded memory; `.gz` is decompressed on the way.
import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Log, RecordBatch, Sink, Source, SourceStatus } from "./source.ts";
import { within } from "./waiting.ts";

export interface InputFile {
  readonly path: string;
  readonly topic: string;
}

/** Lines handed over at once. */
const batchLines = 1000;
/** Of a longer line only so much is kept: enough for the decoder to see that it is too large. */
const longestLine = 16_777_216;
/** The longest that the end may wait for a sink. */
const longestEndMillis = 4000;
const newline = 10;
const carriageReturn = 13;

export class FileSource implements Source {
  readonly #files: readonly InputFile[];
  readonly #problems: string[] = [];
  #assigned = false;
  #stopped = false;
  #reading: Promise<void> = Promise.resolve();
  readonly #waiting = new Map<string, { readonly resumed: Promise<void>; readonly resume: () => void }>();

  constructor(files: readonly InputFile[]) {
    this.#files = files;
  }

  /** @throws where a file is not there */
  async start(sink: Sink): Promise<void> {
    for (const { path } of this.#files) {
      await access(path).catch((error: Error) => {
        throw new Error(`${path}: ${error.message}`);
      });
    }
    const begun: Begun[] = [];
    for (const file of this.#files) {
      // A sink that goes on in the middle has to know that the file reaches as far: files are read twice for that.
      const end = await countLines(file.path);
      const start = sink.start({ topic: file.topic, partition: 0 }, { low: 0, end });
      begun.push({ file, start: "offset" in start ? start.offset : 0, end });
    }
    this.#assigned = true;
    this.#reading = this.#readAll(sink, begun);
  }

  async #readAll(sink: Sink, begun: readonly Begun[]): Promise<void> {
    // All at once: one that is paused may wait for another.
    const reading = begun.map((one) =>
      this.#read(one, sink).catch((error: Error) => {
        this.#problems.push(`${one.file.path}: ${error.message}`);
      }),
    );
    await Promise.all(reading);
    if (!this.#stopped) sink.ended();
  }

  async #read({ file: { path, topic }, start, end }: Begun, sink: Sink): Promise<void> {
    const log = { topic, partition: 0 };
    if (!this.#stopped) sink.bounds(log, { low: 0, end });
    let offset = 0;
    let lines: Buffer[] = [];
    const hand = async (): Promise<void> => {
      const kept = lines;
      const first = offset - kept.length;
      lines = [];
      await this.#waiting.get(topic)?.resumed;
      if (!this.#stopped) await sink.batch(new LineBatch(log, kept, first, Math.max(end, first + kept.length)));
    };
    for await (const line of linesOf(open(path))) {
      if (this.#stopped) return;
      offset += 1;
      if (offset <= start) continue;
      lines.push(line);
      if (lines.length === batchLines) await hand();
    }
    if (lines.length > 0) await hand();
    if (!this.#stopped) sink.bounds(log, { low: 0, end: offset });
  }

  pause({ topic }: Log): void {
    if (this.#waiting.has(topic)) return;
    let resume: () => void = () => undefined;
    const resumed = new Promise<void>((resolve) => {
      resume = resolve;
    });
    this.#waiting.set(topic, { resumed, resume });
  }

  resume({ topic }: Log): void {
    this.#waiting.get(topic)?.resume();
    this.#waiting.delete(topic);
  }

  async commit(): Promise<void> {}

  status(): SourceStatus {
    return {
      up: this.#problems.length === 0,
      problems: this.#problems,
      assigned: this.#assigned,
      rebuilds: 0,
      errors: new Map(),
    };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { topic } of this.#files) this.resume({ topic, partition: 0 });
    await within(this.#reading, longestEndMillis).catch(() => undefined);
  }
}

/** A file of which the sink has said where to begin, and how many lines it had then. */
interface Begun {
  readonly file: InputFile;
  readonly start: number;
  readonly end: number;
}

/** How many lines can be read of a file. What is wrong with it is said when it is read. */
async function countLines(path: string): Promise<number> {
  let lines = 0;
  try {
    for await (const _line of linesOf(open(path))) lines += 1;
  } catch {
    return lines;
  }
  return lines;
}

function open(path: string): Readable {
  const file = createReadStream(path);
  if (!path.endsWith(".gz")) return file;
  const unzipped = createGunzip();
  file.on("error", (error) => unzipped.destroy(error));
  return file.pipe(unzipped);
}

/** The lines of a stream without their ends; empty lines are lines, but there is none after the last end of line. */
async function* linesOf(stream: Readable): AsyncIterable<Buffer> {
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

class LineBatch implements RecordBatch {
  readonly log: Log;
  readonly firstOffset: number;
  readonly endOffset: number;
  readonly #lines: readonly Buffer[];

  constructor(log: Log, lines: readonly Buffer[], firstOffset: number, endOffset: number) {
    this.log = log;
    this.#lines = lines;
    this.firstOffset = firstOffset;
    this.endOffset = endOffset;
  }

  get length(): number {
    return this.#lines.length;
  }

  get nextOffset(): number {
    return this.firstOffset + this.#lines.length;
  }

  value(index: number): Buffer {
    return this.#lines[index] as Buffer;
  }

  offset(index: number): number {
    return this.firstOffset + index;
  }

  timeMillis(): number {
    return Number.NaN;
  }
}
