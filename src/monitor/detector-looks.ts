// Looks at a closed pane by sequential detectors, which find large changes within minutes.
import { hourOf } from "../primitive/hours.ts";
import { finish } from "../window/finish.ts";
import { minuteMillis } from "../window/resolution.ts";
import { type AlarmBudget, referenceFor } from "./alarm-budget.ts";
import { detectionOf } from "./detection.ts";
import { calmFactor, type Evidence, type Finding, type Seen } from "./drift-alarm.ts";
import { type Detectors, detectedPane } from "./drift-detectors.ts";
import { rateEvidence, valuesEvidence } from "./drift-evidence.ts";
import { driftReference } from "./drift-reference.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import type { ClosedFeatures } from "./feature-pane.ts";
import type { Looked } from "./monitor.ts";
import { windowDriftOf } from "./window-drift.ts";

/** Takes a feature's pane, and says what its detectors have found by now. */
export function* detect(
  feature: string,
  looked: Looked<ClosedFeatures>,
  memory: FeatureMemory,
  detectors: Detectors,
  budget: AlarmBudget,
): Iterable<Seen> {
  const { segment, endMillis: timeMillis, closed, version } = looked;
  const part = closed.features.get(feature);
  const reference = referenceFor(feature, version, memory);
  const prepared = reference === null ? null : driftReference(reference, segment);
  if (part === undefined || prepared === null) return;
  const { drift } = memory.settings;
  const detection = detectionOf(prepared, drift);
  if (!detection.known) return;
  const own = detectors.of(segment, feature);
  const limit = budget.evidence(feature);
  own.step(detection, detectedPane(prepared, part), hourOf(timeMillis - minuteMillis), limit);
  const shortest = Math.min(...drift.windows.map(({ millis }) => millis));
  for (const [test, log10] of own.evidence) {
    yield {
      signal: { segment, feature, windowMillis: 0, test },
      look: {
        timeMillis,
        holdMillis: shortest,
        finding: findingOfEvidence(log10, limit),
        evidence: () => evidenceOf(feature, test, log10, limit, looked, shortest, memory),
      },
    };
  }
}

export function findingOfEvidence(log10: number, limit: number): Finding {
  if (log10 >= limit) return "rejects";
  return log10 >= limit - Math.log10(calmFactor) ? "near" : "calm";
}

/** Told by the numbers of the shortest window: what a detector remembers is nothing that people know. */
function evidenceOf(
  feature: string,
  test: string,
  value: number,
  limit: number,
  looked: Looked<ClosedFeatures>,
  shortest: number,
  memory: FeatureMemory,
): Evidence {
  const window = finish(looked.window(shortest));
  const drift = windowDriftOf(feature, window, memory);
  const state = drift?.rates.states.find((one) => one.state === test);
  if (state !== undefined) return { ...rateEvidence(state, limit), value };
  return valuesEvidence(value, limit, drift?.values ?? null, window, feature, memory);
}
