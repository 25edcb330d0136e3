// The false alarms that a version may raise, divided over everything that is tested. Knows no data: only what is tested.
import type { FeatureReference } from "../reference/reference.ts";
import { minuteMillis, stepOf } from "../window/ladder.ts";
import { driftStates } from "./drift-states.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import type { DriftSettings } from "./monitor.ts";

/**
 * What is divided of the promised rate. The rest stays for what the design does not know: reference values that happened
 * to be unusual, and clusters of looks that are taken for one alarm or for two.
 */
export const designShare = 0.7;

/** Of that, for sequential detectors. They see only large changes, soon: the more they get, the later windows see small ones. */
export const detectorShare = 0.1;

/**
 * How many independent looks a sliding window is worth, at most: it is looked at all the time, and its looks depend on each
 * other. A normal statistic crosses u^2 nu(u sqrt(2 / looks)) times as often in a window's length as its tail says (Siegmund
 * 1985, "Sequential Analysis": 16 for 60 looks at 1e-7); `docs/calibration.md` has the rates that come of it.
 */
const mostLooks = 16;

/** What is divided: a rate of false alarms. */
type Promised = DriftSettings["falseAlarms"];

/**
 * The p-value below which one test of a window alarms.
 * @param share of all that is promised, this test's part
 */
export function windowAlpha({ count, millis }: Promised, windowMillis: number, share: number): number {
  const looks = Math.min(mostLooks, windowMillis / stepOf(windowMillis));
  return Math.min(1, (designShare * share * count * windowMillis) / (looks * millis));
}

/**
 * The common logarithm of the evidence from which on one sequential detector alarms. One that takes a pane a minute
 * needs on average at least as many minutes as this evidence (the guarantee of Shiryaev-Roberts e-detectors).
 */
export function evidenceLimit({ count, millis }: Promised, share: number): number {
  return Math.log10(millis / (designShare * share * count * minuteMillis));
}

/** Tests of one feature: of its distribution and of each state that its values can be in. */
export function testsOf({ type }: Pick<FeatureReference, "type">): number {
  return 1 + (type === "numeric" ? driftStates.length - 1 : driftStates.length);
}

/** The budget of one version, as long as its references stay what they are. */
export class AlarmBudget {
  readonly #memory: FeatureMemory;
  readonly #meanImportance: number;
  /** Tests of all features and segments, by the weights of their features. */
  readonly #weightedTests: number;
  readonly #segments = new Set<string>();

  constructor(memory: FeatureMemory, version: string) {
    this.#memory = memory;
    const given = [...memory.settings.features.values()].flatMap(({ importance }) => importance ?? []);
    const mean = given.reduce((sum, importance) => sum + importance, 0) / given.length;
    this.#meanImportance = mean > 0 ? mean : 1;
    let tests = 0;
    for (const name of memory.features.keys()) {
      const reference = referenceFor(name, version, memory);
      if (reference === null) continue;
      this.#segments.add("");
      for (const segment of reference.segments.keys()) this.#segments.add(segment);
      tests += this.weight(name) * (1 + reference.segments.size) * testsOf(reference);
    }
    this.#weightedTests = Math.max(1, tests);
  }

  /** Whether anything of a segment is tested: it is where a feature has a reference of it. */
  tests(segment: string): boolean {
    return this.#segments.has(segment);
  }

  /** A feature's share, in units of the usual one. */
  weight(name: string): number {
    const importance = this.#memory.settings.features.get(name)?.importance;
    return importance === undefined ? 1 : importance / this.#meanImportance;
  }

  /** The p-value below which a test of this feature alarms in windows of this length. */
  alpha(name: string, windowMillis: number): number {
    const { falseAlarms, windows } = this.#memory.settings.drift;
    return windowAlpha(falseAlarms, windowMillis, ((1 - detectorShare) * this.#share(name)) / windows.length);
  }

  /** As `alpha`, of sequential detectors: the common logarithm of evidence. */
  evidence(name: string): number {
    return evidenceLimit(this.#memory.settings.drift.falseAlarms, detectorShare * this.#share(name));
  }

  #share(name: string): number {
    return this.weight(name) / this.#weightedTests;
  }
}

/** The reference that a version's windows are compared with; null while it is learned. */
export function referenceFor(name: string, version: string, memory: FeatureMemory): FeatureReference | null {
  const own = memory.settings.versionReferences.get(version)?.features.get(name);
  return own ?? memory.of(name).reference;
}
