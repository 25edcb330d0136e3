// The view of a running exporter: what it says follows from the records that were read.
import { expect, test } from "vitest";
import type { FeatureView, ModelView } from "../../src/expose/model-view.ts";
import { hour, midnight, minute, prediction, Running, topic } from "./running.ts";
import { writeTraffic } from "./stream.ts";

/** Predictions of one minute, and as many after it as close it. */
async function closed(records: readonly string[], yaml?: string): Promise<Running> {
  const running = await Running.of(1, yaml);
  await running.write(0, records);
  const later = Array.from({ length: 5 }, () => prediction(midnight + 2 * minute, { model: "other" }));
  await running.write(0, later);
  running.nowMillis = midnight + 2 * minute;
  return running;
}

function featureOf(model: ModelView | undefined, name: string): FeatureView {
  const found = model?.versions.flatMap((version) => version.features).find((feature) => feature.name === name);
  if (found === undefined) throw new Error(`no feature ${name}`);
  return found;
}

test("an exporter that has read nothing", async () => {
  const running = await Running.of(1);
  running.waiting = ["catching up with the logs"];
  const view = await running.status.overview();
  expect(view.exporter).toEqual({
    version: "1.2.3",
    startedMillis: midnight,
    ready: false,
    waitingFor: ["catching up with the logs"],
    source: { up: true, problems: [], leftBehind: 0 },
    snapshot: { savedMillis: midnight, everyMillis: 30_000, errors: 0 },
  });
  expect(view.frontier).toEqual({ endMillis: null, openPanes: 0 });
  expect(view.logs).toEqual([
    { topic, partition: 0, unreadRecords: 0, paused: false, holdsFrontier: true, notWaitedFor: false, latestMillis: null },
  ]);
  expect([view.models, view.rejections]).toEqual([[], []]);
  expect(await running.status.model("fraud")).toBeUndefined();
  expect(await running.status.model("__proto__")).toBeUndefined();
});

test("traffic: totals, the newest window of the shortest length, and the rate since the first event", async () => {
  const records = Array.from({ length: 30 }, (_, index) =>
    prediction(midnight + 1000 * index, index < 3 ? { status: "error" } : {}),
  );
  const running = await closed(records);
  const [fraud] = (await running.status.overview()).models;
  expect(fraud).toEqual({
    name: "fraud",
    versions: [
      {
        version: "1",
        predictions: 30,
        errors: 3,
        firstMillis: midnight,
        lastMillis: midnight + 29_000,
        window: { window: "5m", endMillis: midnight + minute, stale: false, predictions: 30, errors: 3, perSecond: 0.5 },
        quality: { features: 0, worst: [] },
        drifting: null,
        headline: null,
      },
    ],
  });
});

test("quality: features with values that are not as they should be, the worst first", async () => {
  const values = [1, 2, 3, 4, null, "text", 5000];
  const records = Array.from({ length: 140 }, (_, index) => {
    const amount = values[index % values.length];
    return prediction(midnight + index, { features: { ...(index % 2 === 0 ? { rare: 1 } : {}), amount, good: index } });
  });
  const yaml = "models: {fraud: {features: {amount: {range: [0, 100], type: numeric}, rare: {type: numeric}}}}";
  const running = await closed(records, yaml);
  const [fraud] = (await running.status.overview()).models;
  expect(fraud?.versions[0]?.quality).toEqual({
    features: 2,
    worst: [
      { feature: "rare", state: "missing", count: 70, share: 0.5 },
      { feature: "amount", state: "null", count: 20, share: 1 / 7 },
      { feature: "amount", state: "wrong_type", count: 20, share: 1 / 7 },
      { feature: "amount", state: "out_of_range", count: 20, share: 1 / 7 },
    ],
  });
});

test("a numeric feature: moments, quantiles and counts by bin of each window, the shortest first", async () => {
  const records = Array.from({ length: 400 }, (_, index) => prediction(midnight + index, { features: { x: index % 4 } }));
  const running = await closed(records, "defaults: {windows: [1h, 5m]}\nmodels: {fraud: {features: {x: {edges: [0, 1, 2]}}}}");
  const feature = featureOf(await running.status.model("fraud"), "x");
  expect([feature.type, feature.learning, feature.output]).toEqual(["numeric", false, false]);
  expect(feature.windows.map(({ window }) => window)).toEqual(["5m", "1h"]);
  const window = feature.windows[0];
  expect(window).toMatchObject({ samples: 400, mean: 1.5, distinct: null });
  expect(window?.standardDeviation).toBeCloseTo(Math.sqrt(1.25), 5);
  expect(window?.states.find(({ name }) => name === "ok")?.count).toBe(400);
  expect(window?.bins).toEqual([
    { name: "0", lower: null, upper: 0, count: 100, reference: null },
    { name: "1", lower: 0, upper: 1, count: 100, reference: null },
    { name: "2", lower: 1, upper: 2, count: 100, reference: null },
    { name: "+Inf", lower: 2, upper: null, count: 100, reference: null },
  ]);
});

test("while bins are being learned a window is shown in bins of its own", async () => {
  const records = Array.from({ length: 500 }, (_, index) =>
    prediction(midnight + index, { features: { x: index, constant: 7, color: index % 5 === 0 ? "red" : "blue" } }),
  );
  const running = await closed(records);
  const model = await running.status.model("fraud");
  const [x, constant, color] = ["x", "constant", "color"].map((name) => featureOf(model, name));
  expect([x?.learning, constant?.learning, color?.learning]).toEqual([true, true, true]);
  const total = (feature: FeatureView | undefined) => feature?.windows[0]?.bins.reduce((sum, bin) => sum + bin.count, 0);
  expect([total(x), total(constant), total(color)]).toEqual([500, 500, 500]);
  expect(x?.windows[0]?.bins.length).toBeGreaterThan(15);
  expect(color?.windows[0]?.bins.slice(0, 2)).toEqual([
    { name: "blue", lower: null, upper: null, count: 400, reference: null },
    { name: "red", lower: null, upper: null, count: 100, reference: null },
  ]);
});

test("a feature of which too little is known has a name and no more", async () => {
  const running = await closed([prediction(midnight, { features: { x: 1 }, score: 0.5 })]);
  const model = await running.status.model("fraud");
  expect(featureOf(model, "x")).toEqual({ name: "x", output: false, type: "undecided", learning: true, windows: [] });
  expect(model?.versions[0]?.features.map(({ name }) => name)).toEqual(["$score", "x"]);
});

test("what was rejected, with the position of the latest example; what was late", async () => {
  const running = await closed([prediction(midnight), "{", "[[", prediction(midnight, { model: "" })]);
  await running.write(0, [prediction(midnight - hour)]);
  const view = await running.status.overview();
  expect(view.rejections.map(({ reason, count, example }) => [reason, count, example?.offset])).toEqual([
    ["bad_json", 2, 2],
    ["bad_model", 1, 3],
  ]);
  expect(view.topics[0]?.late.find(({ name }) => name === "log")?.count).toBe(1);
});

test("records that were not read, and who holds the frontier back", async () => {
  const running = await Running.of(2);
  await running.write(
    0,
    Array.from({ length: 5 }, () => prediction(midnight)),
  );
  running.source.append({ topic, partition: 1 }, [prediction(midnight), prediction(midnight)]);
  running.source.look();
  const { logs } = await running.status.overview();
  expect(logs.map(({ unreadRecords, holdsFrontier }) => [unreadRecords, holdsFrontier])).toEqual([
    [0, false],
    [2, true],
  ]);
});

test("a window that ended long ago is withheld", async () => {
  const running = await closed([prediction(midnight, { features: { x: 1 } })]);
  running.nowMillis = midnight + hour;
  const [fraud] = (await running.status.overview()).models;
  expect(fraud?.versions[0]?.window).toMatchObject({ stale: true, predictions: null, perSecond: null });
  const model = await running.status.model("fraud");
  expect(model?.versions[0]?.features).toEqual([]);
});

test("limits: how much is used, and what was turned away", async () => {
  const running = await closed([prediction(midnight), prediction(midnight, { model: "b" })], "limits: {models: 1}");
  const { limits } = await running.status.overview();
  const models = limits.find(({ limit }) => limit === "models");
  expect(models).toMatchObject({ allowed: 1 });
  expect(models?.turnedAway).toBeGreaterThan(0);
});

test("a view has no NaN, no infinity and nothing undefined", async () => {
  const running = await Running.of(2);
  await writeTraffic(running, midnight, 15);
  await running.write(1, ["{", prediction(midnight + minute, { model: "__proto__", features: { __proto__x: null } })]);
  running.nowMillis = midnight + 15 * minute;
  const views = [await running.status.overview(), await running.status.model("fraud"), await running.status.model("__proto__")];
  for (const view of views) {
    expect(view).toBeDefined();
    expect(JSON.parse(JSON.stringify(view))).toStrictEqual(view);
  }
});

test("who asks at the same time gets the same view; who asks later another one", async () => {
  const running = await closed([prediction(midnight)]);
  const { status } = running;
  const [one, other] = await Promise.all([status.overview(), status.overview()]);
  expect(one).toBe(other);
  const [model, same] = await Promise.all([status.model("fraud"), status.model("fraud")]);
  expect(model).toBe(same);
  expect(await status.overview()).not.toBe(one);
  expect(await status.model("fraud")).not.toBe(model);
});

test("the overview looks at no distribution", async () => {
  const running = await Running.of(1, "defaults: {windows: [5m], learn: 5m}");
  await writeTraffic(running, midnight, 15);
  running.nowMillis = midnight + 15 * minute;
  const text = JSON.stringify(await running.status.overview());
  expect(text).not.toMatch(/"(bins|quantiles|mean)"/);
});
