// Parquet as rows: columns side by side, a page of each in memory.
import { type FileHandle, open } from "node:fs/promises";
import { type AsyncBuffer, parquetMetadataAsync, parquetSchema, type RowGroup } from "hyparquet";
import { type Leaf, leavesOf, ParquetColumn } from "./parquet-column.ts";
import { TableError, type TableSink } from "./table.ts";

/** Magic at both ends, and the length of the metadata. */
const leastBytes = 12;
/** Metadata may say more of a file than a process can hold. */
const mostMetadataBytes = 67_108_864;
/** Rows after which it is told how far it is. */
const rowsTogether = 65_536;

/**
 * Reads a file to its end. Fields of structs are columns whose names are joined by dots.
 * @param onRows how many of how many rows were handed over
 * @returns the names of columns that hold lists, which are not read
 * @throws TableError where it is no Parquet, is damaged, or is compressed or encoded in a way that cannot be read
 */
export async function readParquet(path: string, sink: TableSink, onRows: (done: number, of: number) => void): Promise<string[]> {
  const file = await open(path);
  try {
    return await readRows(file, sink, onRows);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof TableError || code !== undefined) throw error;
    throw new TableError(message.replace(/^parquet /, ""));
  } finally {
    await file.close();
  }
}

async function readRows(file: FileHandle, sink: TableSink, onRows: (done: number, of: number) => void): Promise<string[]> {
  const { size } = await file.stat();
  if (size < leastBytes) throw new TableError("is too short to be Parquet");
  const metadata = await parquetMetadataAsync(buffer(file, size), { geoparquet: false });
  const { leaves, lists } = leavesOf(parquetSchema(metadata));
  const isWanted = sink.columns(leaves.map(({ path }) => path.join(".")));
  let done = 0;
  for (const group of metadata.row_groups) {
    const columns = leaves.map((leaf, index) => (isWanted[index] === true ? columnOf(file, leaf, group) : null));
    for (let left = Number(group.num_rows); left > 0; ) {
      const rows = await handRows(columns, Math.min(left, rowsTogether), done, sink);
      left -= rows;
      done += rows;
      onRows(done, Number(metadata.num_rows));
    }
  }
  return lists;
}

function columnOf(file: FileHandle, { path, schemaPath }: Leaf, { columns }: RowGroup): ParquetColumn {
  const name = path.join(".");
  const chunk = columns.find(({ meta_data }) => meta_data?.path_in_schema.join(".") === name)?.meta_data;
  if (chunk === undefined) throw new TableError(`column ${name} is not in every row group`);
  return new ParquetColumn(file, { path, schemaPath }, chunk);
}

/** Hands over rows as long as no column has to be read on. @returns how many */
async function handRows(
  columns: readonly (ParquetColumn | null)[],
  most: number,
  before: number,
  sink: TableSink,
): Promise<number> {
  let rows = most;
  for (const column of columns) {
    if (column === null) continue;
    if (column.ready === 0) await column.load();
    rows = Math.min(rows, column.ready);
  }
  const cells = new Array<unknown>(columns.length).fill(null);
  for (let row = 0; row < rows; row++) {
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index];
      if (column !== null) cells[index] = (column as ParquetColumn).take();
    }
    sink.row(cells, before + row + 1);
  }
  return rows;
}

function buffer(file: FileHandle, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    async slice(start, end = byteLength) {
      if (end - start > mostMetadataBytes) throw new TableError(`has metadata of more than ${mostMetadataBytes} bytes`);
      const bytes = new ArrayBuffer(end - start);
      const { bytesRead } = await file.read(new Uint8Array(bytes), 0, end - start, start);
      if (bytesRead < end - start) throw new TableError("ends too early");
      return bytes;
    },
  };
}
