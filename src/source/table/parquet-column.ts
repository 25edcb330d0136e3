// A column of Parquet as values one after another: a page at a time is read and decoded, so that no more is in memory.
import type { FileHandle } from "node:fs/promises";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import type { ColumnMetaData, Compressors, DecodedArray, ParquetParsers, SchemaTree } from "hyparquet";
import { parquetHeader, readPage } from "hyparquet/src/column.js";
import { convert, DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { decompressPage, readDataPage, readDataPageV2 } from "hyparquet/src/datapage.js";
import { getMaxDefinitionLevel } from "hyparquet/src/schema.js";
import type { ColumnDecoder, DataPage, PageHeader } from "hyparquet/src/types.js";
import { uncompressSnappy } from "../snappy.ts";
import { TableError } from "./table.ts";

/** Bytes that are read together; more where a page needs it. Headers of pages are smaller. */
const windowBytes = 262_144;
/** A page that grows beyond this is not decompressed: it would take the process's memory. */
const largestPage = 268_435_456;

/** What is missing here is refused with the codec's name. */
const compressors: Compressors = {
  SNAPPY: (input) => uncompressSnappy(input, largestPage),
  GZIP: (input) => gunzipSync(input, { maxOutputLength: largestPage }),
  ZSTD: (input) => zstdDecompressSync(input, { maxOutputLength: largestPage }),
};

/** Times as milliseconds since 1970, dates as texts, as JSON would have them. */
const parsers: ParquetParsers = {
  ...DEFAULT_PARSERS,
  timestampFromMilliseconds: (millis: bigint) => Number(millis),
  timestampFromMicroseconds: (micros: bigint) => Math.floor(Number(micros) / 1e3),
  timestampFromNanoseconds: (nanos: bigint) => Math.floor(Number(nanos) / 1e6),
  dateFromDays: (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10),
};

/** A column that has one value a row: a plain one, or a field of a struct. */
export interface Leaf {
  /** Keys from the outside in. */
  readonly path: readonly string[];
  /** From the root to the column. */
  readonly schemaPath: SchemaTree[];
}

/** The columns of a schema that have one value a row, and the names of those that have lists of them. */
export function leavesOf(root: SchemaTree): { leaves: Leaf[]; lists: string[] } {
  const leaves: Leaf[] = [];
  const lists: string[] = [];
  const walk = (path: SchemaTree[]): void => {
    for (const child of (path.at(-1) as SchemaTree).children) {
      if (child.element.repetition_type === "REPEATED" || hasList(child)) lists.push(child.path.join("."));
      else if (child.children.length > 0) walk([...path, child]);
      else leaves.push({ path: child.path, schemaPath: [...path, child] });
    }
  };
  walk([root]);
  return { leaves, lists };
}

/** Lists are groups of a repeated one. */
function hasList({ children }: SchemaTree): boolean {
  return children.length === 1 && children[0]?.element.repetition_type === "REPEATED";
}

export class ParquetColumn {
  readonly #file: FileHandle;
  readonly #name: string;
  readonly #decoder: ColumnDecoder;
  /** Of the row group. */
  readonly #rows: number;
  /** Where the next page begins, and where the chunk ends. */
  #at: number;
  readonly #end: number;
  #window = new ArrayBuffer(0);
  #windowAt = 0;
  #dictionary: DecodedArray | undefined;
  #page: Page = noPage;
  #row = 0;

  /** @param chunk of one row group */
  constructor(file: FileHandle, leaf: Leaf, chunk: ColumnMetaData) {
    this.#file = file;
    this.#name = leaf.path.join(".");
    this.#rows = Number(chunk.num_values);
    const { element } = leaf.schemaPath.at(-1) as SchemaTree;
    const { type, codec, path_in_schema: pathInSchema } = chunk;
    this.#decoder = { type, codec, element, schemaPath: leaf.schemaPath, pathInSchema, parsers, compressors };
    const { dictionary_page_offset: dictionary, data_page_offset: data, total_compressed_size: size } = chunk;
    this.#at = Number(dictionary !== undefined && dictionary > 0n && dictionary < data ? dictionary : data);
    this.#end = this.#at + Number(size);
  }

  /** Values that can be taken at once. */
  get ready(): number {
    return this.#page.length - this.#row;
  }

  take(): unknown {
    return plain(this.#page.at(this.#row++));
  }

  /** Reads pages until there is a value. @throws where there are no more */
  async load(): Promise<void> {
    while (this.ready === 0) {
      if (this.#at >= this.#end) throw new TableError(`column ${this.#name} has too few values`);
      await this.#readPage();
    }
  }

  async #readPage(): Promise<void> {
    const reader = { view: await this.#view(0), offset: 0 };
    const header = parquetHeader(reader);
    const length = reader.offset + header.compressed_page_size;
    const sizes = [header.compressed_page_size, header.uncompressed_page_size];
    if (sizes.some((size) => !(size >= 0))) throw new TableError("has a damaged page");
    if (sizes.some((size) => size > largestPage)) throw new TableError(`has a page of more than ${largestPage} bytes`);
    if (length > reader.view.byteLength) reader.view = await this.#view(length);
    this.#at += length;
    // What was read to its end is let go of: decoded pages take enough.
    if (this.#at >= this.#windowAt + this.#window.byteLength) this.#window = new ArrayBuffer(0);
    if (header.type === "DICTIONARY_PAGE") {
      const { data = [] } = readPage(reader, header, this.#decoder, undefined, undefined, 0);
      this.#dictionary = convert(data, this.#decoder);
      return;
    }
    const bytes = new Uint8Array(reader.view.buffer, reader.view.byteOffset + reader.offset, header.compressed_page_size);
    this.#page = pageOf(bytes, header, this.#decoder, this.#dictionary, this.#rows);
    this.#row = 0;
  }

  /** The bytes from the next page on: as many as are needed, or as are read together anyway. */
  async #view(needed: number): Promise<DataView> {
    const from = this.#at - this.#windowAt;
    const there = this.#window.byteLength - from;
    const left = this.#end - this.#at;
    // A header may be cut off at the end of what was read; a quarter is more than any has.
    const isEnough = needed === 0 ? there >= Math.min(left, windowBytes / 4) : there >= needed;
    if (from >= 0 && there > 0 && isEnough) return new DataView(this.#window, from);
    const length = Math.min(left, Math.max(needed, windowBytes));
    if (length < needed) throw new TableError("ends too early");
    // Always new: pages may be views of the bytes that were read before.
    this.#window = new ArrayBuffer(length);
    this.#windowAt = this.#at;
    const { bytesRead } = await this.#file.read(new Uint8Array(this.#window), 0, length, this.#at);
    if (bytesRead < length) throw new TableError("ends too early");
    return new DataView(this.#window);
  }
}

/** The values of a page as they are stored: where there is one in a row, and which. */
class Page {
  readonly length: number;
  /** By row, whether there is a value; null where every row has one. */
  readonly #isThere: Uint8Array | null;
  /** By value, its position in `values`; null where they stand there one after another. */
  readonly #codes: Uint32Array | null;
  readonly #values: DecodedArray | unknown[];
  #next = 0;

  constructor(length: number, isThere: Uint8Array | null, codes: Uint32Array | null, values: DecodedArray | unknown[]) {
    this.length = length;
    this.#isThere = isThere;
    this.#codes = codes;
    this.#values = values;
  }

  /** The value of a row; rows are asked for one after another. */
  at(row: number): unknown {
    if (this.#isThere !== null && this.#isThere[row] === 0) return null;
    const at = this.#next++;
    return this.#values[this.#codes === null ? at : (this.#codes[at] as number)];
  }
}

const noPage = new Page(0, null, null, []);

/** The library believes what a page says of itself; where that is damaged it would not come to an end. */
function checkHeader(
  { data_page_header_v2: second }: PageHeader,
  about: { num_values: number; encoding: unknown },
  rows: number,
): void {
  const counts = [
    about.num_values,
    ...(second === undefined
      ? []
      : [second.num_nulls, second.definition_levels_byte_length, second.repetition_levels_byte_length]),
  ];
  const areCounts = counts.every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!areCounts || about.encoding === undefined) throw new TableError("has a damaged page");
  if (about.num_values > rows) throw new TableError(`has a page of ${about.num_values} values in a group of ${rows} rows`);
}

/** Decodes a page of values. What the library would make of it, an array of arrays, takes many times more. */
function pageOf(
  bytes: Uint8Array,
  header: PageHeader,
  decoder: ColumnDecoder,
  dictionary: DecodedArray | undefined,
  rows: number,
): Page {
  const about = header.data_page_header_v2 ?? header.data_page_header;
  if (about === undefined) throw new TableError(`has a page of the unknown type ${String(header.type)}`);
  checkHeader(header, about, rows);
  const { definitionLevels, dataPage } = levelsAndValues(bytes, header, decoder);
  const isThere = presence(definitionLevels, getMaxDefinitionLevel(decoder.schemaPath));
  if (dictionary === undefined || !about.encoding.endsWith("_DICTIONARY")) {
    return new Page(about.num_values, isThere, null, convert(dataPage, decoder));
  }
  return new Page(about.num_values, isThere, new Uint32Array(dataPage as ArrayLike<number>), dictionary);
}

function levelsAndValues(bytes: Uint8Array, header: PageHeader, decoder: ColumnDecoder): DataPage {
  const first = header.data_page_header;
  if (first === undefined) return readDataPageV2(bytes, header, decoder);
  return readDataPage(decompressPage(bytes, header.uncompressed_page_size, decoder.codec, compressors), first, decoder);
}

/** @returns null where every row has a value */
function presence(levels: readonly number[] | undefined, most: number): Uint8Array | null {
  if (levels === undefined || levels.length === 0) return null;
  const isThere = new Uint8Array(levels.length);
  let values = 0;
  for (let row = 0; row < levels.length; row++) {
    if (levels[row] !== most) continue;
    isThere[row] = 1;
    values += 1;
  }
  return values === levels.length ? null : isThere;
}

/** A value as JSON would have it: whole numbers of 64 bits as numbers where these hold them exactly, else as texts. */
function plain(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "string") return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value === undefined || value === null) return null;
  return value;
}
