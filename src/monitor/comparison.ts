// A feature's window beside its reference: what is compared, and what remains of that once all that is exported of it is known.
import { total } from "../stats/sample.ts";
import type { DriftTest, Method } from "../stats/scores.ts";
import { type DriftReference, sampleOf } from "./drift-reference.ts";
import { type DriftState, driftStates, type StateCount } from "./drift-states.ts";
import {
  alarmTest,
  type Calibration,
  type ComparedWindow,
  compareWithReference,
  type FeatureDrift,
  type StateDrift,
} from "./feature-drift.ts";
import { type ClosedFeature, unseenOf } from "./feature-pane.ts";
import { countedOf } from "./feature-reference.ts";
import type { DriftSettings } from "./monitor.ts";

/** What is compared: all that a comparison follows from, but for how much was known of the reference when it was made. */
export interface ComparedWith {
  readonly reference: DriftReference;
  readonly part: ClosedFeature;
  readonly windowMillis: number;
  readonly filledPanes: number;
  readonly settings: DriftSettings;
  readonly alpha: number;
}

/** What a window holds of a feature, in the form that is compared. */
export function comparedWindow({ reference, part, windowMillis, filledPanes }: ComparedWith): ComparedWindow {
  const { kinds, hours } = part;
  const sample = sampleOf(reference.feature, countedOf(part));
  // What an older state counted has no hours: such a window cannot be matched.
  const byHour = hours !== null && hours.total === total(sample.counts) ? hours.byHour : null;
  return { windowMillis, filledPanes, sample, kinds, unseen: unseenOf(part), byHour };
}

export function compare(compared: ComparedWith, window: ComparedWindow = comparedWindow(compared)): FeatureDrift {
  return compareWithReference(compared.reference, window, compared.settings, compared.alpha);
}

/** Which scores and p-values of a comparison are exported. */
export type Exported = Pick<DriftSettings, "methods" | "tests">;

export function exportedOf({ methods, tests }: Exported): Exported {
  // Whether a feature drifts is said by this one, whichever are asked for.
  return { methods, tests: tests.includes(alarmTest) ? tests : [...tests, alarmTest] };
}

/** Of rates of states. */
export const onlyStates: Exported = { methods: [], tests: [] };

/** Where numbers stand in the list of a settled comparison. Its scores follow, then its p-values, then its states. */
const [samplesAt, samplesNeededAt, scoresAt] = [0, 1, 2];
/** Of a state: its place among all, how many of how many values are in it, the difference of rates and its p-value. */
const numbersOfState = 5;

/**
 * A comparison as the numbers that are exported of it, in one list: to keep what they were computed from would take several times
 * the memory, for each feature in each window. What else people ask for is computed again.
 */
export class SettledDrift implements FeatureDrift {
  readonly matched: boolean;
  readonly calibration: Calibration;
  readonly #compared: ComparedWith;
  readonly #exported: Exported;
  readonly #numbers: readonly number[];

  constructor(drift: FeatureDrift, compared: ComparedWith, exported: Exported) {
    this.matched = drift.matched;
    this.calibration = drift.calibration;
    this.#compared = compared;
    this.#exported = exported;
    this.#numbers = numbersOf(drift, exported);
  }

  get samples(): number {
    return this.#numbers[samplesAt] as number;
  }

  get samplesNeeded(): number {
    return this.#numbers[samplesNeededAt] as number;
  }

  get windowMillis(): number {
    return this.#compared.windowMillis;
  }

  get alpha(): number {
    return this.#compared.alpha;
  }

  get scores(): Readonly<Record<Method, number>> {
    return new SettledScores((method) => this.#score(method));
  }

  #score(method: Method): number {
    const at = this.#exported.methods.indexOf(method);
    return at < 0 ? compare(this.#compared).scores[method] : (this.#numbers[scoresAt + at] as number);
  }

  pValue(test: DriftTest): number {
    const { methods, tests } = this.#exported;
    const at = tests.indexOf(test);
    return at < 0 ? compare(this.#compared).pValue(test) : (this.#numbers[scoresAt + methods.length + at] as number);
  }

  get states(): StateDrift[] {
    const { methods, tests } = this.#exported;
    const known = this.#compared.reference.stateCounts();
    const states: StateDrift[] = [];
    for (let at = scoresAt + methods.length + tests.length; at < this.#numbers.length; at += numbersOfState) {
      const [place, count, size, difference, pValue] = this.#numbers.slice(at, at + numbersOfState) as FiveNumbers;
      const state = driftStates[place] as DriftState;
      states.push({ state, window: { count, size }, reference: known.get(state) as StateCount, difference, pValue });
    }
    return states;
  }
}

type FiveNumbers = [number, number, number, number, number];

function numbersOf(drift: FeatureDrift, { methods, tests }: Exported): number[] {
  const numbers = [drift.samples, drift.samplesNeeded];
  for (const method of methods) numbers.push(drift.scores[method]);
  for (const test of tests) numbers.push(drift.pValue(test));
  for (const { state, window, difference, pValue } of drift.states) {
    numbers.push(driftStates.indexOf(state), window.count, window.size, difference, pValue);
  }
  // Without the room for more that a list has which grew.
  return numbers.slice();
}

/** By method, whichever is asked for. */
class SettledScores implements Readonly<Record<Method, number>> {
  readonly #of: (method: Method) => number;

  constructor(of: (method: Method) => number) {
    this.#of = of;
  }

  get psi(): number {
    return this.#of("psi");
  }

  get psi_adjusted(): number {
    return this.#of("psi_adjusted");
  }

  get jensen_shannon(): number {
    return this.#of("jensen_shannon");
  }

  get hellinger(): number {
    return this.#of("hellinger");
  }

  get total_variation(): number {
    return this.#of("total_variation");
  }

  get kolmogorov_smirnov(): number {
    return this.#of("kolmogorov_smirnov");
  }

  get wasserstein(): number {
    return this.#of("wasserstein");
  }
}
