// The simulation of intervals: what it takes for true is true, and the documented table has a row for each of its cells.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Case, Classes, Classifier } from "../../bench/intervals-binary.ts";
import { regressions } from "../../bench/intervals-regression.ts";
import { LossByBin, Requests } from "../../bench/intervals-requests.ts";
import { Coverage, insertTable, verdicts } from "../../bench/intervals-table.ts";
import { Random } from "../../src/source/simulator/random.ts";

const docs = readFileSync(new URL("../../docs/performance-metrics.md", import.meta.url), "utf8");
const random = new Random(1);
const cases: readonly Case[] = [
  new Classifier(random, { name: "two classes", share: 0.2, distance: 1 }),
  new Classifier(random, { name: "weighted", share: 0.2, distance: 1, weighted: true }),
  new Classes(),
  ...regressions(random),
  new Requests(random),
  new LossByBin(),
];
/** Tails so heavy that their RMSE is not near its limit in any sample that a test can draw. */
const slow = /Student errors, 3 degrees/;

describe("truths are what large samples show", () => {
  test.each(cases.map((one) => [one.name, one] as const))("%s", (name, one) => {
    const size = 200_000;
    for (const [metric, { value }] of Object.entries(one.sample(new Random(2), size))) {
      if (metric === "RMSE" && slow.test(name)) continue;
      const truth = one.truth[metric] as number;
      expect(Math.abs(value - truth), `${metric}: ${value}, ${truth}`).toBeLessThan(0.02 * Math.max(Math.abs(truth), 0.5));
    }
  });
});

test("the table shows what was noted", () => {
  const coverage = new Coverage();
  const cell = { source: "a", metric: "b", size: 500 };
  for (let run = 0; run < 1000; run++) {
    const given = run % 2 === 0;
    const lower = given ? 0 : Number.NaN;
    coverage.note(cell, { value: 0.5, lower, upper: given ? 1 : Number.NaN, samples: 1 }, run % 10 === 0 ? 2 : 0.5);
  }
  const text = insertTable(docs, coverage, 1000);
  expect(text).toContain("| a | b | 80.0 %, 50.0 % without |");
  expect(verdicts(coverage)).toEqual(["a, b, n = 500: 80.0 %, 50.0 % without"]);
});

test("the documented table has every metric of every kind of error and of request", () => {
  for (const { name, truth } of cases.slice(2)) {
    for (const metric of Object.keys(truth)) expect(docs).toContain(`| ${name} | ${metric} | `);
  }
});

test("every metric has its five lines", () => {
  const sections = docs.split(/^### /m).slice(1);
  expect(sections.length).toBeGreaterThan(25);
  for (const section of sections) {
    const items = section.split(/^## /m)[0]?.match(/^- [^:]+:/gm);
    expect(items, section.split("\n")[0]).toEqual(["- Formula:", "- Range:", "- Look at it:", "- Interval:", "- Source:"]);
  }
});
