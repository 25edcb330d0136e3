// Parquet as rows: a slice of a row group at a time, column by column, so that no more than a slice of rows is in memory.
import { type FileHandle, open } from "node:fs/promises";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  type AsyncBuffer,
  type Compressors,
  type DecodedArray,
  type FileMetaData,
  type ParquetParsers,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
} from "hyparquet";
import { TableError, type TableSink } from "./table.ts";

/** Rows that are in memory at once. A column is decoded again for each slice of a group: fewer would cost time. */
const sliceRows = 131_072;
/** A page that grows beyond this is not decompressed: it would take the process's memory. */
const largestPage = 268_435_456;

/** Snappy is the library's own. What is missing here is refused with the codec's name. */
const compressors: Compressors = {
  GZIP: (input) => gunzipSync(input, { maxOutputLength: largestPage }),
  ZSTD: (input) => zstdDecompressSync(input, { maxOutputLength: largestPage }),
};

/** Times as milliseconds since 1970, dates as texts, as JSON would have them. */
const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis) => Number(millis),
  timestampFromMicroseconds: (micros) => Math.floor(Number(micros) / 1e3),
  timestampFromNanoseconds: (nanos) => Math.floor(Number(nanos) / 1e6),
  dateFromDays: (days) => new Date(days * 86_400_000).toISOString().slice(0, 10),
};

/**
 * Reads a file to its end.
 * @param onRows how many of how many rows were handed over
 * @throws TableError where it is no Parquet, is damaged, or is compressed or encoded in a way that cannot be read
 */
export async function readParquet(path: string, sink: TableSink, onRows: (done: number, of: number) => void): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    await readRows(buffer(file, size), sink, onRows);
  } catch (error) {
    if (error instanceof TableError || (error as NodeJS.ErrnoException).code !== undefined) throw error;
    throw new TableError((error as Error).message.replace(/^parquet /, ""));
  } finally {
    await file.close();
  }
}

function buffer(file: FileHandle, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const bytes = new ArrayBuffer(end - start);
      const { bytesRead } = await file.read(new Uint8Array(bytes), 0, end - start, start);
      if (bytesRead < end - start) throw new TableError("ends too early");
      return bytes;
    },
  };
}

async function readRows(file: AsyncBuffer, sink: TableSink, onRows: (done: number, of: number) => void): Promise<void> {
  if (file.byteLength < 12) throw new TableError("is too short to be Parquet");
  const metadata = await parquetMetadataAsync(file, { geoparquet: false });
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  const scan = await parquetScan({ file, metadata, compressors, parsers, geoparquet: false });
  const total = Number(metadata.num_rows);
  sink.columns(columns);
  let done = 0;
  for (const { rowStart, rowEnd } of slices(metadata)) {
    const data: DecodedArray[] = [];
    for (const column of columns) data.push(await scan.readColumn({ column, rowStart, rowEnd }));
    handRows(data, rowStart, rowEnd, sink);
    done += rowEnd - rowStart;
    onRows(done, total);
  }
}

function* slices({ row_groups }: FileMetaData): Iterable<{ rowStart: number; rowEnd: number }> {
  let groupStart = 0;
  for (const { num_rows } of row_groups) {
    const groupEnd = groupStart + Number(num_rows);
    for (let rowStart = groupStart; rowStart < groupEnd; rowStart += sliceRows) {
      yield { rowStart, rowEnd: Math.min(rowStart + sliceRows, groupEnd) };
    }
    groupStart = groupEnd;
  }
}

function handRows(data: readonly DecodedArray[], rowStart: number, rowEnd: number, sink: TableSink): void {
  const cells = new Array<unknown>(data.length);
  for (let row = 0; row < rowEnd - rowStart; row++) {
    for (let column = 0; column < data.length; column++) cells[column] = plain((data[column] as DecodedArray)[row]);
    sink.row(cells, rowStart + row + 1);
  }
}

/** A value as JSON would have it: whole numbers of 64 bits as numbers where these hold them exactly, else as texts. */
function plain(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "string") return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value === undefined || value === null) return null;
  if (typeof value !== "object" || Array.isArray(value) || ArrayBuffer.isView(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([name, inner]) => [name, plain(inner)]));
}
