// Incidents that the demo does not play, for rehearsals: each changes its story in its time, and nothing else.
import { describe, expect, test } from "vitest";
import type { Effect, Incident, StoryName } from "../../src/source/simulator.ts";
import { hour, minute, origin, plain, type Told, told } from "./streams.ts";

const startMillis = origin + hour;
const endMillis = origin + 3 * hour;
const until = origin + 4 * hour;
const calm = [...told(plain, origin, until)];

function troubled(story: StoryName, effect: Effect): Told[] {
  const incident: Incident = { story, effect, startMillis, endMillis };
  return [...told({ ...plain, incidents: [incident] }, origin, until)];
}

const lines = (all: readonly Told[], of: (one: Told) => boolean): string[] =>
  all.filter(of).map(({ record: { topic, partition, timeMillis, value } }) => `${topic}/${partition} ${timeMillis} ${value}`);
const predictions = (all: readonly Told[], story: StoryName): Told[] =>
  all.filter(({ type, model }) => type === "prediction" && model === story);
const isInTime = ({ millis }: Told): boolean => millis >= startMillis && millis < endMillis;

describe.each<StoryName>(["fraud", "recommendation", "forecast"])("no predictions of %s", (story) => {
  const without = troubled(story, { kind: "no_predictions" });

  test("there is none in its time, and all else is as it was", () => {
    const isTouched = (one: Told): boolean => one.type === "prediction" && one.model === story && isInTime(one);
    expect(calm.filter(isTouched).length).toBeGreaterThan(1000);
    expect(without.filter(isTouched)).toEqual([]);
    expect(lines(without, () => true)).toEqual(lines(calm, (one) => !isTouched(one)));
  });
});

test("payments are called fraud whatever is known of them: such a share, and only their score is another", () => {
  const accused = predictions(troubled("fraud", { kind: "accused", share: 0.03 }), "fraud");
  const before = new Map(predictions(calm, "fraud").map((one) => [one.id, one]));
  const differing = accused.filter((one) => JSON.stringify(one.score) !== JSON.stringify(before.get(one.id)?.score));
  expect(accused.length).toBe(before.size);
  expect(differing.every(isInTime)).toBe(true);
  expect(differing.every(({ score, prediction }) => score === 0.93 && prediction === 1)).toBe(true);
  const share = differing.length / accused.filter(isInTime).length;
  expect(Math.abs(share - 0.03)).toBeLessThan(0.01);
  expect(differing.map(({ features }) => features)).toEqual(differing.map(({ id }) => before.get(id)?.features));
});

test("a share of clicks is left, with what follows from them, by the time of what was shown", () => {
  const few = troubled("recommendation", { kind: "few_clicks", share: 0.3 });
  const shownIn = (all: readonly Told[], clicked: boolean, inTime: boolean): number => {
    const shown = new Set(
      predictions(all, "recommendation")
        .filter((one) => isInTime(one) === inTime)
        .map(({ id }) => id),
    );
    return all.filter((one) => one.type === "outcome" && shown.has(one.id) && (one.clicked === true) === clicked).length;
  };
  for (const clicked of [true, false]) {
    expect(shownIn(few, clicked, false)).toBe(shownIn(calm, clicked, false));
    const left = shownIn(few, clicked, true) / shownIn(calm, clicked, true);
    expect(left).toBeGreaterThan(0.2);
    expect(left).toBeLessThan(0.4);
  }
  const isOther = ({ model, type }: Told): boolean => model !== "recommendation" || type === "prediction";
  expect(lines(few, isOther)).toEqual(lines(calm, isOther));
  // No order without its click.
  const clicks = new Set(few.filter(({ clicked }) => clicked).map(({ id }) => id));
  const orders = few.filter(({ ordered, millis }) => ordered && millis > origin + 20 * minute);
  expect(orders.filter(({ id }) => !clicks.has(id))).toEqual([]);
});
