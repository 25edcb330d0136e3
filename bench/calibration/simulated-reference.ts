// A feature's reference of simulated hours, in the form that the product has it.
import { kind, kindCount } from "../../src/event/value.ts";
import { BinCounts } from "../../src/primitive/bin-counts.ts";
import { CategoryCounts } from "../../src/primitive/category-counts.ts";
import { TargetSum } from "../../src/primitive/target.ts";
import { assembleFeature } from "../../src/reference/assemble.ts";
import type { BasePane, Distribution, FeatureReference } from "../../src/reference/reference.ts";
import { hourMillis } from "../../src/window/ladder.ts";
import type { Shape } from "./shape.ts";
import type { FeatureStream } from "./streams.ts";

/** A Monday. */
export const startMillis = Date.UTC(2026, 2, 2);

const hourMinutes = 60;

/** Takes the first so many hours of a stream. */
export function simulatedReference(name: string, shape: Shape, stream: FeatureStream, hours: number): FeatureReference {
  const panes = Array.from({ length: hours }, (_, hour) => {
    const minutes = new Uint8Array(shape.binCount + 2);
    const outcomes = new Float64Array(shape.binCount + 2);
    for (let minute = 0; minute < hourMinutes; minute++) {
      minutes.fill(0);
      stream.addMinute(hour * hourMinutes + minute, minutes);
      for (let outcome = 0; outcome < outcomes.length; outcome++) {
        outcomes[outcome] = (outcomes[outcome] as number) + (minutes[outcome] as number);
      }
    }
    return paneOf(startMillis + hour * hourMillis, outcomes, shape);
  });
  return referenceOf(name, shape, panes);
}

function paneOf(start: number, outcomes: Float64Array, shape: Shape): BasePane {
  return { startMillis: start, kinds: kindsOf(outcomes, shape), counts: outcomes.slice(0, shape.binCount) };
}

/** Events by kind. @param outcomes counted bins, then missing, then null */
export function kindsOf(outcomes: ArrayLike<number>, { bins, binCount }: Shape): Float64Array {
  const kinds = new Float64Array(kindCount);
  let values = 0;
  for (let bin = 0; bin < binCount; bin++) values += outcomes[bin] as number;
  kinds[bins === null ? kind.string : kind.number] = values;
  kinds[kind.absent] = outcomes[binCount] as number;
  kinds[kind.null] = outcomes[binCount + 1] as number;
  return kinds;
}

function referenceOf(name: string, shape: Shape, panes: readonly BasePane[]): FeatureReference {
  const kinds = new Float64Array(kindCount);
  const counts = new Float64Array(shape.binCount);
  for (const pane of panes) {
    pane.kinds.forEach((events, at) => {
      kinds[at] = (kinds[at] as number) + events;
    });
    pane.counts.forEach((values, bin) => {
      counts[bin] = (counts[bin] as number) + values;
    });
  }
  const whole = {
    name,
    type: shape.bins === null ? ("categorical" as const) : ("numeric" as const),
    numbersAsTexts: false,
    bins: shape.bins,
    categories: shape.categories,
    all: distributionOf(shape, kinds, counts),
    segments: new Map(),
  };
  return assembleFeature(whole, panes);
}

function distributionOf({ bins }: Shape, kinds: Float64Array, counts: Float64Array): Distribution {
  const targets = new TargetSum();
  if (bins !== null) {
    // Where values lie inside of their bins decides nothing here: they are taken to be at its edge.
    const sums = Array.from(counts, (count, bin) => count * (bins.anchors[bin] as number));
    return { kinds, targets, texts: null, numbers: BinCounts.ofSums(bins, [...counts], sums, [...counts].fill(0)) };
  }
  const texts = CategoryCounts.zero(counts.length);
  counts.forEach((count, bin) => {
    for (let value = 0; value < count; value++) texts.add(bin);
  });
  return { kinds, targets, numbers: null, texts };
}
