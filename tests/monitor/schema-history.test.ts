// A feature that appears, vanishes or changes its type is told once, when it is certain; an accident is not told.
import { describe, expect, test } from "vitest";
import { kind, kindCount } from "../../src/event/value.ts";
import { SchemaHistory } from "../../src/monitor/schema-history.ts";
import { Reader, Writer } from "../../src/primitive/bytes.ts";

type Counts = Partial<Record<keyof typeof kind, number>>;

function pane(features: Readonly<Record<string, Counts>>): Map<string, { kinds: Float64Array }> {
  return new Map(
    Object.entries(features).map(([name, counts]) => {
      const kinds = new Float64Array(kindCount);
      for (const [what, count] of Object.entries(counts)) kinds[kind[what as keyof typeof kind]] = count;
      return [name, { kinds }];
    }),
  );
}

/** Panes of 50 events, one a minute. */
function history(...panes: readonly Readonly<Record<string, Counts>>[]): SchemaHistory {
  const made = new SchemaHistory();
  for (const [index, features] of panes.entries()) made.observe(50, pane(features), (index + 1) * 60_000);
  return made;
}

const told = (of: SchemaHistory): string[] =>
  of.recent.map(({ kind: what, feature, timeMillis }) => `${what} ${feature} ${timeMillis / 60_000}`);
const numbers = { x: { number: 50 } };
const absent = { x: { absent: 50 } };
const texts = { x: { string: 50 } };

describe("schema history", () => {
  test("the features of the beginning are no news", () => {
    expect(told(history(numbers, { ...numbers, y: { string: 1, absent: 49 } }))).toEqual([]);
  });

  test("a feature that comes later appeared", () => {
    expect(told(history(numbers, numbers, numbers, { ...numbers, y: { number: 1, absent: 49 } }))).toEqual(["appeared y 4"]);
  });

  test("a feature that a hundred events in a row do not have vanished, once; when it is back it appeared", () => {
    expect(told(history(numbers, absent, absent, absent, numbers))).toEqual(["vanished x 3", "appeared x 5"]);
    expect(told(history(numbers, absent, numbers, absent, numbers))).toEqual([]);
  });

  test("null is a value: a feature that is null is not gone", () => {
    expect(told(history(numbers, { x: { null: 50 } }, { x: { null: 50 } }, { x: { null: 50 } }))).toEqual([]);
  });

  test("another type is told after a hundred values of it, and only if most are", () => {
    expect(told(history(numbers, texts, texts, texts))).toEqual(["type x 3"]);
    expect(history(numbers, texts, texts).recent[0]).toMatchObject({ from: "number", to: "text" });
    expect(told(history(numbers, ...Array.from({ length: 9 }, () => ({ x: { number: 30, string: 20 } }))))).toEqual([]);
    expect(told(history(numbers, texts, numbers, texts, numbers))).toEqual([]);
  });

  test("a text for a boolean, and a number out of range, are of the same type as before", () => {
    expect(told(history(texts, { x: { boolean: 50 } }, { x: { boolean: 50 } }))).toEqual([]);
    expect(told(history(numbers, { x: { outOfRange: 50 } }, { x: { outOfRange: 50 } }))).toEqual([]);
  });

  test("all are counted, the latest twenty are remembered, and nothing is lost when it is written and read", () => {
    const made = history(...Array.from({ length: 100 }, (_, index) => (Math.floor(index / 2) % 2 === 0 ? numbers : absent)));
    expect(made.counts.vanished).toBe(25);
    expect(made.recent.length).toBe(20);
    const encode = (of: SchemaHistory): string => {
      const writer = new Writer();
      of.encode(writer);
      return Buffer.from(writer.bytes()).toString("hex");
    };
    expect(encode(SchemaHistory.decode(new Reader(Buffer.from(encode(made), "hex"))))).toBe(encode(made));
  });
});
