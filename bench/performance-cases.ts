// Changes of performance that are simulated: of error rates and absolute errors, in labels that come minute by minute or all at once.
import { absoluteError, errorRate } from "./loss-streams.ts";
import { byHour, type DependentErrors, ofUsers, type PerformanceCase } from "./performance-runs.ts";

const usually = { labelsADay: 10_000, together: false };
const usualReference = 30_000;
const rate = errorRate(0.05, 0.075);

function of(kind: PerformanceCase["kind"], when = usually, referenceLabels = usualReference): PerformanceCase {
  return { kind, when, referenceLabels };
}

export const cases: readonly PerformanceCase[] = [
  of(rate),
  of(absoluteError(1, 1.2)),
  of(absoluteError(0.5, 1.2)),
  of(absoluteError(1, 1.2, "sums")),
  of(rate, { labelsADay: 10_000, together: true }),
  of(rate, { labelsADay: 1000, together: false }),
  of(rate, { labelsADay: 1000, together: true }),
  of(rate, usually, 3000),
  of(errorRate(0.002, 0.004)),
  of(errorRate(0.002, 0.006)),
  of(errorRate(0.5, 0.55)),
];

/** Labels that depend on each other or on the hour; of these there is no CUSUM that could be told. */
export const dependentCases: readonly DependentErrors[] = [
  ofUsers(0.05, usually, usualReference),
  byHour(0.05, 0.3, usually, usualReference, true),
  byHour(0.05, 0.3, usually, usualReference, false),
];
