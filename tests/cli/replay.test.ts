// The command `replay` as a process: the same bytes for the same input, and a plain word where files are at fault.
import { mkdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ended, Folder, firstLines } from "./command.ts";

interface Line {
  readonly time: string;
  readonly model: string;
  readonly version: string;
  readonly segment: string;
  readonly feature: string;
  readonly window: string;
  readonly metric?: string;
  readonly value?: number;
  readonly samples: number;
  readonly bins?: readonly number[];
}

/** Of a day and a half: half of a day is learned, the rest is judged. All of the file is for tests/drift/golden.test.ts. */
const events = firstLines("segments/events.jsonl.gz", 1300);
const text = `${events.join("\n")}\n`;
const zipped = gzipSync(text);
const folder = new Folder();
const replay = (...args: readonly string[]): Promise<Ended> => folder.run("replay", "--config", "replay.yml", ...args);
const lines = (name: string): Line[] =>
  folder
    .read(name)
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text) as Line);

beforeAll(() => {
  folder.write("replay.yml", "source: {file: {paths: [none]}}\ndefaults: {learn: 12h}\n");
  folder.write("events.jsonl.gz", zipped);
});
afterAll(() => folder.close());

describe("a file", () => {
  let first: Ended;
  beforeAll(async () => {
    first = await replay("--input", "events.jsonl.gz", "--output", "first.jsonl", "--every", "24h", "--bins");
  });

  test("is folded, and the log says how many records there were", () => {
    expect({ code: first.code, output: first.output }).toEqual({ code: 0, output: "" });
    const said = first.errors.trimEnd().split("\n").at(-1) as string;
    expect(JSON.parse(said)).toMatchObject({ msg: "replayed", records: events.length, late: {}, rejected: {} });
  });

  test("gives the same bytes again, compressed or not, to a file or to standard output", async () => {
    folder.write("events.jsonl", text);
    const again = await replay("--input", "events.jsonl", "--output", "-", "--every", "24h", "--bins");
    expect(again.code).toBe(0);
    expect(again.output === folder.read("first.jsonl")).toBe(true);
  });

  test("is evaluated at the ends of whole days", () => {
    const times = [...new Set(lines("first.jsonl").map(({ time }) => time))];
    const days = [...new Set(events.map((event) => (JSON.parse(event) as { time: string }).time.slice(0, 10)))];
    const ends = days.map((day) => new Date(Date.parse(day) + 86_400_000).toISOString());
    // The last evaluation is the first that no event lies behind.
    expect(times).toEqual(ends);
  });

  test("has rows for every window and all traffic, with bins that hold the samples", () => {
    const rows = lines("first.jsonl");
    expect(new Set(rows.map(({ window }) => window))).toEqual(new Set(["1h", "24h"]));
    expect(new Set(rows.map(({ model, version, segment }) => `${model} ${version} ${segment}`))).toEqual(
      new Set(["segments 1 "]),
    );
    const bins = rows.filter((row) => row.bins !== undefined);
    expect(bins.length).toBeGreaterThan(100);
    for (const row of bins) expect(row.bins?.reduce((sum, count) => sum + count, 0)).toBe(row.samples);
    const dailyOk = rows.filter(({ window, feature, metric }) => window === "24h" && feature === "p1b1" && metric === "ok");
    const predictions = events.filter(
      (event) => typeof (JSON.parse(event) as { features?: { p1b1?: unknown } }).features?.p1b1 === "number",
    );
    expect(dailyOk.reduce((sum, row) => sum + (row.value as number), 0)).toBe(predictions.length);
  });

  test("without --bins has the same rows but those", async () => {
    await replay("--input", "events.jsonl.gz", "--output", "plain.jsonl", "--every", "24h");
    const expected = lines("first.jsonl").filter((row) => row.bins === undefined);
    expect(lines("plain.jsonl")).toEqual(expected);
  });

  test("in two parts gives the rows of the whole", async () => {
    const half = 650;
    folder.write("part-1.jsonl", `${events.slice(0, half).join("\n")}\n`);
    folder.write("part-2.jsonl.gz", gzipSync(events.slice(half).join("\n")));
    const { code } = await replay(
      "--input",
      "part-1.jsonl",
      "part-2.jsonl.gz",
      "--output",
      "parts.jsonl",
      "--every",
      "24h",
      "--bins",
    );
    expect(code).toBe(0);
    expect(folder.read("parts.jsonl") === folder.read("first.jsonl")).toBe(true);
  });
});

describe("what is not valid in a file", () => {
  test("is counted and said, and the rest is folded", async () => {
    folder.write("poison.jsonl", `${[...events.slice(0, 300), "{", "[]", "", "{}"].join("\n")}\n`);
    const { code, errors } = await replay("--input", "poison.jsonl", "--output", "poison.out", "--every", "24h");
    expect(code).toBe(0);
    const said = errors
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(said.at(-1)).toMatchObject({ records: 304, rejected: { bad_json: 1, tombstone: 1, bad_type: 1 } });
    expect(said.filter(({ msg }) => msg === "rejected")).toEqual([
      expect.objectContaining({ topic: "poison.jsonl", partition: 0, offset: 300, reason: "bad_json" }),
      expect.objectContaining({ offset: 302, reason: "tombstone" }),
      expect.objectContaining({ offset: 303, reason: "bad_type" }),
    ]);
    expect(lines("poison.out").length).toBeGreaterThan(0);
  });

  test("an empty file gives an empty output", async () => {
    folder.write("empty.jsonl", "");
    const { code } = await replay("--input", "empty.jsonl", "--output", "empty.out");
    expect([code, folder.read("empty.out")]).toEqual([0, ""]);
  });
});

describe("exit code 1, with the file's name and no stack", () => {
  const refused = async (says: string, ...args: readonly string[]): Promise<void> => {
    const { code, output, errors } = await replay(...args);
    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(errors).toContain(says);
    expect(errors).not.toMatch(/ {4}at |Unhandled/);
  };

  test("for an input that is not there; the output keeps what it had", async () => {
    folder.write("kept.jsonl", "kept");
    await refused("missing.jsonl", "--input", "events.jsonl.gz", "missing.jsonl", "--output", "kept.jsonl");
    expect(folder.read("kept.jsonl")).toBe("kept");
  });

  test("for an input that is a folder", async () => {
    mkdirSync(folder.place("inputs"));
    await refused("inputs: EISDIR", "--input", "inputs", "--output", "out.jsonl");
  });

  test("for an output in a folder that is not there", async () => {
    await refused("nowhere/out.jsonl", "--input", "events.jsonl.gz", "--output", "nowhere/out.jsonl");
  });

  test("for an output that cannot be written to its end", async (context) => {
    if (process.platform !== "linux") context.skip("needs a device that is always full");
    await refused("/dev/full: ENOSPC", "--input", "events.jsonl.gz", "--output", "/dev/full", "--every", "24h", "--bins");
  });

  test.each([0.1, 0.999])("for a compressed input that was cut at %d of its length", async (share) => {
    folder.write("cut.jsonl.gz", zipped.subarray(0, Math.floor(zipped.length * share)));
    await refused("cut.jsonl.gz: unexpected end of file", "--input", "cut.jsonl.gz", "--output", "out.jsonl", "--every", "24h");
  });

  test("for a compressed input that is damaged", async () => {
    const damaged = Uint8Array.from(zipped);
    const middle = damaged.length >> 1;
    damaged.fill(0, middle, middle + 64);
    folder.write("damaged.jsonl.gz", damaged);
    await refused("damaged.jsonl.gz: ", "--input", "damaged.jsonl.gz", "--output", "out.jsonl", "--every", "24h");
  });

  test("for an input that is called .gz and is not", async () => {
    folder.write("text.jsonl.gz", "{}\n");
    await refused("text.jsonl.gz: incorrect header check", "--input", "text.jsonl.gz", "--output", "out.jsonl");
  });
});
