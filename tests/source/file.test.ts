// The file source runs through the contract: a file is a log, a line a record.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { FileSource } from "../../src/source/file.ts";
import { until } from "../until.ts";
import { sourceContract, type World } from "./contract.ts";
import { Recorder } from "./recorder.ts";

const directory = mkdtempSync(join(tmpdir(), "files-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;

function fileOf(bytes: Buffer | string, ending = ".jsonl"): string {
  files += 1;
  const path = join(directory, `${files}${ending}`);
  writeFileSync(path, bytes);
  return path;
}

async function readAll(path: string): Promise<{ sink: Recorder; source: FileSource; values: (string | null)[] }> {
  const sink = new Recorder();
  const source = new FileSource([{ path, topic: "lines" }]);
  await source.start(sink);
  await until(() => sink.hasEnded, { deadlineMillis: 10_000, what: "the end of the file" });
  expect(sink.faults).toEqual([]);
  return { sink, source, values: sink.values({ topic: "lines", partition: 0 }) };
}

sourceContract(
  async (records) => {
    const inputs = records.map((some, index) => {
      const lines = some.map(({ value }) => Buffer.concat([value ?? Buffer.alloc(0), Buffer.from("\n")]));
      return { path: fileOf(Buffer.concat(lines)), topic: `file ${index}` };
    });
    const world: World = {
      logs: inputs.map(({ topic }) => ({ topic, partition: 0 })),
      source: () => new FileSource(inputs),
      append: () => Promise.reject(new Error("not of a file")),
      turn: () => undefined,
    };
    return world;
  },
  {
    times: "a line has no time of its own",
    tombstones: "a line is never null",
    anyBytes: "a record ends with its line",
    append: "a file is read once, from its beginning to its end",
  },
);

describe("lines", () => {
  test("end with LF or CRLF; empty ones count; the last needs no end", async () => {
    expect((await readAll(fileOf("a\r\n\nb\n\nc"))).values).toEqual(["a", "", "b", "", "c"]);
    expect((await readAll(fileOf("a\n"))).values).toEqual(["a"]);
    expect((await readAll(fileOf(""))).values).toEqual([]);
  });

  test("may be compressed, and longer than what is read at once", async () => {
    const long = "x".repeat(200_000);
    expect((await readAll(fileOf(gzipSync(`a\n${long}\nb\n`), ".jsonl.gz"))).values).toEqual(["a", long, "b"]);
  });
});

test("a file that is not there is a mistake that is told at once", async () => {
  const path = join(directory, "absent.jsonl");
  await expect(new FileSource([{ path, topic: "lines" }]).start(new Recorder())).rejects.toThrow(path);
});

test("a file that is cut off is a problem that is told, after what could be read", async () => {
  const whole = gzipSync(Array.from({ length: 5000 }, (_, index) => `${index} ${Math.sin(index)}`).join("\n"));
  const { source, values } = await readAll(fileOf(whole.subarray(0, whole.length / 2), ".jsonl.gz"));
  expect(values.length).toBeGreaterThan(0);
  expect(source.status().up).toBe(false);
  expect(source.status().problems.join()).toContain("unexpected end of file");
});
