// The rules that are in use everywhere, on the same windows of 1 h and 24 h, looked at once an hour. One alarm a model: on
// while the rule holds for any feature in any window.
import { jensenShannon } from "../../src/stats/jensen-shannon.ts";
import { kolmogorovSmirnov } from "../../src/stats/kolmogorov-smirnov.ts";
import { psi } from "../../src/stats/psi.ts";
import type { Sample } from "../../src/stats/sample.ts";
import type { Shape } from "./shape.ts";

export const rules = ["PSI > 0.1", "PSI > 0.25", "JS > 0.1", "KS p < 0.05"] as const;

/** sqrt(n) D that Kolmogorov's law exceeds with probability 0.05. Source: N. Smirnov 1948. */
const kolmogorovCritical = 1.3581;

/** Episodes of one rule, and how long it was on. */
export class RuleAlarm {
  alarms = 0;
  looksOn = 0;
  #on = false;

  look(on: boolean): void {
    if (on && !this.#on) this.alarms += 1;
    if (on) this.looksOn += 1;
    this.#on = on;
  }
}

/** By rule: whether it holds. @param counts of the tested bins, and what follows */
export function rulesThatHold(shape: Shape, reference: Sample, counts: Int32Array): boolean[] {
  const tested = counts.slice(0, shape.testedBins);
  const size = tested.reduce((sum, count) => sum + count, 0);
  const window = { counts: tested, size };
  const index = psi(reference, window);
  const far = jensenShannon(reference, window) > 0.1;
  const pairs = (reference.size * size) / (reference.size + size);
  const apart = shape.bins !== null && Math.sqrt(pairs) * kolmogorovSmirnov(reference, window) > kolmogorovCritical;
  return [index > 0.1, index > 0.25, far, apart];
}
