// A column of Parquet as values one after another: a page at a time is read and decoded, so that no more is in memory.
import type { FileHandle } from "node:fs/promises";
import type { ColumnMetaData, DecodedArray, SchemaTree } from "hyparquet";
import { parquetHeader, readPage } from "hyparquet/src/column.js";
import { convert } from "hyparquet/src/convert.js";
import type { ColumnDecoder } from "hyparquet/src/types.js";
import { compressors, largestPage, noPage, type Page, pageOf, parsers } from "./parquet-page.ts";
import { TableError } from "./table.ts";

/** Bytes that are read together; more where a page needs it. Headers of pages are smaller. */
const windowBytes = 262_144;

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

/** A value as JSON would have it: whole numbers of 64 bits as numbers where these hold them exactly, else as texts. */
function plain(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "string") return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value === undefined || value === null) return null;
  return value;
}
