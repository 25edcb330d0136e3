// CSV as a stream of rows (RFC 4180): cells in quotes may hold commas, ends of lines and quotes written twice; lines end
// with LF or CRLF. An empty cell is null, unless it is in quotes. The first row names the columns.
import { TableError, type TableSink } from "./table.ts";

/** A longer row is one whose quotes are not closed. */
const longestRow = 4_194_304;
const quote = 34;
const comma = 44;
const newline = 10;
const carriageReturn = 13;
const replacement = "\uFFFD";

/** Reads a stream to its end. @throws TableError where there are no columns, or a row never ends */
export async function readCsv(content: AsyncIterable<Uint8Array>, sink: TableSink): Promise<void> {
  const decoder = new TextDecoder("utf-8");
  const reader = new CsvReader(sink);
  for await (const chunk of content) reader.push(decoder.decode(chunk, { stream: true }));
  reader.end(decoder.decode());
}

export class CsvReader {
  readonly #sink: TableSink;
  readonly #cells: (string | null)[] = [];
  #columns = 0;
  /** By column; null before their names are known. */
  #isWanted: readonly boolean[] | null = null;
  /** What was read of a row that is not whole yet. */
  #rest = "";
  /** The line that it begins on. */
  #line = 1;
  /** Where the cell ends that was read last; -1 where the text ends before. */
  #cellEnd = 0;
  #damage = "";

  constructor(sink: TableSink) {
    this.#sink = sink;
  }

  push(text: string): void {
    const all = this.#rest === "" ? text : this.#rest + text;
    this.#rest = all.slice(this.#readRows(all, false));
    if (this.#rest.length > longestRow) {
      throw new TableError(`the row that begins in line ${this.#line} does not end: a quote may not be closed`);
    }
  }

  end(text: string): void {
    const all = this.#rest + text;
    this.#readRows(all, true);
    this.#rest = "";
    if (this.#columns === 0) throw new TableError("has no line that names its columns");
  }

  /** @returns where the first row begins that is not whole */
  #readRows(text: string, isAll: boolean): number {
    const mayBeDamaged = text.includes(replacement);
    let from = 0;
    while (from < text.length) {
      const end = this.#readRow(text, from, isAll);
      if (end === -1) return from;
      const lines = this.#linesBefore;
      if (mayBeDamaged && text.slice(from, end).includes(replacement)) this.#damage = "bad_utf8";
      this.#hand();
      this.#line += lines;
      from = end;
    }
    return from;
  }

  /** Lines that the row has which was read last. */
  #linesBefore = 0;

  /** Reads a row into the cells. @returns where the next one begins; -1 where the text ends before this one does */
  #readRow(text: string, from: number, isAll: boolean): number {
    this.#cells.length = 0;
    this.#damage = "";
    this.#linesBefore = 1;
    let at = from;
    for (;;) {
      if (text.charCodeAt(at) === quote) this.#readQuoted(text, at, isAll);
      else this.#readPlain(text, at, isAll);
      if (this.#cellEnd === -1) return -1;
      at = this.#cellEnd + 1;
      if (text.charCodeAt(this.#cellEnd) !== comma) return at;
    }
  }

  #readPlain(text: string, from: number, isAll: boolean): void {
    let end = from;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (code === comma || code === newline) break;
    }
    this.#cellEnd = end === text.length && !isAll ? -1 : end;
    const hasReturn = end > from && text.charCodeAt(end) !== comma && text.charCodeAt(end - 1) === carriageReturn;
    const cellEnd = hasReturn ? end - 1 : end;
    const isWanted = this.#isWanted === null || this.#isWanted[this.#cells.length] === true;
    this.#cells.push(cellEnd === from || !isWanted ? null : text.slice(from, cellEnd));
  }

  #readQuoted(text: string, from: number, isAll: boolean): void {
    let close = text.indexOf('"', from + 1);
    while (close !== -1 && text.charCodeAt(close + 1) === quote) close = text.indexOf('"', close + 2);
    if (close === -1 || (close + 1 === text.length && !isAll)) {
      this.#cellEnd = -1;
      if (isAll) this.#endInQuotes(text);
      return;
    }
    const inside = text.slice(from + 1, close);
    if (inside.includes("\n")) this.#linesBefore += inside.split("\n").length - 1;
    this.#cells.push(inside.includes('"') ? inside.replaceAll('""', '"') : inside);
    let end = close + 1;
    if (text.charCodeAt(end) === carriageReturn) end += 1;
    if (end === text.length && !isAll) {
      this.#cellEnd = -1;
      return;
    }
    const next = text.charCodeAt(end);
    this.#cellEnd = end;
    if (end >= text.length || next === comma || next === newline) return;
    this.#damage = "quotes";
    const [nextComma, nextLine] = [text.indexOf(",", end), text.indexOf("\n", end)];
    const ends = [nextComma, nextLine].filter((one) => one !== -1);
    this.#cellEnd = ends.length > 0 ? Math.min(...ends) : isAll ? text.length : -1;
  }

  #endInQuotes(text: string): void {
    this.#damage = "quotes";
    this.#cellEnd = text.length;
  }

  #hand(): void {
    const cells = this.#cells;
    if (cells.length === 1 && cells[0] === null && this.#columns !== 1) return;
    if (this.#columns === 0) {
      this.#columns = cells.length;
      this.#isWanted = this.#sink.columns(checkedNames(cells));
    } else if (this.#damage === "quotes")
      this.#sink.bad("quotes", this.#line, "a quote inside of a cell, or one that is not closed");
    else if (this.#damage !== "") this.#sink.bad(this.#damage, this.#line, "not valid UTF-8");
    else if (cells.length === this.#columns) this.#sink.row(cells, this.#line);
    else this.#sink.bad("cells", this.#line, `${cells.length} cells; there are ${this.#columns} columns`);
  }
}

function checkedNames(cells: readonly (string | null)[]): string[] {
  const names = cells.map((cell) => cell ?? "");
  const twice = names.find((name, index) => name !== "" && names.indexOf(name) !== index);
  if (twice !== undefined) throw new TableError(`has two columns ${JSON.stringify(twice)}`);
  return names;
}
