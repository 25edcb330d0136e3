// Files of JSON Lines as a source: each file is a log, each line a record, its number (from 0) the offset.
// Files are read side by side, in bounded memory; `.gz` is decompressed on the way.
import { access } from "node:fs/promises";
import { linesOf, openFile } from "./lines.ts";
import type { Log, RecordBatch, Sink, Source, SourceStatus } from "./source.ts";
import { within } from "./waiting.ts";

export interface InputFile {
  readonly path: string;
  readonly topic: string;
}

/** Lines handed over at once. */
const batchLines = 1000;
/** The longest that the end may wait for a sink. */
const longestEndMillis = 4000;

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
    for await (const line of linesOf(openFile(path).content)) {
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
    for await (const _line of linesOf(openFile(path).content)) lines += 1;
  } catch {
    return lines;
  }
  return lines;
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
