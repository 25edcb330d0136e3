// Events of a model that there is not yet: enough of them, at the right times, that everything it can export is exported. What is
// in them matters only as far as it decides which series there are.
import type { OutcomeEvent, PredictionEvent, RunEvent } from "../event/event.ts";
import { mix, Random } from "../source/simulator/random.ts";
import type { ModelShape, Values } from "./model-shape.ts";

/** The version that all of them are of. */
export const version = "1";

const itemsOfList = 10;
/** Labels come at once. */
const labelDelayMillis = 1000;
/** The range of numbers of which nothing is known; the score's is given. */
const anyNumber = 100;

/** A prediction and its outcome. */
export function* predicted(shape: ModelShape, number: number, timeMillis: number): Iterable<PredictionEvent | OutcomeEvent> {
  const random = new Random(mix(0, number));
  const { model, lists, horizons, classes } = shape;
  const id = `e-${number}`;
  yield {
    type: "prediction",
    model,
    version,
    id,
    timeMillis,
    features: Object.fromEntries(shape.features.map(([name, values]) => [name, drawn(values, random, anyNumber)])),
    score: shape.score === undefined ? undefined : drawn(shape.score, random, 1),
    scores: scoresOf(shape, random),
    prediction: shape.prediction === undefined ? undefined : drawn(shape.prediction, random, anyNumber),
    latencyMillis: 10,
    failed: false,
    // In turn: a few events are in all segments.
    segment: Object.fromEntries(shape.segments.map(([attribute, values]) => [attribute, values[number % values.length]])),
    weight: 1,
    horizon: horizons[number % horizons.length] as string,
    group: lists ? `g-${Math.floor(number / itemsOfList)}` : "",
    rank: lists ? 1 + (number % itemsOfList) : Number.NaN,
    label: undefined,
  };
  if (!shape.joined) return;
  const label = drawn(shape.labels === "numbers" ? null : classes, random, anyNumber);
  yield { ...outcome, model, id, timeMillis: timeMillis + labelDelayMillis, label };
}

export function ranBatch(model: string, state: RunEvent["state"], timeMillis: number): RunEvent {
  return { type: "run", model, version, runId: "r", state, timeMillis, rows: 1 };
}

const outcome: OutcomeEvent = {
  type: "outcome",
  model: "",
  version,
  id: "",
  timeMillis: 0,
  label: null,
  value: Number.NaN,
  unit: "",
  carries: false,
  score: undefined,
  prediction: undefined,
  weight: 1,
  segment: null,
};

function drawn(values: Values, random: Random, most: number): number | string {
  const at = random.uniform();
  return values === null ? at * most : (values[Math.floor(at * values.length)] as number | string);
}

function scoresOf({ scores }: ModelShape, random: Random): Readonly<Record<string, number>> | null {
  if (scores.length === 0) return null;
  const parts = scores.map(() => random.uniform());
  const sum = parts.reduce((all, part) => all + part, 0);
  return Object.fromEntries(scores.map((name, index) => [name, (parts[index] as number) / sum]));
}
