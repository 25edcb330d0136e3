// The simulation of worse predictions: its laws are what they say, the told CUSUM keeps its promise, and the documented tables have
// a row for each case.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rateOf } from "../../bench/calibration/intervals.ts";
import { absoluteError, errorRate, type Losses, type LossKind } from "../../bench/loss-streams.ts";
import { cases, dependentCases } from "../../bench/performance-cases.ts";
import { allowedAMonth, falseAlarms, falseAlarmsOfDependent, medianDelays } from "../../bench/performance-runs.ts";
import { alarmsRow, caseOf, delaysRow, delaysTable, insertTables, nameOf } from "../../bench/performance-table.ts";
import { ToldLossCusum, toldLimit } from "../../bench/told-loss-cusum.ts";
import { Random } from "../../src/source/simulator/random.ts";

const docs = readFileSync(new URL("../../docs/detectors.md", import.meta.url), "utf8");
const usually = { labelsADay: 10_000, together: false };

function meanOf(losses: Losses, changed: boolean, of: (loss: number) => number): number {
  const [random, draws] = [new Random(3), 200_000];
  let sum = 0;
  for (let draw = 0; draw < draws; draw++) sum += of(losses.draw(random, changed));
  return sum / draws;
}

const kinds: readonly LossKind[] = [errorRate(0.05, 0.075), absoluteError(1, 1.2), absoluteError(0.5, 1.2)];

describe.each(kinds.map((kind) => [kind.name, kind] as const))("%s", (_, kind) => {
  test("ratios are of the laws that losses come from: their mean is 1 without a change, and that of the inverse with one", () => {
    expect(Math.abs(meanOf(kind.told, false, (loss) => Math.exp(kind.told.logRatio(loss))) - 1)).toBeLessThan(0.004);
    expect(Math.abs(meanOf(kind.told, true, (loss) => Math.exp(-kind.told.logRatio(loss))) - 1)).toBeLessThan(0.004);
  });

  test("a reference is drawn from the law without a change", () => {
    const losses = kind.withReference(new Random(8), 30_000);
    const { values, weights, size } = losses.law;
    const sum = values.reduce((all, x, at) => all + x * (weights[at] as number), 0);
    expect(size).toBe(30_000);
    expect(Math.abs(sum / size / meanOf(losses, false, (loss) => loss) - 1)).toBeLessThan(0.04);
  });
});

test("absolute errors are clipped where one in a hundred of the reference is", () => {
  const losses = absoluteError(1, 1.2).withReference(new Random(5), 30_000);
  expect(Math.abs(meanOf(losses, false, (loss) => Number(loss === 1)) - 0.01)).toBeLessThan(0.002);
  // Errors above 10.24 / 1.2 = 8.53, whose logarithm is 2.144: of a normal variable 1.6 %.
  expect(Math.abs(meanOf(losses, true, (loss) => Number(loss === 1)) - 0.016)).toBeLessThan(0.003);
});

test("the told CUSUM alarms without a change about as often as it may", () => {
  const { told } = errorRate(0.05, 0.075);
  const minutesBetweenAlarms = 20_000;
  const limit = toldLimit(told, usually, minutesBetweenAlarms, new Random(1));
  const cusum = new ToldLossCusum(limit);
  const [random, minutes] = [new Random(2), 2_000_000];
  let alarms = 0;
  for (let minute = 0; minute < minutes; minute++) {
    let sum = 0;
    for (let label = 0; label < 7; label++) sum += told.logRatio(told.draw(random, false));
    alarms += Number(cusum.take(sum));
  }
  // 100 are expected, with a standard deviation of 10.
  expect(alarms).toBeGreaterThan(65);
  expect(alarms).toBeLessThan(135);
});

test("the budget's share is one alarm in 14 months", () => {
  expect(allowedAMonth).toBeCloseTo(0.07, 10);
});

test("a change is found by both, and at most twice as late by who does not know it", () => {
  const { detector, told } = medianDelays({ kind: errorRate(0.05, 0.2), when: usually, referenceLabels: 30_000 }, 15);
  expect(told.labels).toBeGreaterThan(30);
  expect(detector.labels).toBeLessThan(2 * told.labels);
  expect(detector.hours).toBeLessThan(1);
});

test("months without a change are counted by reference", () => {
  const one = { kind: errorRate(0.05, 0.075), when: { labelsADay: 1000, together: true }, referenceLabels: 3000 };
  expect(falseAlarms(one, 3, 1)).toHaveLength(3);
  const [users, hours, taken] = dependentCases.map((dependent) => {
    return falseAlarmsOfDependent(dependent, 8, 0.5).reduce((sum, alarms) => sum + alarms, 0);
  });
  // Of four months for each, in which there may be 0.28.
  expect(users).toBeLessThanOrEqual(2);
  expect(hours).toBeLessThanOrEqual(2);
  expect(taken).toBeGreaterThan(2);
});

describe("tables", () => {
  test("show what was found", () => {
    const one = caseOf(cases[0] as (typeof cases)[number]);
    const row = delaysRow(one, { detector: { labels: 1500, hours: 3.6 }, told: { labels: 1000, hours: 2.4 } });
    expect(row).toBe("| error rate 5 % -> 7.5 % | 10,000 | 30,000 | 1,500 labels, 3.6 h | 1,000 labels, 2.4 h | 1.50 |");
    expect(insertTables(docs, delaysTable([row], 7))).toContain(`Medians of 7 changes.`);
    // Garwood's limit of 4 events is 10.24; 600 months may have 42.
    const alarms = alarmsRow(one, rateOf([1, 1, 1, 1, ...new Array<number>(296).fill(0)], 2), 0.07);
    expect(alarms).toBe("| error rate 5 % -> 7.5 % | 10,000 | 30,000 | 600 | 4 of 42 | 0.24 |");
    expect(() => insertTables("no markers", "")).toThrow("markers");
  });

  test("have a row of delays and one of false alarms for each case in the documentation", () => {
    for (const one of cases) expect(docs.split(nameOf(caseOf(one)))).toHaveLength(3);
    for (const one of dependentCases) expect(docs.split(nameOf(one))).toHaveLength(2);
  });
});
