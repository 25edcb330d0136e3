// Why a signal was raised, in numbers: how large the difference is, and where it is.
import type { FeatureReference } from "../reference/reference.ts";
import type { Evidence } from "./drift-alarm.ts";
import { binCountsOf } from "./drift-reference.ts";
import type { FeatureDrift, StateDrift } from "./feature-drift.ts";
import { binCounts, type ClosedFeature } from "./feature-pane.ts";
import { momentsOf } from "./feature-samples.ts";

const nowhere = { bin: -1, binBefore: Number.NaN, binAfter: Number.NaN };

/** Of the values of a window. */
export function valuesEvidence(
  value: number,
  { alpha, samples, scores }: FeatureDrift,
  part: ClosedFeature | undefined,
  reference: FeatureReference | null,
  segment: string,
): Evidence {
  const distribution = segment === "" ? reference?.all : reference?.segments.get(segment);
  const before = distribution?.numbers;
  const after = part?.numbers;
  return {
    value,
    limit: alpha,
    samples,
    effect: scores.psi,
    before: before == null ? Number.NaN : before.moments().mean,
    after: after == null ? Number.NaN : momentsOf(after).mean,
    ...(part === undefined || distribution === undefined ? nowhere : changedMost(binCountsOf(distribution, 0), binCounts(part))),
  };
}

/** The bin whose share changed most. */
function changedMost(before: ArrayLike<number>, after: ArrayLike<number>): Pick<Evidence, "bin" | "binBefore" | "binAfter"> {
  const [sharesBefore, sharesAfter] = [shares(before), shares(after)];
  let most = nowhere;
  let greatest = 0;
  for (let bin = 0; bin < Math.min(before.length, after.length); bin++) {
    const [was, is] = [sharesBefore[bin] as number, sharesAfter[bin] as number];
    if (Math.abs(is - was) <= greatest) continue;
    greatest = Math.abs(is - was);
    most = { bin, binBefore: was, binAfter: is };
  }
  return most;
}

function shares(counts: ArrayLike<number>): number[] {
  const all = Array.from(counts);
  const total = all.reduce((sum, count) => sum + count, 0);
  return all.map((count) => count / total);
}

/** Of the rate of values in a state. */
export function rateEvidence({ pValue, window, reference }: StateDrift, alpha: number): Evidence {
  const [before, after] = [reference.count / reference.size, window.count / window.size];
  return { value: pValue, limit: alpha, samples: window.size, effect: after - before, before, after, ...nowhere };
}
