// The stories make sense: scores mean what they say, outcomes follow from predictions, people are alike themselves.
import { beforeAll, describe, expect, test } from "vitest";
import { batchEveryMillis } from "../../src/source/simulator.ts";
import { hour, minute, origin, plain, type Told, told } from "./streams.ts";

const hours = 30;
const predictions = new Map<string, Told>();
const outcomes: Told[] = [];
const runs: Told[] = [];
beforeAll(() => {
  for (const one of told(plain, origin, origin + hours * hour)) {
    if (one.type === "prediction") {
      expect(predictions.has(one.id)).toBe(false);
      predictions.set(one.id, one);
    } else if (one.type === "outcome") outcomes.push(one);
    else runs.push(one);
  }
});

const of = (model: string): Told[] => [...predictions.values()].filter((one) => one.model === model);
const outcomesOf = (model: string): Told[] => outcomes.filter((one) => one.model === model);
const predictionOf = (outcome: Told): Told => predictions.get(outcome.id) as Told;
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
/** A share is further off by chance once in 16,000 times. */
const farDeviations = 4;

/** @param pairs a probability and what came of it, 0 or 1 */
function expectCalibrated(pairs: readonly (readonly [probability: number, came: number])[]): void {
  const probability = mean(pairs.map(([one]) => one));
  const variance = mean(pairs.map(([one]) => one * (1 - one)));
  const off = mean(pairs.map(([, came]) => came)) - probability;
  expect(Math.abs(off)).toBeLessThan(farDeviations * Math.sqrt(variance / pairs.length));
}

test("outcomes belong to predictions that did not fail, of the same version, and come later", () => {
  expect(outcomes.length).toBeGreaterThan(50_000);
  // A prediction may come later than its outcome where its device had no connection.
  const unknown = outcomes.filter(({ id }) => !predictions.has(id));
  expect(unknown.length).toBeLessThan(5);
  for (const outcome of outcomes.filter(({ id }) => predictions.has(id))) {
    const prediction = predictionOf(outcome);
    if (outcome.millis <= prediction.millis || outcome.version !== prediction.version || prediction.status === "error") {
      expect.fail(`${outcome.record.value} of ${prediction.record.value}`);
    }
  }
});

describe("fraud", () => {
  test.each(["3", "4"])("scores of version %s are calibrated, over all and in each tenth", (version) => {
    const reviewed = outcomesOf("fraud").filter((one) => one.source === "review" && one.version === version);
    const pairs = reviewed
      .filter(({ id }) => predictions.has(id))
      .map((one) => [predictionOf(one).score as number, one.label as number] as const);
    expectCalibrated(pairs);
    for (let tenth = 0; tenth < 10; tenth++) {
      const some = pairs.filter(([score]) => Math.min(9, Math.floor(score * 10)) === tenth);
      if (some.length >= 50) expectCalibrated(some);
    }
    expect(mean(pairs.map(([, label]) => label))).toBeGreaterThan(0.02);
  });

  test("version 4 is a canary that tells frauds better from others", () => {
    const all = of("fraud").filter(({ status }) => status === "ok");
    const canary = all.filter(({ version }) => version === "4");
    expect(canary.length / all.length).toBeCloseTo(0.1, 1);
    const spread = (some: readonly Told[]): number => mean(some.map(({ score }) => (score as number) ** 2));
    expect(spread(canary)).toBeGreaterThan(1.1 * spread(all.filter(({ version }) => version === "3")));
  });

  test("predictions follow from scores by a threshold; few fail, and those have no outputs", () => {
    const all = of("fraud");
    for (const { status, score, prediction } of all) {
      expect(status === "error" ? [score, prediction] : [prediction]).toEqual(
        status === "error" ? [undefined, undefined] : [(score as number) >= 0.5 ? 1 : 0],
      );
    }
    const failed = all.filter(({ status }) => status === "error").length / all.length;
    expect(failed).toBeGreaterThan(0.001);
    expect(failed).toBeLessThan(0.004);
  });

  test("payments of a visit are alike: country and age of the account; some customers have no account", () => {
    const visits = Map.groupBy(of("fraud"), ({ id }) => id.slice(0, id.lastIndexOf("-")));
    for (const payments of visits.values()) {
      const same = new Set(
        payments.map(({ features }) => `${features.country} ${features.account_age_days} ${features.channel}`),
      );
      expect(same.size).toBe(1);
    }
    expect(mean([...visits.values()].map((payments) => payments.length))).toBeCloseTo(1.67, 1);
    const guests = of("fraud").filter(({ features }) => features.account_age_days === null).length / of("fraud").length;
    expect(guests).toBeGreaterThan(0.02);
    expect(guests).toBeLessThan(0.08);
  });

  test("reviews take minutes to hours; chargebacks are frauds and take hours to days", () => {
    const known = outcomesOf("fraud").filter(({ id }) => predictions.has(id));
    const delays = (source: string): number[] =>
      known.filter((one) => one.source === source).map((one) => one.millis - predictionOf(one).millis);
    expect(delays("review").every((delay) => delay > minute && delay < 9 * hour)).toBe(true);
    expect(delays("chargeback").every((delay) => delay > 6 * hour)).toBe(true);
    expect(delays("chargeback").length).toBeGreaterThan(100);
    expect(known.every(({ source, label }) => source === "review" || label === 1)).toBe(true);
  });
});

describe("recommendation", () => {
  test("a request shows five items at once, the best first", () => {
    const requests = [...Map.groupBy(of("recommendation"), ({ group }) => group).values()];
    // The last requests are cut off by the end.
    const whole = requests.filter((items) => items.every(({ millis }) => millis < origin + (hours - 1) * hour));
    for (const items of whole) {
      const ranked = items.sort((a, b) => a.rank - b.rank);
      if (ranked.map(({ rank }) => rank).join() !== "1,2,3,4,5") expect.fail(`ranks of ${items[0]?.group}`);
      const scores = ranked.map(({ score }) => score ?? 0);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(new Set(items.map(({ version, time }) => `${version} ${time}`)).size).toBe(1);
    }
    expect(whole.length).toBeGreaterThan(10_000);
  });

  test("about half of the traffic is of each version, and the newer one is worth more", () => {
    const all = of("recommendation");
    const newer = all.filter(({ version }) => version === "2026-11").length / all.length;
    expect(Math.abs(newer - 0.5)).toBeLessThan(0.05);
    const worth = (version: string): number => {
      const orders = outcomesOf("recommendation").filter((one) => one.ordered === true && one.version === version);
      expect(orders.every(({ value, unit }) => value > 0 && unit === "EUR")).toBe(true);
      const shown = all.filter((one) => one.version === version).length;
      return orders.reduce((sum, { value }) => sum + value, 0) / shown;
    };
    expect(worth("2026-11")).toBeGreaterThan(worth("2026-10"));
  });

  test("items are clicked as often as their scores say, within minutes; some clicks become orders", () => {
    const clicks = outcomesOf("recommendation").filter(({ clicked, id }) => clicked === true && predictions.has(id));
    const clicked = new Set(clicks.map(({ id }) => id));
    const shown = of("recommendation").filter(({ status, millis }) => status === "ok" && millis < origin + (hours - 1) * hour);
    const shares = mean(shown.map(({ id }) => (clicked.has(id) ? 1 : 0))) / mean(shown.map(({ score }) => score as number));
    expect(Math.abs(shares - 1)).toBeLessThan(0.1);
    expect(clicks.every((one) => one.millis - predictionOf(one).millis < 6 * minute)).toBe(true);
    const orders = outcomesOf("recommendation").filter(({ ordered }) => ordered === true);
    expect(orders.every(({ id }) => clicked.has(id) || !predictions.has(id))).toBe(true);
    expect(orders.length / clicks.length).toBeCloseTo(0.2, 1);
  });
});

describe("forecast", () => {
  test("each run tells that it started and that it succeeded, with its rows", () => {
    const byRun = [...Map.groupBy(runs, (run) => run.run_id)];
    expect(byRun.length).toBe((hours * hour) / batchEveryMillis - 1);
    const predictedBy = Map.groupBy(of("forecast"), (one) => one.run_id);
    for (const [at, [id, told]] of byRun.entries()) {
      expect(Date.parse(id)).toBe(origin + (at + 1) * batchEveryMillis);
      expect(told.map(({ state, rows }) => `${state} ${rows}`)).toEqual(["started undefined", "succeeded 200"]);
      const [started, succeeded] = told as [Told, Told];
      const predicted = predictedBy.get(id) as Told[];
      expect(predicted.length).toBe(200);
      expect(predicted.every(({ millis }) => millis > started.millis && millis < succeeded.millis)).toBe(true);
    }
  });

  test("actual sales come a horizon later, and the forecast is about a tenth off", () => {
    const known = outcomesOf("forecast");
    expect(known.length).toBeGreaterThan(20_000);
    const delays = known.map((one) => one.millis - predictionOf(one).millis - batchEveryMillis);
    expect(delays.every((delay) => delay >= 0 && delay < 2 * minute)).toBe(true);
    const off = known.map((one) => Math.abs((one.label as number) / (predictionOf(one).prediction as number) - 1));
    expect(mean(off)).toBeGreaterThan(0.05);
    expect(mean(off)).toBeLessThan(0.12);
    expect(of("forecast").every(({ horizon }) => horizon === "15m")).toBe(true);
  });
});
