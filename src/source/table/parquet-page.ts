// A page of a Parquet column: decompressed, decoded, and kept as it is stored.
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import type { Compressors, DecodedArray, ParquetParsers } from "hyparquet";
import { convert, DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { decompressPage, readDataPage, readDataPageV2 } from "hyparquet/src/datapage.js";
import { getMaxDefinitionLevel } from "hyparquet/src/schema.js";
import type { ColumnDecoder, DataPage, PageHeader } from "hyparquet/src/types.js";
import { uncompressSnappy } from "../snappy.ts";
import { TableError } from "./table.ts";

/** A page that grows beyond this is not decompressed: it would take the process's memory. */
export const largestPage = 268_435_456;

/** What is missing here is refused with the codec's name. */
export const compressors: Compressors = {
  SNAPPY: (input) => uncompressSnappy(input, largestPage),
  GZIP: (input) => gunzipSync(input, { maxOutputLength: largestPage }),
  ZSTD: (input) => zstdDecompressSync(input, { maxOutputLength: largestPage }),
};

/** Times as milliseconds since 1970, dates as texts, as JSON would have them. */
export const parsers: ParquetParsers = {
  ...DEFAULT_PARSERS,
  timestampFromMilliseconds: (millis: bigint) => Number(millis),
  timestampFromMicroseconds: (micros: bigint) => Math.floor(Number(micros) / 1e3),
  timestampFromNanoseconds: (nanos: bigint) => Math.floor(Number(nanos) / 1e6),
  dateFromDays: (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10),
};

/** The values of a page as they are stored: where there is one in a row, and which. */
export class Page {
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

export const noPage = new Page(0, null, null, []);

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
export function pageOf(
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
