// Outcomes as they came, joined or not: counted and valued by the version that they name, in any order, within limits.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type OutcomeEvent, otherName } from "../../src/event/event.ts";
import { Reader, Writer } from "../../src/primitive/bytes.ts";
import { AllOutcomeTotals, inUnits } from "../../src/state/outcome-totals.ts";

const limits = { models: 3, versions: 2 };
const outcome = (event: Partial<OutcomeEvent>): OutcomeEvent => {
  const plain = {
    label: 1,
    value: Number.NaN,
    unit: "",
    carries: false,
    score: undefined,
    prediction: undefined,
    weight: 1,
    segment: null,
  };
  return { type: "outcome", model: "m", version: "1", id: "i", timeMillis: 0, ...plain, ...event };
};

function counted(events: readonly OutcomeEvent[]): AllOutcomeTotals {
  const totals = new AllOutcomeTotals(limits);
  for (const event of events) totals.count(event, false);
  return totals;
}

function bytes(totals: AllOutcomeTotals): string {
  const writer = new Writer();
  totals.encode(writer);
  return Buffer.from(writer.bytes()).toString("hex");
}

describe("outcomes", () => {
  test("are valued by unit, what was gained apart from what went back, exactly", () => {
    const values = [...Array.from({ length: 1000 }, () => 0.1), -20.5, 19.99];
    const sums = counted(values.map((value) => outcome({ value, unit: "EUR" })))
      .byModel.get("m")
      ?.get("1")
      ?.values.get("EUR");
    expect([inUnits(sums?.gained as bigint), inUnits(sums?.returned as bigint)]).toEqual([119.99, 20.5]);
  });

  test("without a value count all the same", () => {
    const totals = counted([outcome({ timeMillis: 5 }), outcome({ timeMillis: 3 })])
      .byModel.get("m")
      ?.get("1");
    expect([totals?.count, totals?.latestMillis, totals?.values.size]).toEqual([2, 5, 0]);
  });

  test("beyond the limits count as others", () => {
    const totals = counted(
      ["a", "b", "c", "d", "e"].flatMap((model) => ["1", "2", "3"].map((version) => outcome({ model, version }))),
    );
    expect([...totals.byModel.keys()].sort()).toEqual([otherName, "a", "b", "c"].sort());
    expect([...(totals.byModel.get("a")?.keys() ?? [])].sort()).toEqual([otherName, "1", "2"].sort());
    const all = [...totals.byModel.values()].flatMap((versions) => [...versions.values()]);
    expect(all.reduce((sum, totals) => sum + totals.count, 0)).toBe(15);
    const units = counted(Array.from({ length: 50 }, (_, unit) => outcome({ value: 1, unit: `u${unit}` })))
      .byModel.get("m")
      ?.get("1");
    expect([...(units?.values.keys() ?? [])].length).toBe(9);
  });

  test("of a version of which nothing was heard for long are forgotten", () => {
    const totals = counted([outcome({ version: "1", timeMillis: 1000 }), outcome({ version: "2", timeMillis: 9000 })]);
    totals.expire(10_000, 5000);
    expect([...(totals.byModel.get("m")?.keys() ?? [])]).toEqual(["2"]);
    totals.expire(20_000, 5000);
    expect(totals.byModel.size).toBe(0);
  });

  test("are the same in any order below the limits, and after being written and read", () => {
    const drawn = fc
      .array(
        fc.record({
          model: fc.constantFrom("a", "b"),
          version: fc.constantFrom("", "1"),
          timeMillis: fc.nat(),
          value: fc.oneof(fc.constant(Number.NaN), fc.double({ min: -1e15, max: 1e15, noNaN: true })),
          unit: fc.constantFrom("", "EUR", "items"),
        }),
        { maxLength: 30 },
      )
      .chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })));
    fc.assert(
      fc.property(drawn, ([events, shuffled]) => {
        const totals = counted(events.map(outcome));
        expect(bytes(counted(shuffled.map(outcome)))).toBe(bytes(totals));
        const read = new AllOutcomeTotals(limits);
        read.decode(new Reader(Buffer.from(bytes(totals), "hex")));
        expect(bytes(read)).toBe(bytes(totals));
      }),
    );
  });
});
