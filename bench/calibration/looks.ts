// Looks at one feature's windows of one length with the product's own p-values, and what they show. Bounds tell most looks to be
// calm without a p-value; of one in some thousands it is computed all the same, to see that the bounds are right.
import { calmFactor, type Finding } from "../../src/monitor/drift-alarm.ts";
import type { DriftReference } from "../../src/monitor/drift-reference.ts";
import { type ComparedWindow, compareWithReference, type FeatureDrift } from "../../src/monitor/feature-drift.ts";
import type { DriftSettings } from "../../src/monitor/monitor.ts";
import { stepOf } from "../../src/window/ladder.ts";
import type { Bits } from "./bits.ts";
import { leastSize, rateCell, Screen } from "./screen.ts";
import type { Shape } from "./shape.ts";
import { kindsOf } from "./simulated-reference.ts";

/** What is tested of a feature; `unseen` of categories only. */
export const tests = ["min_effect", "missing", "null", "wrong_type", "unseen"] as const;

/** By test, in the order of `tests`. */
export type Findings = readonly Finding[];

export function findingOf(pValue: number, alpha: number): Finding {
  if (Number.isNaN(pValue)) return "unknown";
  if (pValue < alpha) return "rejects";
  return pValue <= calmFactor * alpha ? "near" : "calm";
}

/** Counts of a window: counted bins, then missing, then null. */
export interface Seen {
  readonly counts: Int32Array;
  /** Values by hour of the day; null where windows are whole days. */
  readonly byHour: readonly number[] | null;
}

/** What a look has shown. */
export interface Looked {
  /** Null: all is calm. */
  readonly findings: Findings | null;
  /** Of the window that was looked at. */
  readonly windowMillis: number;
  /** Whether a p-value of the distribution is published. */
  readonly published: boolean;
}

/** A window that has values of two hours of the day at most. @param share of the first hour */
export function seenInHours(counts: Int32Array, size: number, first: number, second: number, share: number): Seen {
  const byHour = new Array<number>(hoursOfDay).fill(0);
  byHour[first] = share * size;
  byHour[second] = (byHour[second] as number) + size - share * size;
  return { counts, byHour };
}

export interface LookedAt {
  readonly shape: Shape;
  readonly reference: DriftReference;
  readonly settings: DriftSettings;
  readonly windowMillis: number;
  /** The p-value below which a test alarms. */
  readonly alpha: number;
}

/** Of so many looks one is verified. */
const verifiedBits = 13;
const hoursOfDay = 24;
/** Parts of a threshold below which the next two or four minutes are skipped. */
const [farBelow, below] = [0.4, 0.6];

export class WindowLooks {
  readonly #calm: Looked;
  readonly #unknown: Looked;
  readonly #of: LookedAt;
  readonly #bits: Bits;
  readonly #screen: Screen | null;
  /** Minutes that are still to be skipped; negative: none. */
  #skipped = 0;
  /** By state and cell of window sizes: counts below it are calm. */
  readonly #calmBelow = { missing: [] as number[], null: [] as number[], unseen: [] as number[] };

  constructor(of: LookedAt, bits: Bits) {
    const { reference, windowMillis, settings, alpha } = of;
    this.#of = of;
    this.#bits = bits;
    this.#calm = { findings: null, windowMillis, published: true };
    this.#unknown = { findings: tests.map(() => "unknown" as const), windowMillis, published: false };
    const matched = reference.matches(windowMillis);
    const { bins } = reference.customs(windowMillis, matched);
    // Where it is not known how much windows of this length differ, nothing is tested.
    this.#screen =
      bins.known && bins.smallestAlpha <= alpha ? new Screen(reference, bins, settings, calmFactor * alpha, matched) : null;
  }

  /** The product's comparison. */
  drift({ counts, byHour }: Seen): FeatureDrift {
    const { shape, reference, settings, windowMillis, alpha } = this.#of;
    const values = Float64Array.from(counts.subarray(0, shape.binCount));
    const size = values.reduce((sum, count) => sum + count, 0);
    const window: ComparedWindow = {
      windowMillis,
      filledPanes: windowMillis / stepOf(windowMillis),
      sample: { counts: values, size, parts: noParts },
      kinds: kindsOf(counts, shape),
      unseen: shape.bins === null ? (values.at(-1) as number) : 0,
      byHour,
    };
    return compareWithReference(reference, window, settings, alpha);
  }

  findings(seen: Seen): Findings {
    const drift = this.drift(seen);
    const states = new Map<string, number>(drift.states.map(({ state, pValue }) => [state, pValue]));
    return tests.map((test) => {
      const pValue = test === "min_effect" ? drift.pValue(test) : (states.get(test) ?? Number.NaN);
      return findingOf(pValue, this.#of.alpha);
    });
  }

  /**
   * As `look`, of what `seenInHours` makes of the same. Windows that slide by the minute cannot come from far below a limit to it
   * within minutes, so that of some only the rates are screened; they are verified as the others are.
   */
  lookAtHours(counts: Int32Array, size: number, first: number, second: number, share: number): Looked {
    const screen = this.#screen;
    if (screen === null) return this.#unknown;
    const verified = this.#toBeVerified();
    const skipped = this.#skipped-- > 0 && this.#ratesAreCalm(counts, size);
    if (skipped && !verified) return this.#calm;
    const tested = this.#testedSize(counts, size);
    const bound = screen.psiBound(counts, tested, first, second, share);
    const calm = skipped || this.#isCalm(screen, counts, size, tested, bound);
    if (!skipped) this.#skipped = calm ? this.#minutesToSkip(bound / screen.threshold(tested)) : 0;
    if (calm && !verified) return this.#calm;
    return this.#lookClosely(seenInHours(counts, size, first, second, share), calm);
  }

  /** @param size values */
  look(seen: Seen, size: number): Looked {
    if (this.#screen === null) return this.#unknown;
    const tested = this.#testedSize(seen.counts, size);
    const bound = this.#psiBound(this.#screen, seen, tested);
    const calm = this.#isCalm(this.#screen, seen.counts, size, tested, bound);
    return calm && !this.#toBeVerified() ? this.#calm : this.#lookClosely(seen, calm);
  }

  /** Of a window that has too few values for its distribution; its rates may be tested. */
  lookAtRates(seen: Seen): Looked {
    return { findings: this.findings(seen), windowMillis: this.#of.windowMillis, published: false };
  }

  #psiBound(screen: Screen, { counts, byHour }: Seen, tested: number): number {
    if (byHour === null || !this.#of.reference.matches(this.#of.windowMillis)) return screen.psiBound(counts, tested, 0, 0, 1);
    return screen.mixedPsiBound(counts, tested, byHour);
  }

  #testedSize(counts: Int32Array, size: number): number {
    const { shape } = this.#of;
    return shape.bins === null ? size - (counts[shape.binCount - 1] as number) : size;
  }

  #isCalm(screen: Screen, counts: Int32Array, size: number, tested: number, bound: number): boolean {
    return bound < screen.threshold(tested) && this.#ratesAreCalm(counts, size);
  }

  #toBeVerified(): boolean {
    return this.#bits.next() >>> (32 - verifiedBits) === 0;
  }

  /** @param calm whether it was taken to be calm */
  #lookClosely(seen: Seen, calm: boolean): Looked {
    const findings = this.findings(seen);
    const quiet = findings.every((finding) => finding === "calm" || finding === "unknown");
    if (calm && !quiet) throw new Error(`a look at ${this.#of.windowMillis} ms was taken for calm: ${findings}`);
    return { findings, windowMillis: this.#of.windowMillis, published: true };
  }

  /** @param part of the threshold, that the bound of PSI is */
  #minutesToSkip(part: number): number {
    return part < farBelow ? 4 : part < below ? 2 : 0;
  }

  #ratesAreCalm(counts: Int32Array, size: number): boolean {
    const { binCount, bins } = this.#of.shape;
    const [missing, nulls] = [counts[binCount] as number, counts[binCount + 1] as number];
    const cell = rateCell(size + missing + nulls);
    if (missing >= this.#firstOf("missing", cell) || nulls >= this.#firstOf("null", cell)) return false;
    return bins !== null || (counts[binCount - 1] as number) < this.#firstOf("unseen", rateCell(size));
  }

  /** The first count of a state that may be near the limit, in windows of this many events. */
  #firstOf(state: "missing" | "null" | "unseen", cell: number): number {
    let first = this.#calmBelow[state][cell];
    if (first === undefined) {
      first = this.#searchFirst(state, leastSize(cell));
      this.#calmBelow[state][cell] = first;
    }
    return first;
  }

  #searchFirst(state: "missing" | "null" | "unseen", events: number): number {
    let [low, high] = [0, events];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#rateIsCalm(state, middle, events)) low = middle;
      else high = middle;
    }
    return high;
  }

  #rateIsCalm(state: "missing" | "null" | "unseen", count: number, events: number): boolean {
    const { binCount } = this.#of.shape;
    const counts = new Int32Array(binCount + 2);
    const place = { missing: binCount, null: binCount + 1, unseen: binCount - 1 }[state];
    counts[0] = events - count;
    counts[place] = count;
    const byHour = this.#of.reference.matches(this.#of.windowMillis) ? [events - count] : null;
    const found = this.drift({ counts, byHour }).states.find((one) => one.state === state);
    // Far out in the tail it may be NaN.
    return found === undefined || found.pValue > 2 * calmFactor * this.#of.alpha;
  }
}

/** Only the Wasserstein distance takes them. */
const noParts = { counts: new Float64Array(0), offsets: new Float64Array(0), offsetsWithin: new Float64Array(0) };
