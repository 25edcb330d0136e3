// A window's features as rows of a report: states of values, mean, standard deviation, quantiles, counts by bin.
import { kindCount } from "../event/value.ts";
import { compareText } from "../primitive/dictionary.ts";
import { groupedQuantiles } from "../stats/groups.ts";
import { driftTests, methods } from "../stats/scores.ts";
import type { FeatureKnowledge } from "./feature-knowledge.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import { binCounts, type ClosedFeature, type ClosedFeatures, unseenOf } from "./feature-pane.ts";
import { groupsOf, momentsOf, quantiles, samplesOf, states, valuesByState } from "./feature-samples.ts";
import type { Row, WindowOf } from "./monitor.ts";
import { changeOf } from "./root-cause.ts";
import { windowDriftOf } from "./window-drift.ts";

/** Rows in the order of features' names; a feature whose type is not settled has none. */
export function* featureRows(window: WindowOf<ClosedFeatures>, memory: FeatureMemory): Iterable<Row> {
  for (const [name, part] of [...window.closed.features].sort(([a], [b]) => compareText(a, b))) {
    const feature = memory.of(name);
    if (feature.type === "undecided") continue;
    yield* stateRows(feature, part);
    if (feature.type === "numeric") yield* numericRows(feature, part);
    else if (part.distinct !== null) {
      yield {
        feature: name,
        metric: "distinct_values",
        value: part.distinct.estimate(),
        samples: samplesOf(feature, part.kinds),
      };
    }
    yield* driftRows(name, window, memory);
    const bins = Array.from(binCounts(part));
    if (bins.length > 0) yield { feature: name, bins, samples: samplesOf(feature, part.kinds) };
  }
  const change = window.segment === "" ? changeOf(window, memory) : null;
  for (const { feature, mix } of change?.causes ?? []) {
    yield { feature, metric: `contribution_to_${change?.metric}`, value: mix, samples: window.closed.events };
  }
}

/** Every score and p-value that there is, whichever are exported. */
function* driftRows(name: string, window: WindowOf<ClosedFeatures>, memory: FeatureMemory): Iterable<Row> {
  const both = windowDriftOf(name, window, memory);
  if (both === null) return;
  const { values: drift, rates } = both;
  const { scores, samples } = drift;
  for (const method of methods)
    if (!Number.isNaN(scores[method])) yield { feature: name, method, value: scores[method], samples };
  for (const test of driftTests) {
    const value = drift.pValue(test);
    if (!Number.isNaN(value)) yield { feature: name, test, value, samples };
  }
  for (const { state, pValue, window: now } of rates.states) {
    if (!Number.isNaN(pValue)) yield { feature: name, test: state, value: pValue, samples: now.size };
  }
}

function* stateRows(feature: FeatureKnowledge, part: ClosedFeature): Iterable<Row> {
  const counts = valuesByState(feature, part.kinds, unseenOf(part));
  const samples = part.kinds.slice(0, kindCount).reduce((sum, count) => sum + count, 0);
  for (const [index, state] of states.entries()) {
    yield { feature: feature.name, metric: state, value: counts[index] as number, samples };
  }
}

function* numericRows(feature: FeatureKnowledge, part: ClosedFeature): Iterable<Row> {
  if (part.numbers === null) return;
  const groups = groupsOf(part.numbers);
  const { count, mean, standardDeviation } = momentsOf(part.numbers);
  if (count === 0) return;
  const samples = samplesOf(feature, part.kinds);
  yield { feature: feature.name, metric: "mean", value: mean, samples };
  yield { feature: feature.name, metric: "standard_deviation", value: standardDeviation, samples };
  const values = groupedQuantiles(groups, quantiles);
  for (const [index, q] of quantiles.entries()) {
    yield { feature: feature.name, metric: `quantile_${q}`, value: values[index] as number, samples };
  }
}
