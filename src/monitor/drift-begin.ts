// Since when what raised an alarm differs: looked for once, when the alarm begins, in the panes that there are of its feature.
import { hourOf } from "../primitive/hours.ts";
import { mostLikelyChange, type Observed } from "../stats/change-point.ts";
import { shares, total } from "../stats/sample.ts";
import { dayMillis, hourMillis, minuteMillis, paneStart, stepOf, windowEnd } from "../window/resolution.ts";
import { referenceFor } from "./alarm-budget.ts";
import type { Signal } from "./drift-alarm.ts";
import { type DriftReference, driftReference, sampleOf } from "./drift-reference.ts";
import { type DriftState, driftStates, stateCounts } from "./drift-states.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import { type ClosedFeature, type ClosedFeatures, unseenOf } from "./feature-pane.ts";
import { countedOf } from "./feature-reference.ts";
import type { Looked } from "./monitor.ts";

/** A bin, or a state, that the reference has nothing of: as if half a value had been there. */
const half = 0.5;

/**
 * The start of the first pane that differs, in parts: of the last hours a minute, of those before an hour or a day.
 * @returns NaN where no panes are kept, or none differs by what matters
 */
export function* firstDeviation(
  { feature, test }: Pick<Signal, "feature" | "test">,
  looked: Looked<ClosedFeatures>,
  memory: FeatureMemory,
): Generator<void, number> {
  const reference = referenceFor(feature, looked.version, memory);
  const prepared = reference === null ? null : driftReference(reference, looked.segment);
  if (prepared === null) return Number.NaN;
  const state = driftStates.find((one) => one === test);
  const starts: number[] = [];
  const stretches: Observed[] = [];
  for (const { paneMillis, fromMillis, toMillis } of stretchesOf(looked.endMillis, memory)) {
    for (const [startMillis, closed] of looked.panes(paneMillis, fromMillis, toMillis)) {
      const part = closed.features.get(feature);
      if (part !== undefined) {
        starts.push(startMillis);
        stretches.push(state === undefined ? values(prepared, part, startMillis, paneMillis) : inState(prepared, part, state));
      }
      yield;
    }
  }
  return starts[mostLikelyChange(stretches, tolerated(prepared, state, memory))] ?? Number.NaN;
}

interface Stretch {
  readonly paneMillis: number;
  readonly fromMillis: number;
  readonly toMillis: number;
}

/** The panes of the windows that end now, the coarsest first. Of where there are finer ones these; what is left between is less than one. */
function stretchesOf(endMillis: number, { settings }: FeatureMemory): Stretch[] {
  const stretches: Stretch[] = [];
  let untilMillis = endMillis;
  for (const paneMillis of [minuteMillis, hourMillis, dayMillis]) {
    const lengths = settings.drift.windows.map(({ millis }) => millis).filter((length) => stepOf(length) === paneMillis);
    if (lengths.length === 0) continue;
    const longest = Math.max(...lengths);
    const fromMillis = windowEnd(endMillis, longest) - longest;
    // The finest are taken with the one that still grows.
    const toMillis = stretches.length === 0 ? endMillis : paneStart(untilMillis, paneMillis);
    stretches.unshift({ paneMillis, fromMillis, toMillis });
    untilMillis = Math.min(untilMillis, fromMillis);
  }
  return stretches;
}

/** Values by bin. A pane below a day is compared with its hour of the day, where the reference knows hours. */
function values(reference: DriftReference, part: ClosedFeature, startMillis: number, paneMillis: number): Observed {
  const { counts } = sampleOf(reference.feature, countedOf(part));
  const own = Array.from({ length: reference.bins }, (_, bin) => counts[bin] ?? 0);
  const size = total(own);
  return { counts: own, expected: usual(reference, startMillis, paneMillis).map((share) => share * size) };
}

function usual(reference: DriftReference, startMillis: number, paneMillis: number): number[] {
  const hour = hourOf(startMillis);
  const onlyHour = Array.from({ length: 24 }, (_, at) => Number(at === hour));
  const { counts } = reference.matches(paneMillis) ? reference.matched(onlyHour) : reference.sample;
  return [...shares(Array.from({ length: reference.bins }, (_, bin) => (counts[bin] ?? 0) + half))];
}

/**
 * The divergence of panes that is not taken for the change: half of what does not matter, so that neither panes before it nor those
 * of one that just matters are on the wrong side. (PSI is the sum of the divergences both ways: about twice one of them.)
 */
function tolerated(reference: DriftReference, state: DriftState | undefined, { settings }: FeatureMemory): number {
  const { minEffect, tolerance } = settings.drift;
  if (state === undefined) return minEffect / 2 / 2;
  const before = rateIn(reference, state);
  const after = before + tolerance[state] / 2;
  return after >= 1 ? 0 : after * Math.log(after / before) + (1 - after) * Math.log((1 - after) / (1 - before));
}

function rateIn(reference: DriftReference, state: DriftState): number {
  const { count, size } = reference.stateCounts().get(state) ?? { count: 0, size: 0 };
  return (count + half) / (size + 2 * half);
}

function inState(reference: DriftReference, part: ClosedFeature, state: DriftState): Observed {
  const { count, size } = stateCounts(reference.feature, part.kinds, unseenOf(part)).get(state) ?? { count: 0, size: 0 };
  const rate = rateIn(reference, state);
  return { counts: [count, size - count], expected: [size * rate, size * (1 - rate)] };
}
