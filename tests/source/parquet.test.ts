// Parquet files written by another library: every type, codec and shape that predictions come in; damage in words.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { SchemaElement } from "hyparquet";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, describe, expect, test } from "vitest";
import { readParquet } from "../../src/source/table/parquet.ts";

const folder = mkdtempSync(join(tmpdir(), "parquet-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

type Options = Omit<Parameters<typeof parquetWriteBuffer>[0], "columnData">;

function written(columnData: ColumnSource[], options: Options = {}): string {
  const path = join(folder, `${files++}.parquet`);
  writeFileSync(path, Buffer.from(parquetWriteBuffer({ columnData, ...options })));
  return path;
}

async function read(path: string, wanted: (name: string) => boolean = () => true) {
  const rows: unknown[][] = [];
  let columns: readonly string[] = [];
  const progress: number[] = [];
  const lists = await readParquet(
    path,
    {
      columns(names) {
        columns = names;
        return names.map(wanted);
      },
      row: (cells) => void rows.push([...cells]),
      bad: (reason) => {
        throw new Error(reason);
      },
    },
    (done, of) => progress.push(done / of),
  );
  return { columns, rows, lists, progress };
}

describe("values", () => {
  test("of all plain types, with nulls", async () => {
    const { columns, rows } = await read(
      written([
        { name: "double", data: [1.5, null, -2], type: "DOUBLE" },
        { name: "float", data: [0.5, 1, null], type: "FLOAT" },
        { name: "int", data: [1, -2, null], type: "INT32" },
        { name: "long", data: [1n, 9_007_199_254_740_991n, 9_007_199_254_740_993n], type: "INT64" },
        { name: "flag", data: [true, false, null], type: "BOOLEAN" },
        { name: "text", data: ["a", null, "ü"], type: "STRING" },
      ]),
    );
    expect(columns).toEqual(["double", "float", "int", "long", "flag", "text"]);
    expect(rows).toEqual([
      [1.5, 0.5, 1, 1, true, "a"],
      [null, 1, -2, 9_007_199_254_740_991, false, null],
      [-2, null, null, "9007199254740993", null, "ü"],
    ]);
  });

  test.each([
    ["MILLIS", 1_767_225_600_123n],
    ["MICROS", 1_767_225_600_123_456n],
    ["NANOS", 1_767_225_600_123_456_789n],
  ] as const)("times in %s are milliseconds", async (unit, value) => {
    const schema: SchemaElement[] = [
      { name: "root", num_children: 1 },
      {
        name: "time",
        type: "INT64",
        repetition_type: "OPTIONAL",
        logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit },
      },
    ];
    const { rows } = await read(written([{ name: "time", data: [value, null] }], { schema }));
    expect(rows).toEqual([[1_767_225_600_123], [null]]);
  });

  test("fields of structs are columns whose names are joined", async () => {
    const schema: SchemaElement[] = [
      { name: "root", num_children: 2 },
      { name: "features", num_children: 2, repetition_type: "OPTIONAL" },
      { name: "amount", type: "DOUBLE", repetition_type: "OPTIONAL" },
      { name: "country", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "score", type: "DOUBLE", repetition_type: "REQUIRED" },
    ];
    const data = [{ amount: 1, country: "DE" }, { amount: null, country: "FR" }, null];
    const { columns, rows } = await read(
      written(
        [
          { name: "features", data },
          { name: "score", data: [0.1, 0.2, 0.3] },
        ],
        { schema },
      ),
    );
    expect(columns).toEqual(["features.amount", "features.country", "score"]);
    expect(rows).toEqual([
      [1, "DE", 0.1],
      [null, "FR", 0.2],
      [null, null, 0.3],
    ]);
  });

  test("lists are named and not read", async () => {
    const schema: SchemaElement[] = [
      { name: "root", num_children: 2 },
      { name: "tags", num_children: 1, repetition_type: "OPTIONAL", converted_type: "LIST" },
      { name: "list", num_children: 1, repetition_type: "REPEATED" },
      { name: "element", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "score", type: "DOUBLE", repetition_type: "REQUIRED" },
    ];
    const found = await read(
      written(
        [
          { name: "tags", data: [["a", "b"], []] },
          { name: "score", data: [0.1, 0.2] },
        ],
        { schema },
      ),
    );
    expect(found).toMatchObject({ columns: ["score"], lists: ["tags"], rows: [[0.1], [0.2]] });
  });
});

describe("pages", () => {
  const many = 20_000;
  const numbers = Array.from({ length: many }, (_, row) => (row % 7 === 0 ? null : Math.sin(row)));
  const texts = Array.from({ length: many }, (_, row) => (row % 5 === 0 ? null : `t${row % 11}`));
  const columnData: ColumnSource[] = [
    { name: "number", data: numbers, type: "DOUBLE" },
    { name: "text", data: texts, type: "STRING" },
  ];
  const expected = numbers.map((number, row) => [number, texts[row]]);

  test.each([
    ["as they come", {}],
    ["of several row groups", { rowGroupSize: 3000 }],
    ["of few values", { pageSize: 500 }],
    ["without compression", { codec: "UNCOMPRESSED" }],
    ["compressed by gzip", { codec: "GZIP", compressors: { GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)) } }],
    [
      "compressed by zstd",
      { codec: "ZSTD", compressors: { ZSTD: (bytes: Uint8Array) => new Uint8Array(zstdCompressSync(bytes)) } },
    ],
  ] as const)("%s", async (_what, options) => {
    const { rows, progress } = await read(written(columnData, options as Options));
    expect(rows).toEqual(expected);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  test("of columns that nobody wants are not read", async () => {
    const { rows } = await read(written(columnData), (name) => name === "text");
    expect(rows).toEqual(texts.map((text) => [null, text]));
  });
});

describe("what cannot be read", () => {
  const good = (): Buffer => readFileSync(written([{ name: "a", data: [1, 2, 3], type: "DOUBLE" }]));
  const place = (bytes: Uint8Array): string => {
    const path = join(folder, `${files++}.parquet`);
    writeFileSync(path, bytes);
    return path;
  };

  test("a codec that is not there is named", async () => {
    const path = written([{ name: "a", data: [1, 2], type: "DOUBLE" }], {
      codec: "BROTLI",
      compressors: { BROTLI: (bytes) => bytes },
    });
    await expect(read(path)).rejects.toThrow("unsupported compression codec: BROTLI");
  });

  test("another file", async () => {
    await expect(read(place(Buffer.from("time,score\n2026-01-01T00:00:00Z,0.5\n")))).rejects.toThrow(
      "file invalid (footer != PAR1)",
    );
    await expect(read(place(Buffer.from("PAR1")))).rejects.toThrow("is too short to be Parquet");
  });

  test("a file that was cut off", async () => {
    await expect(read(place(good().subarray(0, -20)))).rejects.toThrow("file invalid (footer != PAR1)");
  });

  test("one with a byte that was changed is read or refused, and never hangs", async () => {
    const bytes = good();
    for (let at = 4; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] as number) ^ 0x55;
      await read(place(damaged)).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
    }
  });

  test("a file that is not there", async () => {
    await expect(read(join(folder, "none.parquet"))).rejects.toThrow("ENOENT");
  });
});
