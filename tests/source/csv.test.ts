// CSV as RFC 4180 has it, in chunks of any length; and a word for each row that cannot be read.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCsv } from "../../src/source/table/csv.ts";
import type { TableSink } from "../../src/source/table/table.ts";

interface Read {
  readonly columns: string[];
  readonly rows: (readonly [at: number, ...cells: unknown[]])[];
  readonly bad: (readonly [reason: string, at: number])[];
}

async function read(bytes: Uint8Array, chunk = bytes.length, isWanted?: readonly boolean[]): Promise<Read> {
  const found: Read = { columns: [], rows: [], bad: [] };
  const sink: TableSink = {
    columns(names) {
      found.columns.push(...names);
      return isWanted ?? names.map(() => true);
    },
    row: (cells, at) => void found.rows.push([at, ...cells]),
    bad: (reason, at) => void found.bad.push([reason, at]),
  };
  async function* chunks(): AsyncIterable<Uint8Array> {
    for (let from = 0; from < bytes.length; from += chunk) yield bytes.subarray(from, from + chunk);
  }
  await readCsv(chunks(), sink);
  return found;
}

const readText = (text: string, chunk?: number): Promise<Read> => read(Buffer.from(text), chunk);

describe("cells", () => {
  test.each([
    [
      "plain",
      "a,b\n1,x\n2,y\n",
      [
        [2, "1", "x"],
        [3, "2", "y"],
      ],
    ],
    ["without an end of line at the end", "a,b\n1,x", [[2, "1", "x"]]],
    ["lines that end with CR LF", "a,b\r\n1,x\r\n", [[2, "1", "x"]]],
    ["an empty cell is null", "a,b,c\n,x,\n", [[2, null, "x", null]]],
    ["an empty cell in quotes is a text", 'a,b\n"",x\n', [[2, "", "x"]]],
    ["a comma in quotes", 'a,b\n"1,5",x\n', [[2, "1,5", "x"]]],
    ["quotes in quotes", 'a,b\n"say ""yes""",x\n', [[2, 'say "yes"', "x"]]],
    [
      "an end of line in quotes",
      'a,b\n"one\ntwo",x\n3,y\n',
      [
        [2, "one\ntwo", "x"],
        [4, "3", "y"],
      ],
    ],
    ["quotes before CR LF", 'a,b\r\n1,"x"\r\n', [[2, "1", "x"]]],
    ["a byte order mark", "\uFEFFa,b\n1,x\n", [[2, "1", "x"]]],
    ["empty lines are none", "a,b\n\n1,x\n\n", [[3, "1", "x"]]],
    [
      "an empty line of a single column is null",
      "a\n\nx\n",
      [
        [2, null],
        [3, "x"],
      ],
    ],
    ["characters of several bytes", "a,b\nÄ,日本\n", [[2, "Ä", "日本"]]],
  ])("%s", async (_what, text, rows) => {
    const found = await readText(text);
    expect(found).toMatchObject({ rows, bad: [] });
    expect(found.columns[0]).toBe("a");
    for (const chunk of [1, 2, 3, 7]) expect(await readText(text, chunk)).toEqual(found);
  });

  test("of any content come back, in chunks of any length", async () => {
    const cell = fc.option(fc.string({ unit: fc.constantFrom("a", "1", ",", '"', "\n", "\r", "é", " "), maxLength: 5 }));
    const table = fc.integer({ min: 2, max: 4 }).chain((width) => {
      return fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 });
    });
    const written = (value: string | null): string => (value === null ? "" : `"${value.replaceAll('"', '""')}"`);
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 20 }), fc.constantFrom("\n", "\r\n"), async (rows, chunk, end) => {
        const names = (rows[0] as unknown[]).map((_, index) => `c${index}`);
        const text = [names.join(","), ...rows.map((row) => row.map(written).join(","))].join(end);
        const found = await readText(text + end, chunk);
        expect(found.bad).toEqual([]);
        expect(found.rows.map(([, ...cells]) => cells)).toEqual(rows);
      }),
    );
  });

  test("that nobody wants are null", async () => {
    const found = await read(Buffer.from('a,b\n1,x\n"2",y\n'), 4, [false, true]);
    expect(found.rows.map(([, , second]) => second)).toEqual(["x", "y"]);
    expect(found.rows[0]?.[1]).toBeNull();
  });
});

describe("rows that cannot be read", () => {
  test.each([
    ["too few cells", "a,b\n1\n2,x\n", [["cells", 2]], [[3, "2", "x"]]],
    ["too many cells", "a,b\n1,2,3\n2,x\n", [["cells", 2]], [[3, "2", "x"]]],
    ["a letter behind quotes", 'a,b\n"1"0,x\n2,x\n', [["quotes", 2]], [[3, "2", "x"]]],
    ["quotes that are not closed", 'a,b\n1,x\n"2,x\n', [["quotes", 3]], [[2, "1", "x"]]],
  ])("%s: the next one is read", async (_what, text, bad, rows) => {
    for (const chunk of [text.length, 1, 5]) expect(await readText(text, chunk)).toMatchObject({ bad, rows });
  });

  test("bytes that are no text", async () => {
    const bytes = Buffer.concat([Buffer.from("a,b\n1,"), Buffer.from([0xff, 0xfe]), Buffer.from("\n2,x\n")]);
    expect(await read(bytes)).toMatchObject({ bad: [["bad_utf8", 2]], rows: [[3, "2", "x"]] });
  });

  test("a row that never ends stops the reading", async () => {
    const text = `a,b\n"${"x,\n".repeat(2_000_000)}`;
    await expect(readText(text, 65_536)).rejects.toThrow("the row that begins in line 2 does not end: a quote may not be closed");
  });
});

describe("files that are no tables", () => {
  test("without a line", async () => {
    await expect(readText("")).rejects.toThrow("has no line that names its columns");
  });

  test("with two columns of one name", async () => {
    await expect(readText("a,b,a\n")).rejects.toThrow('has two columns "a"');
  });
});
