// Rows of tables as predictions: what each column means, and what becomes of each cell.
import { describe, expect, test } from "vitest";
import { TableRows, type Taken } from "../../src/decode/table-row.ts";
import { Frame } from "../../src/event/frame.ts";
import { Schema } from "../../src/event/schema.ts";
import { kind } from "../../src/event/value.ts";

interface Read {
  readonly taken: Taken;
  readonly frame: Frame;
  /** By name; a kind where it is neither number nor text. */
  readonly values: Readonly<Record<string, unknown>>;
}

function take(row: Readonly<Record<string, unknown>>, texts = true, version: string | null = null): Read {
  const schema = new Schema(20, { left: 20 });
  const frame = new Frame();
  const rows = new TableRows(Object.keys(row), schema, { texts, model: "m", version, ids: true });
  const taken = rows.take(Object.values(row), frame);
  const values = Array.from(frame.slots.subarray(0, frame.present), (slot) => {
    const found = frame.kinds[slot];
    const value = found === kind.number ? frame.numbers[slot] : found === kind.string ? frame.texts[slot] : found;
    return [schema.slots[slot]?.name, value] as const;
  });
  return { taken, frame, values: Object.fromEntries(values) };
}

test("columns that are called like fields are these; all others are features", () => {
  const row = {
    ...{ time: "2026-03-01T00:00:00Z", score: "0.5", prediction: "yes", label: "1", "score.cat": "0.7", "scores.dog": "0.3" },
    ...{ id: "p", weight: "4", "segment.channel": "web", amount: "12.5", "features.time": "noon", $price: "3", "": "17" },
  };
  const { taken, frame, values } = take(row);
  expect(taken).toEqual({ segment: { channel: "web" }, id: "p" });
  expect([frame.score, frame.prediction, frame.label]).toEqual([0.5, "yes", 1]);
  expect([frame.timeMillis, frame.weight]).toEqual([Date.parse("2026-03-01T00:00:00Z"), 4]);
  expect(values).toEqual({
    ...{ $score: 0.5, $prediction: "yes", "$score.cat": 0.7, "$score.dog": 0.3 },
    ...{ amount: 12.5, time: "noon", $$price: 3 },
  });
});

describe("a cell of text", () => {
  test.each(["0", "-1", "12.5", "1e5", "1E-07", "0.001"])("%s is a number", (text) => {
    expect(take({ a: text }).values).toEqual({ a: Number(text) });
  });

  test.each(["", " 1", "1 ", "01", "1.", ".5", "+1", "0x10", "1_000", "1,5", "NaN", "Infinity", "-", "one"])(
    "%j is a text",
    (text) => {
      expect(take({ a: text }).values).toEqual({ a: text });
    },
  );

  test("is what it is where cells have types of their own", () => {
    expect(take({ a: "12", b: 3, c: true }, false).values).toEqual({ a: "12", b: 3, c: kind.boolean });
  });

  test("that is empty is null", () => {
    expect(take({ a: null }).values).toEqual({ a: kind.null });
  });
});

describe("a row", () => {
  test.each([
    ["2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"],
    ["2026-03-01 01:00:00.5+01:00", "2026-03-01T00:00:00.500Z"],
    ["1772323200000", "2026-03-01T00:00:00Z"],
  ])("has the time %s", (text, time) => {
    expect(take({ time: text }).frame.timeMillis).toBe(Date.parse(time));
  });

  test.each([[null], ["yesterday"], ["1772323200"]])("of the time %j is wrong", (time) => {
    expect(take({ time }).taken).toMatchObject({ reason: "bad_time" });
  });

  test("without such a column has no time", () => {
    expect(take({ a: "1" }).frame.timeMillis).toBeNaN();
  });

  test.each([["0"], ["-1"], ["heavy"]])("of weight %j is wrong", (weight) => {
    expect(take({ weight }).taken).toMatchObject({ reason: "bad_weight" });
  });

  test("without a weight weighs 1", () => {
    expect(take({ weight: null }).frame.weight).toBe(1);
  });

  test("of another model or version is passed over", () => {
    expect(take({ model: "other", a: "1" }).taken).toBe("other");
    expect(take({ model: "m", version: "2" }).taken).not.toBe("other");
    expect(take({ model: "m", version: "2" }, true, "3").taken).toBe("other");
    expect(take({ model: "m", version: "3" }, true, "3").taken).not.toBe("other");
  });

  test("forgets the one before", () => {
    const schema = new Schema(5, { left: 5 });
    const frame = new Frame();
    const rows = new TableRows(["a", "b"], schema, { texts: true, model: "m", version: null, ids: true });
    rows.take(["1", "2"], frame);
    rows.take(["3", null], frame);
    expect([frame.present, frame.numbers[0], frame.kinds[1]]).toEqual([2, 3, kind.null]);
  });
});

describe("the target of a row", () => {
  test.each([
    [{ score: "0.5", prediction: "7" }, 0.5],
    [{ score: null, prediction: "7" }, 7],
    [{ score: "high", prediction: "7" }, 7],
    [{ prediction: "yes" }, Number.NaN],
    [{ "features.score": "1" }, Number.NaN],
  ])("%j is its score, else a numeric prediction", (row, target) => {
    expect(take(row).frame.target).toBe(target);
  });

  test("is not that of the one before", () => {
    const frame = new Frame();
    const rows = new TableRows(["score"], new Schema(5, { left: 5 }), { texts: true, model: "m", version: null, ids: true });
    rows.take(["0.5"], frame);
    rows.take([null], frame);
    expect(frame.target).toBeNaN();
  });
});

test("cells are wanted where something is made of them", () => {
  const names = ["time", "id", "label", "amount", "segment.a", "", "score"];
  const rows = new TableRows(names, new Schema(5, { left: 5 }), { texts: true, model: "m", version: null, ids: true });
  expect(rows.wanted).toEqual([true, true, true, true, true, false, true]);
  const without = new TableRows(names, new Schema(5, { left: 5 }), { texts: true, model: "m", version: null, ids: false });
  expect(without.wanted).toEqual([true, false, true, true, true, false, true]);
});

test("features beyond the limit are counted", () => {
  const schema = new Schema(1, { left: 1 });
  const rows = new TableRows(["a", "b"], schema, { texts: true, model: "m", version: null, ids: true });
  rows.take(["1", "2"], new Frame());
  expect(schema.overflow).toBe(1);
});
