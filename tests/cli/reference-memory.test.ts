// A reference of a hundred thousand rows of CSV and of Parquet: exact, in little memory. `npm run bench:reference` does the
// same with ten million.
import { afterAll, beforeAll, expect, test } from "vitest";
import { chunks, columns, writeCsv, writeParquet } from "../../bench/rows.ts";
import { decodeReference } from "../../src/reference/file.ts";
import { Folder } from "./command.ts";

const rows = 100_000;
const seed = 5;
/** As for ten million rows. */
const mostMegabytes = 300;
const folder = new Folder();
const values = new Map<string, readonly (number | string)[]>();

beforeAll(async () => {
  folder.write("c.yml", "source: {file: {paths: [none]}}\n");
  await writeCsv(folder.place("rows.csv"), rows, seed);
  await writeParquet(folder.place("rows.parquet"), rows, seed);
  const [chunk = []] = chunks(rows, seed);
  for (const [index, { name }] of columns.entries()) values.set(name, chunk[index] ?? []);
});
afterAll(() => folder.close());

test.each(["rows.csv", "rows.parquet"])("%s", async (input) => {
  const args = ["--config", "c.yml", "--model", "m", "--input", input, "--output", `${input}.json`];
  const { code, errors } = await folder.run("reference", "build", ...args);
  expect(code, errors).toBe(0);
  // The kernel's figure for the process, not ours.
  expect(Number(/(\d+) MB at most/.exec(errors)?.[1])).toBeLessThan(mostMegabytes);
  const { features, provenance } = decodeReference(folder.read(`${input}.json`), input);
  expect([provenance.rows, features.size]).toEqual([rows, columns.length - 1]);
  for (const { name, type } of columns) {
    if (name === "time") continue;
    const feature = features.get(name === "score" ? "$score" : name);
    const all = values.get(name) ?? [];
    if (type === "STRING") {
      const names = feature?.categories?.names ?? [];
      const counts = names.map((text) => all.filter((value) => value === text).length);
      const others = rows - counts.reduce((sum, count) => sum + count, 0);
      expect([...(feature?.all.texts?.counts ?? [])], name).toEqual([...counts, others, 0]);
      continue;
    }
    const edges = feature?.bins?.edges ?? [];
    const counts = new Array<number>(edges.length + 1).fill(0);
    for (const value of all as readonly number[]) {
      const at = edges.filter((edge) => value > edge).length;
      counts[at] = (counts[at] as number) + 1;
    }
    expect([...(feature?.all.numbers?.counts ?? [])], name).toEqual(counts);
    const ofHours = feature?.hours.reduce(
      (sum, hour) => hour.counts.map((count, bin) => count + (sum[bin] as number)),
      new Float64Array(counts.length),
    );
    expect([...(ofHours ?? [])], name).toEqual(counts);
  }
});
