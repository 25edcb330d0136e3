// Why a signal was raised, in numbers: how large the difference is, and where it is.

import { shares } from "../stats/sample.ts";
import { referenceFor } from "./alarm-budget.ts";
import type { Evidence } from "./drift-alarm.ts";
import { binCountsOf } from "./drift-reference.ts";
import type { FeatureDrift, StateDrift } from "./feature-drift.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import { binCounts, type ClosedFeatures } from "./feature-pane.ts";
import { momentsOf } from "./feature-samples.ts";
import type { WindowOf } from "./monitor.ts";

const nowhere = { bin: -1, binBefore: Number.NaN, binAfter: Number.NaN };

/**
 * Of the values of a window.
 * @param value that was held against the limit
 */
export function valuesEvidence(
  value: number,
  limit: number,
  drift: FeatureDrift | null,
  { version, segment, closed }: WindowOf<ClosedFeatures>,
  feature: string,
  memory: FeatureMemory,
): Evidence {
  const reference = referenceFor(feature, version, memory);
  const distribution = segment === "" ? reference?.all : reference?.segments.get(segment);
  const part = closed.features.get(feature);
  const [before, after] = [distribution?.numbers ?? null, part?.numbers ?? null];
  const known = part !== undefined && distribution !== undefined;
  return {
    value,
    limit,
    samples: drift?.samples ?? Number.NaN,
    effect: drift?.scores.psi ?? Number.NaN,
    before: before === null ? Number.NaN : before.moments().mean,
    after: after === null ? Number.NaN : momentsOf(after).mean,
    ...(known ? changedMost(binCountsOf(distribution, 0), binCounts(part)) : nowhere),
  };
}

/** The bin whose share changed most. */
function changedMost(before: ArrayLike<number>, after: ArrayLike<number>): Pick<Evidence, "bin" | "binBefore" | "binAfter"> {
  const [sharesBefore, sharesAfter] = [shares(before), shares(after)];
  let most = nowhere;
  let greatest = 0;
  for (let bin = 0; bin < Math.min(before.length, after.length); bin++) {
    const [was, is] = [sharesBefore[bin] as number, sharesAfter[bin] as number];
    if (!(Math.abs(is - was) > greatest)) continue;
    greatest = Math.abs(is - was);
    most = { bin, binBefore: was, binAfter: is };
  }
  return most;
}

/** Of the rate of values in a state. */
export function rateEvidence({ pValue, window, reference }: StateDrift, limit: number): Evidence {
  const [before, after] = [reference.count / reference.size, window.count / window.size];
  return { value: pValue, limit, samples: window.size, effect: after - before, before, after, ...nowhere };
}
