// How well a model did as part of its reference: the same whatever order, file or event its labels come in, exact in its file, and
// what scikit-learn and statsmodels computed from the same rows.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, describe, expect, test } from "vitest";
import { random } from "../../bench/events.ts";
import { jsonDecoder } from "../../src/decode/native.ts";
import type { LabelledPair, PairSettings } from "../../src/performance/labelled-pair.ts";
import { addPair, performanceOf } from "../../src/performance/pairs.ts";
import { type PerformancePane, packPane } from "../../src/performance/pane.ts";
import { addRequest } from "../../src/performance/requests.ts";
import type { Built } from "../../src/pipeline/reference/build.ts";
import { readFiles } from "../../src/pipeline/reference/row-files.ts";
import { quantisedWeight } from "../../src/primitive/weight.ts";
import { decodeReference, encodeReference } from "../../src/reference/file.ts";
import type { Reference } from "../../src/reference/reference.ts";
import { Folder } from "../cli/command.ts";
import { pairOf } from "../performance/plain-pair.ts";
import { Deviations } from "../stats/performance/deviations.ts";
import type { GoldenRow } from "../stats/performance/golden-rows.ts";
import { built, builtFrom, type How, type Row } from "./built.ts";
import { small } from "./small.ts";

const plain: PairSettings = { task: "", positive: null, thresholds: [], percentageFloor: 0 };
const start = Date.parse("2026-03-01T00:00:00Z");
const minute = 60_000;

const packed = ({ reference }: Built): Uint8Array => packPane(reference.performance ?? new Map());
const metric = ({ reference }: Built, name: string, settings = plain): number | undefined =>
  [...performanceOf(reference.performance ?? new Map(), settings)].find((one) => one.metric === name)?.value;

describe("rows with labels", () => {
  const next = random(11);
  const rows = Array.from({ length: 500 }, (_, index) => {
    const score = Number(next().toFixed(4));
    return {
      id: `r${index}`,
      time: new Date(start + index * minute).toISOString(),
      amount: Math.floor(100 * next()),
      score,
      prediction: score > 0.6 ? 1 : 0,
      label: index % 7 === 0 ? null : next() < score ? 1 : 0,
    };
  });
  type One = (typeof rows)[number];
  const folder = new Folder();
  afterAll(() => folder.close());
  const event = ({ id, time, amount, score, prediction }: One) => ({ id, time, features: { amount }, score, prediction });
  const lines = (objects: readonly object[]): string => objects.map((one) => JSON.stringify(one)).join("\n");
  const labelled = (those: readonly One[]): string => lines(those.map((row) => ({ ...event(row), label: row.label })));
  const csv = (those: readonly One[], names: readonly (keyof One)[]): string =>
    [names.join(), ...those.map((row) => names.map((name) => row[name] ?? "").join())].join("\n");
  const parquet = (names: readonly (keyof One)[]): Uint8Array => {
    const columns = names.map((name) => {
      const type = name === "id" || name === "time" ? "STRING" : name === "score" ? "DOUBLE" : "INT64";
      const cells = rows.map((row) => row[name]);
      return { name, type, data: cells.map((cell) => (type === "INT64" && cell !== null ? BigInt(cell) : cell)) } as const;
    });
    return Buffer.from(parquetWriteBuffer({ columnData: [...columns] }));
  };
  const outcomes = rows
    .filter(({ label }) => label !== null)
    .map(({ id, time, label }) => ({ type: "outcome", id, time, label }));
  const said = { type: "prediction", model: "m" };
  const format = {
    decoder: jsonDecoder("rows", (json) => ({ ...said, ...json })),
    options: { messageBytes: 1000, futureMillis: Number.POSITIVE_INFINITY },
  };
  const ofFiles = (files: Readonly<Record<string, string | Uint8Array>>, how: How = {}): Promise<Built> => {
    for (const [name, content] of Object.entries(files)) folder.write(name, content);
    return builtFrom(
      (pass) =>
        readFiles(
          Object.keys(files).map((name) => folder.place(name)),
          format,
          pass,
        ),
      how,
    );
  };
  const columns = ["id", "time", "amount", "score", "prediction", "label"] as const;

  test("are the same from CSV, JSON Lines and Parquet, in any order, over several files", async () => {
    const one = await ofFiles({ "rows.jsonl": labelled(rows) });
    expect(one.labels).toMatchObject({ pairs: outcomes.length, unusable: 0, fromOutcomes: 0 });
    const others = [
      await ofFiles({ "back.jsonl": labelled(rows.toReversed()) }),
      await ofFiles({ "rows.csv": csv(rows, columns) }),
      await ofFiles({ "rows.parquet": parquet(columns) }),
      await ofFiles({ "b.csv": csv(rows.slice(200), columns), "a.jsonl": labelled(rows.slice(0, 200)) }),
    ];
    expect(others.map(({ reference }) => reference.hash)).toEqual(others.map(() => one.reference.hash));
    expect(metric(one, "label_mean")).toBeCloseTo(
      outcomes.reduce((sum, { label }) => sum + (label ?? 0), 0) / outcomes.length,
      12,
    );
  });

  test("are the same where labels come as outcomes, before or after, also to rows of tables", async () => {
    const one = await ofFiles({ "rows.jsonl": labelled(rows) });
    const predictions = lines(rows.map(event));
    const apart = [
      await ofFiles({ "all.jsonl": `${predictions}\n${lines(outcomes)}` }),
      await ofFiles({ "o.jsonl": lines(outcomes.toReversed()), "p.jsonl": predictions }),
      await ofFiles({ "p.csv": csv(rows, columns.slice(0, -1)), "o.jsonl": lines(outcomes) }),
      await ofFiles({ "p.parquet": parquet(columns.slice(0, -1)), "o.jsonl": lines(outcomes) }),
    ];
    expect(apart.map(({ reference }) => reference.hash)).toEqual(apart.map(() => one.reference.hash));
    for (const { labels, counts } of apart) {
      expect(labels).toMatchObject({ pairs: outcomes.length, fromOutcomes: outcomes.length, turnedAway: 0 });
      expect(counts).toMatchObject({ rows: rows.length, outcomes: outcomes.length, others: 0 });
    }
  });

  test("of several outcomes of an id the first by time stands; one beyond the horizon is not its own", async () => {
    const [row] = rows as [One];
    const at = (minutes: number, label: number) => ({ type: "outcome", id: row.id, time: start + minutes * minute, label });
    const both = [at(2, 0), at(1, 1)];
    for (const those of [both, both.toReversed()]) {
      const made = await ofFiles({ "two.jsonl": lines([event(row), ...those]) });
      expect([made.labels.fromOutcomes, metric(made, "label_mean")]).toEqual([1, 1]);
    }
    const late = await ofFiles({ "late.jsonl": lines([event(row), at(60 * 24 * 8, 1)]) });
    expect([late.labels.pairs, late.reference.performance]).toEqual([0, null]);
  });

  test("of outcomes only as many are kept as there is room for, and the others counted", async () => {
    const config = "limits: {pending: 100}";
    const made = await ofFiles({ "o.jsonl": lines(outcomes), "p.jsonl": lines(rows.map(event)) }, { config });
    expect(made.labels).toMatchObject({ pairs: 100, fromOutcomes: 100, turnedAway: outcomes.length - 100 });
  });

  test("an outcome that carries its prediction is a pair of its own", async () => {
    const carried = { type: "outcome", id: "x", time: start, label: 1, score: 0.9, prediction: 1 };
    const made = await ofFiles({ "c.jsonl": lines([event(rows[0] as One), carried]) });
    expect([made.labels.pairs, metric(made, "score_mean")]).toEqual([1, 0.9]);
  });

  test("without an outcome by the horizon have the label that this means, where there are labels at all", async () => {
    const config = "defaults: {outcomes: {horizon: 1h, absent: 0}}";
    const made = await ofFiles({ "rows.jsonl": labelled(rows) }, { config });
    const absent = rows.filter(({ label, time }) => label === null && Date.parse(time) + 60 * minute <= start + 499 * minute);
    expect(made.labels).toMatchObject({ pairs: outcomes.length + absent.length, fromAbsence: absent.length });
    const unlabelled = await ofFiles({ "p.jsonl": lines(rows.map(event)) }, { config });
    expect(unlabelled.labels.tooYoung).toBe(0);
    expect([unlabelled.labels.pairs, unlabelled.reference.performance]).toEqual([0, null]);
  });

  test("that come as outcomes do not count while the horizon of their predictions is open, where absence is a label, too", async () => {
    const config = "defaults: {outcomes: {horizon: 1h, absent: 0}}";
    const frauds = outcomes.filter(({ label }) => label === 1);
    const made = await ofFiles({ "p.jsonl": lines(rows.map(event)), "o.jsonl": lines(frauds) }, { config });
    const known = rows.filter(({ time }) => Date.parse(time) + 60 * minute <= start + 499 * minute);
    const positive = known.filter(({ label }) => label === 1).length;
    expect(positive).toBeLessThan(frauds.length);
    expect(made.labels).toMatchObject({ pairs: known.length, fromOutcomes: positive, tooYoung: rows.length - known.length });
    expect(metric(made, "label_mean")).toBeCloseTo(positive / known.length, 12);
  });

  test("without any the file says nothing of performance, and the hash is of all else", async () => {
    const without = await ofFiles({ "p.jsonl": lines(rows.map(event)) });
    expect(encodeReference(without.reference)).not.toContain('"performance"');
    const one = await ofFiles({ "rows.jsonl": labelled(rows) });
    expect(one.reference.hash).not.toBe(without.reference.hash);
    expect(encodeReference({ ...one.reference, performance: null })).toBe(encodeReference(without.reference));
  });
});

describe("what labels are about", () => {
  test("is read by the model's settings", async () => {
    const rows: Row[] = [0.2, 0.4, 0.6, 0.8].map((score, index) => ({ score, prediction: 0, label: index > 1 ? "yes" : "no" }));
    const config = "models: {m: {task: binary, outcomes: {positive: yes, threshold: [0.5, 0.7]}}}".replace("yes", '"yes"');
    const made = await built(rows, { config });
    const settings: PairSettings = { task: "binary", positive: "yes", thresholds: [0.5, 0.7], percentageFloor: 0 };
    const accuracies = [...performanceOf(made.reference.performance as PerformancePane, settings)].filter(
      ({ metric }) => metric === "accuracy",
    );
    expect(accuracies.map(({ threshold, value }) => [threshold, value])).toEqual([
      ["", 1],
      ["0.7", 0.75],
    ]);
  });

  test("classes beyond the commonest are one, whatever the order", async () => {
    const rows: Row[] = Array.from({ length: 3000 }, (_, index) => {
      const name = `c${index % 3 === 0 ? index % 200 : index % 40}`;
      return { prediction: name, label: index % 5 === 0 ? "c0" : name };
    });
    const [one, other] = [await built(rows), await built(rows.toReversed())];
    expect(packed(one)).toEqual(packed(other));
    const names = new Set([...(one.reference.performance?.keys() ?? [])].filter((name) => name.startsWith("class ")));
    expect(names.size).toBeGreaterThan(40);
    expect([...names].some((name) => name.includes("__other__"))).toBe(true);
    const labels = new Set([...names].flatMap((name) => JSON.parse(name.slice(6)) as string[]));
    expect(labels.size).toBe(51);
  });

  test("may be errors, by horizon", async () => {
    const rows: Row[] = [1, 2, 3, 4].map((prediction, index) => ({ prediction, label: 2, horizon: index > 1 ? "h2" : "h1" }));
    const made = await built(rows);
    const maes = [...performanceOf(made.reference.performance as PerformancePane, plain)].filter(
      ({ metric }) => metric === "mae",
    );
    expect(maes.map(({ horizon, value }) => [horizon, value])).toEqual([
      ["h1", 0.5],
      ["h2", 1.5],
      ["", 1],
    ]);
  });
});

describe("in the file", () => {
  const settings = fc.record({
    task: fc.constantFrom("", "binary", "regression", "multiclass"),
    positive: fc.constantFrom(null, "yes", 3),
    thresholds: fc.constantFrom([], [0.5], [0.25, 0.75]),
    percentageFloor: fc.constantFrom(0, 0.5),
  });
  const value = fc.oneof(
    fc.constantFrom<LabelledPair["label"][]>("yes", "no", 0, 1, 3, null, "x y", "__proto__", '"'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  const pair = fc.record({
    weight: fc.double({ noNaN: true, min: 0.01, max: 1000 }).map(quantisedWeight),
    score: fc.oneof(fc.double({ noNaN: true, min: 0, max: 1 }), fc.constantFrom(Number.NaN, 0, 1, 0.5, 2)),
    prediction: value,
    label: value,
    horizon: fc.constantFrom("", "1 d", "h2"),
    classes: fc.constantFrom([], ["a", "b", 'ü "x"']),
    scores: fc.constantFrom([0.5, 0.3, 0.2], [0.1, 0.1, 0.8]),
    group: fc.constant(Number.NaN),
    rank: fc.constant(Number.NaN),
  });

  test("it is exact to the last bit, and the bytes are the same again", () => {
    fc.assert(
      fc.property(settings, fc.array(pair, { maxLength: 30 }), (of, pairs) => {
        const performance: PerformancePane = new Map();
        for (const one of pairs) addPair(performance, one, of);
        addRequest(performance, { gains: pairs.length, items: 7, weight: 1.5 });
        const text = encodeReference({ ...small, performance });
        const read = decodeReference(text, "R.json");
        expect(packPane(read.performance ?? new Map())).toEqual(packPane(performance));
        expect(encodeReference(read)).toBe(text);
      }),
    );
  });

  const performance: PerformancePane = new Map();
  for (const [score, label] of [
    [0.25, 0],
    [0.75, 1],
    [0.875, 1],
  ] as const) {
    addPair(performance, pairOf({ score, label }), plain);
  }
  const text = encodeReference({ ...small, performance });

  test("it can be read by people", () => {
    expect(text).toContain('"labelled": {"weight":3},');
    expect(text).toContain('{"positive":null,"threshold":null,"true_positives":2,"false_positives":0,"true_negatives":1,');
    expect(text).toContain('"columns": ["score_from","positives","negatives","positive_positions","negative_positions"]');
    expect(text).toContain("[0.25,0,1,0,0]");
    expect(text).toContain('"score_variance": {"sum":0.484375,');
  });

  test.each([
    ['"labelled": {"weight":3}', '"labelled": {"weight":-3}', "performance.labelled.weight: not a number from 0 on"],
    ['"labelled": {"weight":3}', '"labels": {"weight":3}', 'performance: "labels" is no key here'],
    ['"true_positives":2', '"true_positives":"2"', "performance.decisions[0].true_positives: not a number"],
    ['"threshold":null', '"threshold":"high"', "performance.decisions[0].threshold: not a number"],
    ['"sum":0.484375', '"sum":0.484376', "performance.scores[0].score_variance.sum: is not what its digits are"],
    ["[0.25,0,1,0,0]", "[0.26,0,1,0,0]", "performance.scores[0].cells.rows[0][0]: is the beginning of no place"],
    ["[0.25,0,1,0,0]", "[0.875,0,1,0,0]", "performance.scores[0].cells.rows[1][0]: not after the one before"],
    ["[0.25,0,1,0,0]", "[0.25,0,1,0]", "performance.scores[0].cells.rows[0]: not 5 values"],
    ['"score_from","positives"', '"score_from","hits"', /performance\.scores\[0\]\.cells\.columns: not score_from, positives, /],
    ["[0.25,0,1,0,0]", "[0.25,0,2,0,0]", /hash: does not fit the content/],
  ])("%s as %s is refused", (from, to, error) => {
    expect(text).toContain(from);
    const changed = text.replace(from, to);
    expect(() => decodeReference(changed, "R.json")).toThrow(typeof error === "string" ? `R.json: ${error}` : error);
  });
});

test("of the flights it is what other software computed", async () => {
  const unzipped = (name: string): string =>
    gunzipSync(readFileSync(new URL(`../data/flights-q2/${name}`, import.meta.url))).toString("utf8");
  const rows = unzipped("reference-scores.jsonl.gz")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
  const golden = (JSON.parse(unzipped("performance.json.gz")) as { rows: GoldenRow[] }).rows.find(({ by }) => by === "reference");
  const { reference }: { reference: Reference } = await built(rows);
  const read = decodeReference(encodeReference(reference), "R.json").performance as PerformancePane;
  const names: Readonly<Record<string, string>> = {
    pr_auc: "average_precision",
    calibration_error: "calibration_error_15",
    calibration_in_the_large: "calibration_in_the_large_z",
  };
  const deviations = new Deviations();
  for (const { metric: own, value, lower, upper, samples } of performanceOf(read, plain)) {
    const key = names[own] ?? own;
    if (golden === undefined || !(key in golden)) continue;
    if (key === "accuracy") deviations.note("counts", samples, golden.samples, key);
    deviations.note(key, value, golden[key], "");
    const limits = (golden[`${key}_wilson_95`] ?? golden[`${key}_delong_95`]) as readonly number[] | undefined;
    if (limits === undefined) continue;
    const bar = key === "roc_auc" ? "roc_auc_delong_95" : `${key}_wilson_95`;
    deviations.note(bar, lower, limits[0], "");
    deviations.note(bar, upper, limits[1], "");
  }
  expect(deviations.missed(), deviations.lines().join("\n")).toEqual([]);
  expect(deviations.compared().length).toBeGreaterThanOrEqual(19);
});
