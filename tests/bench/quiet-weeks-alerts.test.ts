// When alerts fire, from when their expressions hold: known cases, and many others beside what promtool's own evaluation says.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { type Firing, firings, joined, spansOf, type Waits } from "../../bench/quiet-weeks-alerts.ts";
import { prometheusBinaries } from "../servers/prometheus-binaries.ts";

const { promtool } = await prometheusBinaries();
const run = promisify(execFile);
const directory = mkdtempSync(join(tmpdir(), "quiet-alerts-"));
afterAll(() => rmSync(directory, { recursive: true }));

const stepSeconds = 60;
const minuteMillis = 60_000;
const waits = (forMinutes: number, keepMinutes: number): Waits => ({
  forMillis: forMinutes * minuteMillis,
  keepMillis: keepMinutes * minuteMillis,
});

/** Minutes at which an expression holds, one character each. */
const momentsOf = (pattern: string): number[] =>
  [...pattern].flatMap((one, minute) => (one === "#" ? [minute * stepSeconds] : []));
const firingsOf = (pattern: string, wait: Waits): Firing[] =>
  firings(spansOf(momentsOf(pattern), stepSeconds), wait, stepSeconds);
const minutesOf = (pattern: string, wait: Waits): [number, number][] =>
  firingsOf(pattern, wait).map(({ from, until }) => [from / stepSeconds, until / stepSeconds]);

describe("an alert", () => {
  test.each([
    ["that waits for nothing fires at once and ends at once", "..#..", waits(0, 0), [[2, 3]]],
    ["fires when it has held for the whole wait", "..####.", waits(3, 0), [[5, 6]]],
    ["that held for a minute less never does", "..###..", waits(3, 0), []],
    ["begins to wait anew after one evaluation without", "###.###.", waits(3, 0), []],
    ["goes on for as long as it is kept", ".#......", waits(0, 3), [[1, 5]]],
    ["that is found while it is kept was never away", ".#..#...", waits(0, 3), [[1, 8]]],
    ["that is found at the moment at which it would end neither", ".#...#...", waits(0, 3), [[1, 9]]],
    [
      "is another one a minute later",
      ".#....#...",
      waits(0, 3),
      [
        [1, 5],
        [6, 10],
      ],
    ],
    ["that is kept need not wait again", "####..#.....", waits(3, 3), [[3, 10]]],
    ["is not kept while it waits", "##.##.##", waits(2, 5), []],
    [
      "whose waits are no whole evaluations fires at the next one",
      "######..",
      { forMillis: 90_000, keepMillis: 90_000 },
      [[2, 8]],
    ],
  ])("%s", (_what, pattern, wait, expected) => {
    expect(minutesOf(pattern, wait)).toEqual(expected);
  });
});

test("what holds on from one stretch to the next is one", () => {
  const [before, after] = [spansOf([0, 60, 240], stepSeconds), spansOf([300, 480], stepSeconds)];
  expect(joined(before, after, stepSeconds)).toEqual([
    [0, 60],
    [240, 300],
    [480, 480],
  ]);
  expect(joined([], after, stepSeconds)).toEqual(after);
  expect(joined(before, [], stepSeconds)).toEqual(before);
  expect(joined(before, spansOf([360], stepSeconds), stepSeconds)).toHaveLength(3);
});

/** Deterministic patterns of stretches with and without, of all lengths. */
const patterns = Array.from({ length: 12 }, (_, number) => {
  const lengths = Array.from({ length: 14 }, (_, index) => 1 + ((7 * number + 5 * index * index + 3 * number * index) % 9));
  return lengths.map((length, index) => ((index + number) % 2 === 0 ? "#" : ".").repeat(length)).join("");
});
const allWaits = [waits(0, 0), waits(2, 0), waits(0, 3), waits(2, 3), waits(5, 5)];

/** A rule file and a test that the alerts fire in these minutes and in no other. */
function written(shiftMinutes: number): string {
  const rules = patterns.flatMap((_, number) =>
    allWaits.map(({ forMillis, keepMillis }, wait) => ({
      alert: `A${number}_${wait}`,
      expr: `x{pattern="${number}"} == 1`,
      for: `${forMillis / 1000}s`,
      keep_firing_for: `${keepMillis / 1000}s`,
    })),
  );
  writeFileSync(join(directory, "rules.yml"), JSON.stringify({ groups: [{ name: "g", rules }] }));
  const values = (pattern: string): string => [...pattern].map((one) => (one === "#" ? "1" : "0")).join(" ");
  const asked = patterns.flatMap((pattern, number) =>
    allWaits.flatMap((wait, at) => {
      const firing = firingsOf(pattern, wait).map(({ from, until }) => ({ from: from + shiftMinutes * stepSeconds, until }));
      return Array.from({ length: pattern.length }, (_, minute) => {
        const fires = firing.some(({ from, until }) => minute * stepSeconds >= from && minute * stepSeconds < until);
        const expected = fires ? [{ exp_labels: { pattern: `${number}` } }] : [];
        return { eval_time: `${minute}m`, alertname: `A${number}_${at}`, exp_alerts: expected };
      });
    }),
  );
  const series = patterns.map((pattern, number) => ({ series: `x{pattern="${number}"}`, values: values(pattern) }));
  const tests = [{ interval: "1m", input_series: series, alert_rule_test: asked }];
  const path = join(directory, `shifted-${shiftMinutes}.test.yml`);
  writeFileSync(path, JSON.stringify({ rule_files: ["rules.yml"], evaluation_interval: "1m", tests }));
  return path;
}

test("promtool says the same of every minute", async () => {
  expect(patterns.flatMap((pattern) => allWaits.flatMap((wait) => firingsOf(pattern, wait))).length).toBeGreaterThan(100);
  expect((await run(promtool, ["test", "rules", written(0)])).stdout).toContain("SUCCESS");
});

test("and would say if it did not", async () => {
  await expect(run(promtool, ["test", "rules", written(1)])).rejects.toThrow("FAILED");
});
