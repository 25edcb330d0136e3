// What a model's page says of a version since it was first seen: the right numbers, in words, and nothing of what there
// is not. Of batch runs and outcomes see `facts-of-runs.test.ts`.
import { describe, expect, test } from "vitest";
import { closed, factsOf, wordsOf } from "./facts.ts";
import { midnight, minute, prediction } from "./running.ts";

test("a version of which nothing but traffic is known has no facts, and its page says none", async () => {
  const running = await closed([prediction(midnight)]);
  expect(await factsOf(running)).toEqual({});
  expect(await wordsOf(running)).toEqual({});
});

describe("latency", () => {
  const slow = [10, 20, 30, 40, 400].map((latency_ms) => prediction(midnight, { latency_ms }));

  test("is its mean, and the bound of the better half where nothing is promised", async () => {
    const running = await closed([...slow, prediction(midnight)]);
    expect(await factsOf(running)).toEqual({ latency: { predictions: 5, meanSeconds: 0.1, halfWithinSeconds: 0.05 } });
    expect(await wordsOf(running)).toEqual({ Latency: "mean 100 ms, half within 50 ms" });
  });

  test("has no such bound where most is slower than the last one", async () => {
    const running = await closed([prediction(midnight, { latency_ms: 90_000 })]);
    expect(await factsOf(running)).toEqual({ latency: { predictions: 1, meanSeconds: 90, halfWithinSeconds: null } });
    expect(await wordsOf(running)).toEqual({ Latency: "mean 90 s" });
  });

  test("is set against what is promised", async () => {
    const running = await closed(slow, "models: {fraud: {slos: {latency: {objective: 0.9, below_ms: 100}}}}");
    expect((await factsOf(running))?.objectives).toEqual([
      { name: "latency", promised: 0.9, belowMillis: 100, predictions: 5, bad: 1, kept: false },
    ]);
    expect(await wordsOf(running)).toEqual({
      Latency: "mean 100 ms, 80 % within 100 ms",
      Objective: "latency: 90 % within 100 ms promised; 1 of 5 missed it (20 %): not kept",
    });
  });
});

describe("objectives", () => {
  const yaml = (objective: number) => `models: {fraud: {slos: {availability: {objective: ${objective}}}}}`;
  const tenth = Array.from({ length: 10 }, (_, index) => prediction(midnight, index === 0 ? { status: "error" } : {}));

  test.each([
    [0.9, true, "90 % answered promised; 1 of 10 missed it (10 %): kept"],
    [0.95, false, "95 % answered promised; 1 of 10 missed it (10 %): not kept"],
    [0.99995, false, "99.995 % answered promised; 1 of 10 missed it (10 %): not kept"],
  ])("of %d are kept to the last prediction that may be bad: %s", async (objective, kept, words) => {
    const running = await closed(tenth, yaml(objective));
    expect((await factsOf(running))?.objectives).toEqual([
      { name: "availability", promised: objective, belowMillis: null, predictions: 10, bad: 1, kept },
    ]);
    expect(await wordsOf(running)).toEqual({ Objective: `availability: ${words}` });
  });

  test("are not judged before the first prediction that they are about", async () => {
    const running = await closed([prediction(midnight)], "models: {fraud: {slos: {latency: {objective: 0.9, below_ms: 50}}}}");
    expect(await wordsOf(running)).toEqual({ Objective: "latency: 90 % within 50 ms promised; nothing to judge yet" });
  });
});

describe("the schema", () => {
  const yaml = "models: {fraud: {features: {x: {type: numeric, required: true, range: [0, 10]}}}}";

  test("is kept where nothing is said against it", async () => {
    const good = Array.from({ length: 150 }, () => prediction(midnight, { features: { x: 1 } }));
    const running = await closed(good, yaml);
    expect(await factsOf(running)).toEqual({ schema: { violations: [], changes: [] } });
    expect(await wordsOf(running)).toEqual({ Schema: "nothing against it" });
  });

  test("is broken by reason, and its changes are counted", async () => {
    const values = [{ x: 1 }, { x: "a" }, { x: 11 }, { y: 1 }, {}];
    const records = Array.from({ length: 200 }, (_, index) => prediction(midnight, { features: values[index % 5] }));
    const running = await closed(records, yaml);
    const without = Array.from({ length: 120 }, (_, index) => prediction(midnight + 2 * minute + index, { features: { x: 1 } }));
    await running.write(0, without);
    const last = Array.from({ length: 5 }, () => prediction(midnight + 5 * minute, { model: "other" }));
    await running.write(0, last);
    const violations = [
      { name: "missing", count: 80 },
      { name: "wrong_type", count: 40 },
      { name: "out_of_range", count: 40 },
      { name: "unexpected", count: 40 },
    ];
    expect(await factsOf(running)).toEqual({ schema: { violations, changes: [{ name: "vanished", count: 1 }] } });
    expect(await wordsOf(running)).toEqual({
      Schema: "200 values against it: 80 missing, 40 wrong type, 40 out of range, 40 unexpected",
      Changes: "1 feature vanished",
    });
  });
});
