// Rows for benchmarks of references: a score, seven numeric features and three categories over 30 days, seeded; as CSV and
// as Parquet of the same values, a chunk at a time.

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { fileWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { random } from "./events.ts";

const start = Date.parse("2026-10-01T00:00:00Z");
const periodMillis = 30 * 86_400_000;
const countries = ["DE", "FR", "IT", "ES", "PL", "NL", "BE", "AT", "CZ", "PT"];
const channels = ["web", "app", "store", "partner"];

/** As many as the common writers of Parquet put in a row group. */
export const chunkRows = 1_000_000;

export interface Column {
  readonly name: string;
  readonly type: "DOUBLE" | "INT64" | "STRING" | "TIMESTAMP";
  readonly of: (next: () => number, row: number, rows: number) => number | string;
}

const normal = (next: () => number): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
const oneOf = (texts: readonly string[], next: () => number): string => texts[Math.floor(next() ** 2 * texts.length)] as string;

export const columns: readonly Column[] = [
  { name: "time", type: "TIMESTAMP", of: (_next, row, rows) => start + Math.floor((row / rows) * periodMillis) },
  { name: "amount", type: "DOUBLE", of: (next) => rounded(Math.exp(normal(next)) * 50, 2) },
  { name: "age", type: "INT64", of: (next) => Math.floor(18 + 60 * next()) },
  { name: "balance", type: "DOUBLE", of: (next) => rounded(normal(next) * 1000, 2) },
  { name: "visits", type: "INT64", of: (next) => Math.floor(-3 * Math.log(1 - next())) },
  { name: "temperature", type: "DOUBLE", of: (next) => rounded(15 + 8 * normal(next), 1) },
  { name: "ratio", type: "DOUBLE", of: (next) => next() },
  { name: "distance", type: "DOUBLE", of: (next) => rounded(1000 * next(), 3) },
  { name: "country", type: "STRING", of: (next) => oneOf(countries, next) },
  { name: "channel", type: "STRING", of: (next) => oneOf(channels, next) },
  { name: "merchant", type: "STRING", of: (next) => `merchant-${Math.floor(400 * next() ** 2)}` },
  { name: "score", type: "DOUBLE", of: (next) => rounded(next() ** 3, 4) },
];

/** Values of the rows of a chunk, by column. */
export function* chunks(rows: number, seed: number): Iterable<(number | string)[][]> {
  const next = random(seed);
  for (let from = 0; from < rows; from += chunkRows) {
    const values: (number | string)[][] = columns.map(() => []);
    for (let row = from; row < Math.min(from + chunkRows, rows); row++) {
      for (const [index, column] of columns.entries()) values[index]?.push(column.of(next, row, rows));
    }
    yield values;
  }
}

/** Lines that are written together. */
const linesTogether = 10_000;

export async function writeCsv(path: string, rows: number, seed: number): Promise<void> {
  const file = createWriteStream(path);
  file.write(`${columns.map(({ name }) => name).join(",")}\n`);
  for (const values of chunks(rows, seed)) {
    const length = values[0]?.length ?? 0;
    for (let from = 0; from < length; from += linesTogether) {
      const lines: string[] = [];
      for (let row = from; row < Math.min(from + linesTogether, length); row++) {
        lines.push(`${values.map((column) => column[row]).join(",")}\n`);
      }
      if (!file.write(lines.join(""))) await once(file, "drain");
    }
  }
  file.end();
  await once(file, "close");
}

export async function writeParquet(path: string, rows: number, seed: number): Promise<void> {
  let writer: ParquetWriter | null = null;
  for (const values of chunks(rows, seed)) {
    const columnData = columns.map(({ name, type }, index) => {
      const data = values[index] as (number | string)[];
      const ofType = type === "INT64" ? data.map(BigInt) : type === "TIMESTAMP" ? data.map((time) => new Date(time)) : data;
      // Page indexes are left out, as the common writers do.
      return { name, type, data: ofType, nullable: true, offsetIndex: false };
    });
    writer ??= new ParquetWriter({ writer: fileWriter(path), schema: schemaFromColumnData({ columnData }) });
    await writer.write({ columnData, rowGroupSize: chunkRows });
  }
  await writer?.finish();
}
