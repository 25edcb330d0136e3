// What a model's page says of batch runs and outcomes: the right numbers, in words.
import { describe, expect, test } from "vitest";
import { modelPage } from "../../src/expose/model-page.ts";
import { hostileNames } from "../expose/hostile-names.ts";
import { readMarkup } from "../expose/markup.ts";
import { closed, factsOf, wordsOf } from "./facts.ts";
import { midnight, minute, prediction } from "./running.ts";

const outcome = (timeMillis: number, more: object = {}): string => {
  return JSON.stringify({ type: "outcome", model: "fraud", version: "1", id: "a", time: timeMillis, label: 1, ...more });
};
const run = (runId: string, state: string, timeMillis: number, more: object = {}): string => {
  return JSON.stringify({ type: "run", model: "fraud", version: "1", run_id: runId, state, time: timeMillis, ...more });
};

describe("batch runs", () => {
  const yaml = "models: {fraud: {batch: {every: 15m, grace: 2m, min_rows: 100}}}";
  const runs = [
    run("a", "started", midnight),
    run("a", "succeeded", midnight + minute, { rows: 90 }),
    run("b", "started", midnight + minute),
    run("b", "failed", midnight + minute + 1, { rows: 0 }),
  ];
  const counts = { started: 2, succeeded: 1, failed: 1, lastSuccessMillis: midnight + minute, rows: 90 };
  const expected = { everyMillis: 15 * minute, graceMillis: 2 * minute, leastRows: 100 };

  test.each([
    [17, 0, "16 min ago"],
    [18, 0, "17 min ago"],
    [19, 1, "18 min ago: 60 s overdue"],
    [22.5, 4.5, "21 min ago: 4 min overdue"],
  ])("%d minutes after midnight are overdue by %d", async (minutes, overdue, words) => {
    const running = await closed(runs, yaml, midnight + minutes * minute);
    expect((await factsOf(running))?.batch).toEqual({ ...counts, ...expected, overdueMillis: overdue * minute });
    expect(await wordsOf(running)).toEqual({
      "Batch runs": "2 started, 1 succeeded, 1 failed",
      "Last success": `2026-03-01 00:01:00 UTC, ${words} (every 15 min and 2 min of grace)`,
      Rows: "90, at least 100 expected",
    });
  });

  test("of which nobody said when they are due are never overdue", async () => {
    const running = await closed(runs, undefined, midnight + 30 * minute);
    const unknown = { everyMillis: null, graceMillis: null, leastRows: null, overdueMillis: null };
    expect((await factsOf(running))?.batch).toEqual({ ...counts, ...unknown });
    expect(await wordsOf(running)).toMatchObject({ "Last success": "2026-03-01 00:01:00 UTC, 29 min ago", Rows: "90" });
  });

  test("that never succeeded have no last success", async () => {
    const running = await closed([run("a", "failed", midnight)], yaml);
    expect((await factsOf(running))?.batch).toMatchObject({ lastSuccessMillis: null, rows: null, overdueMillis: null });
    expect(await wordsOf(running)).toMatchObject({
      "Batch runs": "0 started, 0 succeeded, 1 failed",
      "Last success": "never (every 15 min and 2 min of grace)",
    });
  });
});

describe("outcomes", () => {
  const records = [
    prediction(midnight),
    prediction(midnight, { version: "2" }),
    outcome(midnight + 1000),
    outcome(midnight, { value: 20.5, unit: "EUR" }),
    outcome(midnight, { value: -5, unit: "EUR" }),
    outcome(midnight, { value: 7, unit: "points" }),
    outcome(midnight, { version: "2", value: 1, unit: "EUR" }),
  ];

  test("are counted by the version that they name, with what they were worth by unit", async () => {
    const running = await closed(records);
    const one = { version: "1", count: 4, lastMillis: midnight + 1000 };
    const values = [
      { unit: "EUR", gained: 20.5, returned: 5 },
      { unit: "points", gained: 7, returned: 0 },
    ];
    expect(await factsOf(running)).toEqual({ outcomes: [{ ...one, values }] });
    expect(await wordsOf(running)).toEqual({
      Outcomes: "4, the last one 2026-03-01 00:00:01 UTC, 119 s ago",
      Value: "20.5 EUR gained, 5 returned; 7 points gained",
    });
    const other = { version: "2", count: 1, lastMillis: midnight, values: [{ unit: "EUR", gained: 1, returned: 0 }] };
    expect(await factsOf(running, "2")).toEqual({ outcomes: [other] });
  });

  test("that name no version are said as such", async () => {
    const running = await closed([prediction(midnight), outcome(midnight, { version: undefined, value: 3, unit: "EUR" })]);
    expect((await factsOf(running))?.outcomes?.map(({ version, count }) => [version, count])).toEqual([["", 1]]);
    expect(await wordsOf(running)).toEqual({
      Outcomes: "1 that name no version, the last one 2026-03-01 00:00:00 UTC, 2 min ago",
      Value: "3 EUR gained",
    });
  });

  test.each(hostileNames)("of the unit %j do no harm", async (unit) => {
    const words = unit.slice(0, 100).toWellFormed();
    const running = await closed([prediction(midnight), outcome(midnight, { value: 3, unit: words })]);
    const view = await running.status.model("fraud");
    if (view === undefined) throw new Error("no such model");
    const { tags, text } = readMarkup(modelPage(view));
    expect(tags.filter((tag) => ["script", "img"].includes(tag))).toEqual([]);
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    expect(text).toContain("gained");
  });
});
