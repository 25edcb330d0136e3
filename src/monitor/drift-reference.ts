// A feature's reference prepared for comparisons: what scores and tests need of it, computed once, and how much windows of
// each length differ from it without drift.
import { effectiveSamples } from "../primitive/weight.ts";
import type { BasePane, Distribution, FeatureReference } from "../reference/reference.ts";
import { andersonDarlingWeights } from "../stats/anderson-darling-law.ts";
import { type Dispersion, dispersionOf } from "../stats/dispersion.ts";
import { type RateDispersion, rateDispersionOf } from "../stats/dispersion-rate.ts";
import type { UnknownDispersion } from "../stats/dispersion-support.ts";
import { matchedParts, matchReference } from "../stats/matched-reference.ts";
import { type Sample, total } from "../stats/sample.ts";
import type { NumericSample } from "../stats/wasserstein.ts";
import { dayMillis, hourMillis, stepOf } from "../window/ladder.ts";
import { type DriftState, type StateCount, stateCounts } from "./drift-states.ts";

/** Longer windows are compared with days, others with hours. */
const longestOfHours = dayMillis;
/** A learned reference learns on; from so many hours on what follows from them is computed again twice a day, later once. */
const steps = [
  { fromHours: 96, hours: 24 },
  { fromHours: 60, hours: 12 },
  { fromHours: 0, hours: 1 },
] as const;

/** What depends on a window's length. */
export interface Customs {
  /** Of the counts by bin. */
  readonly bins: Dispersion | UnknownDispersion;
  /** How many panes of a window have something, usually; NaN for windows of minutes, which are compared with whole hours. */
  readonly usualPanes: number;
  /** How long until it is known, in event time; NaN where time alone does not help. */
  readonly remainingMillis: number;
  /** Of the rate of values in a state; computed when it is asked for. */
  rate(state: DriftState): RateDispersion | UnknownDispersion;
}

export class DriftReference {
  readonly feature: FeatureReference;
  readonly sample: NumericSample;
  /** Of the population; NaN for categories. */
  readonly standardDeviation: number;
  /** Bins that tests take: of categories all but `unseen`, whose rate is tested for itself. */
  readonly bins: number;
  /** Whether bins have an order. */
  readonly ordered: boolean;
  readonly #segment: string;
  readonly #distribution: Distribution;
  readonly #customs = new Map<string, { readonly panes: number; readonly customs: Customs }>();
  #weights: Float64Array | null = null;
  #states: ReadonlyMap<DriftState, StateCount> | null = null;
  #byHour: readonly Float64Array[] | null = null;

  constructor(feature: FeatureReference, segment: string, distribution: Distribution) {
    this.feature = feature;
    this.#segment = segment;
    this.#distribution = distribution;
    this.ordered = feature.type === "numeric";
    this.sample = sampleOf(feature, distribution);
    this.bins = this.sample.counts.length - (this.ordered ? 0 : 1);
    this.standardDeviation = distribution.numbers?.moments().standardDeviation ?? Number.NaN;
  }

  /** Of independent values: see `andersonDarlingSurvival`. */
  get andersonDarlingWeights(): Float64Array {
    this.#weights ??= andersonDarlingWeights(this.sample);
    return this.#weights;
  }

  /** Whether windows of this length are compared with the hours of the day that they have. */
  matches(windowMillis: number): boolean {
    return this.feature.byHour !== null && this.#segment === "" && windowMillis % dayMillis !== 0;
  }

  /** The reference for a window with these values by hour of the day. */
  matched(windowByHour: ArrayLike<number>): NumericSample {
    const { sample } = this;
    this.#byHour ??= this.feature.byHour?.map((counts) => comparedBins(this.feature, counts)) ?? null;
    if (this.#byHour === null) return sample;
    const matched = matchReference(this.#byHour, sample, windowByHour);
    const { binOfPart = [] } = this.feature.bins ?? {};
    return withParts(matched, () => matchedParts(matched, sample, sample.parts, binOfPart));
  }

  /** How many of how many values of the reference are in a state. */
  stateCounts(): ReadonlyMap<DriftState, StateCount> {
    const { kinds, texts } = this.#distribution;
    this.#states ??= stateCounts(this.feature, kinds, texts?.unseen ?? 0);
    return this.#states;
  }

  customs(windowMillis: number, byHour: boolean): Customs {
    const paneMillis = windowMillis <= longestOfHours ? hourMillis : dayMillis;
    const count = this.#paneCount(paneMillis);
    const key = `${windowMillis} ${byHour}`;
    const known = this.#customs.get(key);
    if (known?.panes === count) return known.customs;
    const panes = paneMillis === hourMillis ? this.feature.hours : this.feature.days;
    const customs = new LearnedCustoms(this, panes.slice(0, count), { paneMillis, windowMillis, byHour });
    this.#customs.set(key, { panes: count, customs });
    return customs;
  }

  /**
   * Panes that customs are learned from: not the last one, which may still grow. It follows from how many there are, and not
   * from when someone asked: p-values are the same after a restart.
   */
  #paneCount(paneMillis: number): number {
    const { growing } = this.feature;
    // Those that grow are packed: they are asked for when they are needed only.
    if (paneMillis !== hourMillis) return Math.max(0, (growing?.dayCount ?? this.feature.days.length) - 1);
    if (growing === undefined) return Math.max(0, this.feature.hours.length - 1);
    const complete = Math.max(0, growing.hourCount - 1);
    const step = steps.find(({ fromHours }) => complete >= fromHours)?.hours ?? 1;
    return complete - (complete % step);
  }
}

interface CustomsOptions {
  readonly paneMillis: number;
  readonly windowMillis: number;
  readonly byHour: boolean;
}

class LearnedCustoms implements Customs {
  readonly bins: Dispersion | UnknownDispersion;
  readonly remainingMillis: number;
  readonly usualPanes: number;
  readonly #reference: DriftReference;
  readonly #panes: readonly BasePane[];
  readonly #options: CustomsOptions;
  readonly #rates = new Map<DriftState, RateDispersion | UnknownDispersion>();

  constructor(reference: DriftReference, panes: readonly BasePane[], options: CustomsOptions) {
    this.#reference = reference;
    this.#panes = panes;
    this.#options = options;
    const { feature, bins } = reference;
    const counted = this.#panes.map(({ startMillis, counts }) => {
      return { startMillis, counts: comparedBins(feature, counts).subarray(0, bins) };
    });
    this.bins = dispersionOf(counted, { ...options, ordered: reference.ordered });
    this.usualPanes = usualPanes(panes, options);
    const missing = this.bins.known ? 0 : this.bins.neededPanes - this.bins.panes;
    this.remainingMillis = Number.isFinite(missing) ? missing * options.paneMillis : Number.NaN;
  }

  rate(state: DriftState): RateDispersion | UnknownDispersion {
    let rate = this.#rates.get(state);
    if (rate === undefined) {
      const { feature, ordered } = this.#reference;
      const panes = this.#panes.map(({ startMillis, kinds, counts }) => {
        const found = stateCounts(feature, kinds, ordered ? 0 : (counts.at(-1) ?? 0)).get(state);
        return { startMillis, events: found?.size ?? 0, hits: found?.count ?? 0 };
      });
      rate = rateDispersionOf(panes, this.#options);
      this.#rates.set(state, rate);
    }
    return rate;
  }
}

function usualPanes(panes: readonly BasePane[], { paneMillis, windowMillis }: CustomsOptions): number {
  const step = stepOf(windowMillis);
  const [first, last] = [panes[0], panes.at(-1)];
  if (step < hourMillis || first === undefined || last === undefined) return Number.NaN;
  const span = (last.startMillis - first.startMillis) / paneMillis + 1;
  return (panes.length / span) * (windowMillis / step);
}

/**
 * Counts by bin with the number of values that they are worth, and of numbers how they lie in the parts of bins.
 *
 * A value is kept rounded, by up to 2^-20 of itself, so the Wasserstein distance of what is kept may exceed that of the values
 * as they came by as much, on average over both samples. The sample says how far its sums may be off (bin-offsets.ts), and
 * `wasserstein` takes that off: what is published is never above the distance of the values.
 */
export function sampleOf(
  { categories, bins }: Pick<FeatureReference, "categories" | "bins">,
  { numbers, texts }: Pick<Distribution, "numbers" | "texts">,
): NumericSample {
  const counted = numbers ?? texts;
  if (counted === null) return { counts: none, size: 0, parts: noParts };
  const counts = counted.counts;
  const size = counted.weightSquares === 0 ? 0 : effectiveSamples(total(counts), counted.weightSquares);
  if (numbers === null || bins === null) {
    return { counts: comparedBins({ categories }, counts), size, parts: noParts };
  }
  return withParts({ counts, size }, () => numbers.partOffsets());
}

/** Only one of the scores asks for parts, and looks for alarms do not: they are computed when they are asked for, once. */
function withParts({ counts, size }: Sample, compute: () => NumericSample["parts"]): NumericSample {
  let parts: NumericSample["parts"] | undefined;
  return {
    counts,
    size,
    get parts() {
      parts ??= compute();
      return parts;
    },
  };
}

const none = new Float64Array(0);

/** Of bins without an order. */
const noParts = { counts: none, offsets: none, offsetsWithin: none };

/** Counts by bin of a distribution; zeros where it has no values. */
export function binCountsOf({ numbers, texts }: Distribution, bins: number): Float64Array {
  return numbers?.counts ?? texts?.counts ?? new Float64Array(bins);
}

/** A dictionary without others has no bin for them: one that is always empty would change scores by its half observation. */
export function comparedBins({ categories }: Pick<FeatureReference, "categories">, counts: Float64Array): Float64Array {
  if (categories === null || categories.others.size > 0 || categories.open) return counts;
  return counts.filter((_, bin) => bin !== categories.names.length);
}

const prepared = new WeakMap<FeatureReference, Map<string, DriftReference | null>>();

/** The prepared reference of a segment ("" is all traffic); null where the reference does not know the segment. */
export function driftReference(feature: FeatureReference, segment: string): DriftReference | null {
  let bySegment = prepared.get(feature);
  if (bySegment === undefined) {
    bySegment = new Map();
    prepared.set(feature, bySegment);
  }
  let found = bySegment.get(segment);
  if (found === undefined) {
    const distribution = segment === "" ? feature.all : feature.segments.get(segment);
    found = distribution === undefined ? null : new DriftReference(feature, segment, distribution);
    bySegment.set(segment, found);
  }
  return found;
}
