// The predictions of one story alone, from which the demo's references are built.
import { expect, test } from "vitest";
import { type StoryName, storyNames, storyPredictions } from "../../src/source/simulator.ts";
import { hour, origin, plain, type Said, told } from "./streams.ts";

const until = origin + 2 * hour;

/** Without its ids, which say what stream it is of. */
function content(text: string): string {
  const { id, group, ...rest } = JSON.parse(text) as Said;
  return JSON.stringify({ ...rest, id: id.split("-").at(-1) });
}

function alone(name: StoryName, seed: number): Said[] {
  return Array.from(storyPredictions(name, { ...plain, seed }, until), (text) => JSON.parse(text) as Said);
}

test.each(storyNames)("those of %s are the ones that the logs have", (name) => {
  const ours = Array.from(storyPredictions(name, plain, until), content);
  // Records come later than their events, and what a visit does may lie behind the end.
  const ofLogs = [...told(plain, origin, until + hour)].filter(({ type, model }) => type === "prediction" && model === name);
  const expected = ofLogs.filter(({ millis }) => millis < until).map(({ record }) => content(record.value.toString()));
  const before = ours.filter((text) => Date.parse((JSON.parse(text) as Said).time) < until);
  expect(before.sort()).toEqual(expected.sort());
  expect(before.length).toBeGreaterThan(1000);
});

test("who and what there is does not depend on the seed; what happens does", () => {
  const stores = (seed: number): string[] => {
    const named = alone("forecast", seed).map(({ features }) => `${features.region} ${features.square_metres}`);
    return [...new Set(named)].sort();
  };
  const sales = (seed: number): unknown[] => alone("forecast", seed).map(({ features }) => features.sales_last_period);
  expect(stores(1)).toEqual(stores(2));
  expect(sales(1)).not.toEqual(sales(2));
});
