// Files as rows of a reference: JSON Lines, CSV (both also .gz) and Parquet, told apart by their names.
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import type { DecodeOptions, Decoder, Receiver } from "../../decode/decoder.ts";
import { TableRows } from "../../decode/table-row.ts";
import { linesOf, type OpenedFile, openFile } from "../../source/lines.ts";
import { readCsv } from "../../source/table/csv.ts";
import { readParquet } from "../../source/table/parquet.ts";
import { TableError, type TableSink } from "../../source/table/table.ts";
import type { RowPass } from "./row-pass.ts";

/** The time of a line that has none: outside of what a time may be. */
const noTime = -1;

export interface LineFormat {
  /** Of lines of JSON. */
  readonly decoder: Decoder;
  readonly options: DecodeOptions;
}

export type FileKind = "lines" | "csv" | "parquet";

/** What kind of file it is by its name; null where it is none that can be read. */
export function fileKind(path: string): FileKind | null {
  const zipped = path.endsWith(".gz");
  const ending = extname(zipped ? path.slice(0, -3) : path);
  if (ending === ".jsonl" || ending === ".ndjson") return "lines";
  if (ending === ".csv") return "csv";
  return ending === ".parquet" && !zipped ? "parquet" : null;
}

/** Goes through all files once. @throws with the file's name where one cannot be read to its end */
export async function readFiles(paths: readonly string[], format: LineFormat, pass: RowPass): Promise<void> {
  const sizes = await Promise.all(paths.map(async (path) => (await named(path, () => stat(path))).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let before = 0;
  for (const [index, path] of paths.entries()) {
    const size = sizes[index] as number;
    const done = before;
    await named(path, () => readFile(path, format, pass, (share) => pass.progress((done + share * size) / Math.max(total, 1))));
    before += size;
  }
}

async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}

async function readFile(path: string, format: LineFormat, pass: RowPass, progress: (share: number) => void): Promise<void> {
  const kind = fileKind(path);
  if (kind === "parquet") {
    const lists = await readParquet(path, new TableIntake(path, "row", pass), (done, of) => progress(done / Math.max(of, 1)));
    pass.counts.notes.push(...lists.map((name) => `${path}: column ${name} holds lists`));
    return;
  }
  const file = openFile(path);
  const { size } = await stat(path);
  const tell = () => progress(file.bytesRead() / Math.max(size, 1));
  if (kind === "csv") await readCsv(told(file.content, tell), new TableIntake(path, "line", pass));
  else await readLines(path, file, format, pass, tell);
}

async function* told(content: AsyncIterable<Uint8Array>, tell: () => void): AsyncIterable<Uint8Array> {
  for await (const chunk of content) {
    yield chunk;
    tell();
  }
}

/** Lines between two looks at how far it is. */
const linesTogether = 1000;

async function readLines(path: string, file: OpenedFile, format: LineFormat, pass: RowPass, tell: () => void): Promise<void> {
  let line = 0;
  const place = (): string => `${path}:${line}`;
  const receiver: Receiver = {
    event(event) {
      const timeMillis = event.timeMillis === noTime ? Number.NaN : event.timeMillis;
      if (event.type === "prediction") pass.takeEvent(event, timeMillis);
      else if (event.type === "outcome") pass.takeOutcome({ ...event, timeMillis });
      else pass.other();
    },
    reject: (reason, detail) => pass.bad(reason, place, detail),
  };
  for await (const bytes of linesOf(file.content)) {
    line += 1;
    if (bytes.length > 0) format.decoder.decode(bytes, noTime, format.options, receiver);
    if (line % linesTogether === 0) tell();
  }
}

/** Takes the rows of one table. */
class TableIntake implements TableSink {
  readonly #path: string;
  readonly #unit: "line" | "row";
  readonly #pass: RowPass;
  #rows: TableRows | null = null;

  constructor(path: string, unit: "line" | "row", pass: RowPass) {
    this.#path = path;
    this.#unit = unit;
    this.#pass = pass;
  }

  columns(names: readonly string[]): boolean[] {
    const { target, wanted } = this.#pass;
    this.#rows = new TableRows(names, target.schema, { ...wanted, texts: this.#unit === "line", ids: target.ids });
    return this.#rows.wanted;
  }

  row(cells: readonly unknown[], at: number): void {
    if (this.#rows === null) throw new TableError("has rows before its columns");
    const taken = this.#rows.take(cells, this.#pass.target.frame);
    if (taken === "other") this.#pass.other();
    else if ("reason" in taken) this.bad(taken.reason, at, taken.detail);
    else this.#pass.take(taken.segment, taken.id);
  }

  bad(reason: string, at: number, detail: string): void {
    const place = (): string => (this.#unit === "line" ? `${this.#path}:${at}` : `${this.#path}: row ${at}`);
    this.#pass.bad(reason, place, detail);
  }
}
