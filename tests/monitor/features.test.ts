// Features: what state a value is in, when a feature's type and bins are settled, and what its distribution says.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Folded, times } from "./folded.ts";

const states = ["ok", "missing", "null", "nan", "infinite", "wrong_type", "out_of_range", "unseen"] as const;

function statesOf(folded: Folded, feature: string, of = {}): Record<string, number> {
  const all = states.map((state) => [state, folded.value(feature, state, of)] as const);
  return Object.fromEntries(all.filter(([, value]) => value !== 0)) as Record<string, number>;
}

describe("states of values", () => {
  const text = `
defaults: {windows: [1h], learn: 1h}
models:
  m:
    features:
      number: {type: numeric, range: [0, 10]}
      text: {categories: [a, b], other_categories: [z]}
`;

  test("of a number", () => {
    const folded = new Folded(text).minute(0, [
      ...times(7, { number: 5 }),
      ...times(6, { number: null }),
      ...times(5, {}),
      ...times(4, { number: "5" }),
      ...times(3, { number: true }),
      ...times(2, { number: [5] }),
      ...times(1, { number: { five: 5 } }),
      ...times(8, { number: 10.001 }),
      ...times(9, { number: -1e-9 }),
      ...times(2, { number: 0 }),
      ...times(2, { number: 10 }),
    ]);
    folded.minute(0, [{ features: null }, {}]).close();
    const expected = { ok: 11, null: 6, missing: 7, wrong_type: 10, out_of_range: 17 };
    expect(statesOf(folded, "number")).toEqual(expected);
    expect(folded.value("number", "mean")).toBeCloseTo((7 * 5 + 2 * 10) / 11, 5);
  });

  test("a number too large for one is infinite", () => {
    const line = '{"type":"prediction","model":"m","version":"1","time":"2026-03-01T00:00:00Z","features":{"number":1e999}}';
    const folded = new Folded(text).minute(0, times(3, { number: 1 }));
    folded.raw(line).close();
    expect(statesOf(folded, "number")).toEqual({ ok: 3, infinite: 1 });
  });

  test("of a category", () => {
    const folded = new Folded(text)
      .minute(0, [
        ...times(5, { text: "a" }),
        ...times(4, { text: "z" }),
        ...times(3, { text: "new" }),
        ...times(2, { text: null }),
        ...times(6, { text: {} }),
        ...times(1, {}),
      ])
      .close();
    expect(statesOf(folded, "text")).toEqual({ ok: 9, unseen: 3, null: 2, wrong_type: 6, missing: 1 });
    expect(folded.bins("text")).toEqual([5, 0, 4, 3]);
  });

  test("add up to the number of events, whatever comes", () => {
    const value = fc.oneof(
      fc.double({ min: -20, max: 20, noNaN: true }),
      fc.constantFrom("a", "b", "z", "other", "", null, true, [], {}, undefined),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ number: value, text: value }), { minLength: 1, maxLength: 60 }), (events) => {
        const folded = new Folded(text)
          .minute(
            0,
            events.map((features) => ({ features })),
          )
          .close();
        for (const feature of ["number", "text"]) {
          const all = states.map((state) => folded.value(feature, state) as number);
          expect(all.every((count) => count >= 0)).toBe(true);
          expect(all.reduce((sum, count) => sum + count, 0)).toBe(events.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("outputs are not missing in predictions that failed", () => {
    const folded = new Folded()
      .minute(0, [...times(100, {}, { score: 0.5 }), ...times(7, {}, { status: "error" }), ...times(3, {}, {})])
      .close();
    expect(statesOf(folded, "$score")).toEqual({ ok: 100, missing: 3 });
  });

  test("a feature counts as missing from the first pane on in which a version had it", () => {
    const folded = new Folded()
      .minute(0, times(50, {}))
      .minute(1, times(100, { x: 1 }))
      .minute(2, times(30, {}))
      .close();
    expect(statesOf(folded, "x")).toEqual({ ok: 100, missing: 30 });
  });

  test("a feature that is called like an output is another one", () => {
    const folded = new Folded().minute(0, times(100, { $score: 3 }, { score: 0.5 })).close();
    expect([folded.value("$score", "mean"), folded.value("$$score", "mean")]).toEqual([0.5, 3]);
  });
});

describe("the type of a feature", () => {
  test("settles with the pane that brings the hundredth value, and holds for those before it", () => {
    const folded = new Folded().minute(0, times(60, { x: 1 })).minute(1, times(39, { x: 3 }));
    expect(folded.close().value("x", "ok")).toBeUndefined();
    folded.minute(2, times(1, { x: 3 })).close();
    expect([folded.value("x", "ok"), folded.value("x", "mean")]).toEqual([100, (60 + 40 * 3) / 100]);
  });

  test("counts nothing that is neither number nor text", () => {
    const folded = new Folded().minute(0, [...times(99, { x: 1 }), ...times(500, { x: null }), ...times(500, { x: [] })]).close();
    expect(folded.value("x", "ok")).toBeUndefined();
  });

  test.each([
    { what: "mostly numbers", events: [...times(60, { x: 1 }), ...times(40, { x: "one" })], ok: 60, wrong: 40, mean: 1 },
    { what: "mostly texts", events: [...times(40, { x: 1 }), ...times(60, { x: "one" })], ok: 60, wrong: 40, mean: undefined },
    {
      what: "as many texts as numbers",
      events: [...times(50, { x: 1 }), ...times(50, { x: "one" })],
      ok: 50,
      wrong: 50,
      mean: undefined,
    },
    { what: "booleans", events: [...times(70, { x: true }), ...times(30, { x: false })], ok: 100, wrong: 0, mean: undefined },
  ])("of $what", ({ events, ok, wrong, mean }) => {
    const folded = new Folded().minute(0, events).close();
    expect([folded.value("x", "ok"), folded.value("x", "wrong_type"), folded.value("x", "mean")]).toEqual([ok, wrong, mean]);
  });

  test("stays, whatever comes later", () => {
    const folded = new Folded()
      .minute(0, times(100, { x: 1 }))
      .minute(1, times(1000, { x: "one" }))
      .close();
    expect(statesOf(folded, "x")).toEqual({ ok: 100, wrong_type: 1000 });
  });

  test("of a prediction of few whole numbers is a class, of others a quantity", () => {
    const classes = new Folded().minute(0, [...times(70, {}, { prediction: 1 }), ...times(30, {}, { prediction: 0 })]).close();
    expect([classes.value("$prediction", "mean"), classes.value("$prediction", "distinct_values")]).toEqual([undefined, 2]);
    const numbers = new Folded().minute(0, [...times(70, {}, { prediction: 1.5 }), ...times(30, {}, { prediction: 0 })]).close();
    expect(numbers.value("$prediction", "mean")).toBeCloseTo(1.05, 6);
    const many = Array.from({ length: 100 }, (_, index) => ({ prediction: index }));
    expect(new Folded().minute(0, many).close().value("$prediction", "mean")).toBeCloseTo(49.5, 4);
  });

  test("is shared by versions, so that they can be compared", () => {
    const folded = new Folded()
      .minute(0, times(100, { x: 1 }))
      .minute(1, times(5, { x: "one" }, { version: "2" }))
      .close();
    expect(statesOf(folded, "x", { version: "2" })).toEqual({ wrong_type: 5 });
  });
});

describe("bins that are given", () => {
  test("hold (a, b], the first and the last are open", () => {
    const folded = new Folded("defaults: {windows: [1h]}\nmodels: {m: {features: {x: {edges: [-1, 0, 2.5]}}}}");
    const values = [-1e300, -1.0000001, -1, -0.9999999, -1e-300, 0, -0, 1e-300, 2.5, 2.5000001, 1e300];
    folded
      .minute(
        0,
        values.map((x) => ({ features: { x } })),
      )
      .close();
    expect(folded.bins("x")).toEqual([3, 4, 2, 2]);
  });

  test("are there from the first value on", () => {
    const folded = new Folded("defaults: {windows: [1h]}\nmodels: {m: {features: {x: {edges: [0]}}}}")
      .minute(0, times(1, { x: 1 }))
      .close();
    expect([folded.bins("x"), folded.value("x", "mean")]).toEqual([[0, 1], 1]);
  });

  test("hold every value once", () => {
    const edges = fc
      .uniqueArray(
        fc.double({ min: -100, max: 100, noNaN: true }).map((edge) => edge + 0),
        { minLength: 1, maxLength: 8 },
      )
      .map((all) => all.sort((a, b) => a - b));
    const number = fc.oneof(fc.double({ min: -150, max: 150, noNaN: true }), fc.integer({ min: -5, max: 5 }));
    fc.assert(
      fc.property(edges, fc.array(number, { minLength: 1, maxLength: 80 }), (cuts, numbers) => {
        const onEdges = [...numbers, ...cuts];
        const folded = new Folded(`defaults: {windows: [1h]}\nmodels: {m: {features: {x: {edges: ${JSON.stringify(cuts)}}}}}`);
        folded
          .minute(
            0,
            onEdges.map((x) => ({ features: { x } })),
          )
          .close();
        const expected = [...cuts, Number.POSITIVE_INFINITY].map((upper, index) => {
          return onEdges.filter((one) => one <= upper && one > (cuts[index - 1] ?? Number.NEGATIVE_INFINITY)).length;
        });
        expect(folded.bins("x")).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe("bins that are learned", () => {
  const learnMinutes = 60;

  /** Ten values a minute that are spread evenly over [0, 100). */
  function learning(minutes: number): Folded {
    const folded = new Folded("defaults: {windows: [1h], learn: 1h}");
    for (let at = 0; at < minutes; at++) {
      folded.minute(
        at,
        Array.from({ length: 10 }, (_, index) => ({ features: { x: (at * 7.3 + index * 10) % 100, c: `c${index % 4}` } })),
      );
    }
    return folded.close();
  }

  test("come with the end of their time, and the window is full at once", () => {
    const before = learning(learnMinutes - 1);
    expect([before.bins("x"), before.bins("c")]).toEqual([undefined, undefined]);
    // Mean and quantiles do not wait for them.
    expect(before.value("x", "mean")).toBeGreaterThan(40);
    const after = learning(learnMinutes);
    const bins = after.bins("x") as readonly number[];
    expect(bins.reduce((sum, count) => sum + count, 0)).toBe(600);
    expect(bins.length).toBeGreaterThan(15);
    expect(Math.max(...bins)).toBeLessThan(120);
    expect(after.bins("c")).toEqual([180, 180, 120, 120, 0, 0]);
  });

  test("stay as they are, and what is new is seen in them", () => {
    const folded = learning(learnMinutes);
    const count = (folded.bins("x") as readonly number[]).length;
    for (let at = learnMinutes; at < 2 * learnMinutes; at++) folded.minute(at, times(10, { x: 1e6, c: "new" }));
    folded.close();
    const bins = folded.bins("x") as readonly number[];
    expect([bins.length, bins.at(-1)]).toEqual([count, 600]);
    expect(folded.bins("c")?.at(-1)).toBe(600);
    expect(statesOf(folded, "c")).toEqual({ unseen: 600 });
  });

  test("wait for two hundred values, however long that takes", () => {
    const folded = new Folded("defaults: {windows: [1h], learn: 10m}");
    for (let at = 0; at < 199; at++) folded.minute(at, times(1, { x: at }));
    expect(folded.close().bins("x")).toBeUndefined();
    folded.minute(199, times(1, { x: 199 })).close();
    expect(folded.bins("x")?.reduce((sum, one) => sum + one, 0)).toBe(60);
  });

  test("of a feature with one value are two: that value, and all else above", () => {
    const folded = new Folded("defaults: {windows: [1h], learn: 10m}");
    for (let at = 0; at < 20; at++) folded.minute(at, times(20, { x: 5 }));
    folded.close();
    expect(folded.bins("x")).toEqual([400, 0]);
    expect([folded.value("x", "mean"), folded.value("x", "standard_deviation"), folded.value("x", "quantile_0.5")]).toEqual([
      5, 0, 5,
    ]);
  });
});

describe("the distribution", () => {
  test("mean and deviation are those of the values, to a millionth of them, and quantiles to a bucket", () => {
    const numbers = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 100, maxLength: 200 });
    fc.assert(
      fc.property(numbers, (all) => {
        const folded = new Folded();
        for (const [index, x] of all.entries()) folded.minute(index % 30, [{ features: { x } }]);
        folded.close();
        const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
        const deviation = Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / all.length);
        expect(Math.abs((folded.value("x", "mean") as number) - mean)).toBeLessThan(1e-6 * Math.max(...all));
        expect(Math.abs((folded.value("x", "standard_deviation") as number) - deviation)).toBeLessThan(1e-5 * Math.max(...all));
        const sorted = [...all].sort((a, b) => a - b);
        const rank = 0.95 * all.length;
        const [low, high] = [sorted[Math.ceil(rank - 1e-9) - 1], sorted[Math.min(all.length - 1, Math.floor(rank + 1e-9))]] as [
          number,
          number,
        ];
        const quantile = folded.value("x", "quantile_0.95") as number;
        // A bucket is 1/32 of an octave wide.
        expect(quantile).toBeGreaterThanOrEqual(low * (1 - 1 / 32));
        expect(quantile).toBeLessThanOrEqual(high * (1 + 1 / 32));
      }),
      { numRuns: 30 },
    );
  });

  test.each([1, 10, 400, 5000])("%d different texts are counted to a tenth, also beyond what is remembered", (count) => {
    const folded = new Folded("defaults: {windows: [1h], learn: 1h}\nlimits: {categories: 500}");
    for (let at = 0; at < 3; at++) {
      folded.minute(
        at,
        Array.from({ length: Math.max(count, 100) }, (_, index) => ({ features: { c: `text ${index % count}` } })),
      );
    }
    const distinct = folded.close().value("c", "distinct_values") as number;
    expect(Math.abs(distinct - count)).toBeLessThanOrEqual(Math.max(count * 0.1, 0));
  });

  test("texts that are long are one where they begin alike, and are not kept whole", () => {
    const long = "x".repeat(128);
    const folded = new Folded().minute(0, [...times(60, { c: `${long}a` }), ...times(60, { c: `${long}b` })]).close();
    expect(folded.value("c", "distinct_values")).toBe(1);
  });

  test("by segment adds up to all traffic", () => {
    const folded = new Folded(
      "defaults: {windows: [1h], learn: 1h}\nmodels: {m: {segments: [site], features: {x: {edges: [0, 1]}}}}",
    );
    const events = Array.from({ length: 300 }, (_, index) => ({
      features: { x: (index % 5) / 2 - 0.5 },
      segment: { site: ["a", "b", "c"][index % 3] },
    }));
    folded.minute(0, events).close();
    const parts = ["site=a", "site=b", "site=c"].map((segment) => folded.bins("x", { segment }) as readonly number[]);
    expect(folded.bins("x")).toEqual([0, 1, 2].map((bin) => parts.reduce((sum, part) => sum + (part[bin] as number), 0)));
    expect(folded.bins("x")).toEqual([120, 120, 60]);
  });
});
