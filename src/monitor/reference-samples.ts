// The samples of references: where what windows are compared with comes from, and its shares by bin.

import type { Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import { shares } from "../stats/sample.ts";
import { referenceFor } from "./alarm-budget.ts";
import { binCountsOf } from "./drift-reference.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import { binNames, isObserved } from "./feature-samples.ts";
import type { FeatureTotals } from "./feature-totals.ts";
import type { Gate, Subject } from "./monitor.ts";
import { referenceStates } from "./reference-states.ts";
import { type ReferenceSummary, referenceSummary } from "./reference-summary.ts";

const labels = ["model", "version"] as const;
const info: Family = {
  name: "ml_reference_info",
  help: "The reference that a version's windows are compared with: first digits of its hash, and where it comes from.",
  type: "gauge",
  labels: [...labels, "reference", "kind"],
};
const rows: Family = {
  name: "ml_reference_rows",
  help: "Predictions that the reference is made of.",
  type: "gauge",
  labels,
};
const end: Family = {
  name: "ml_reference_end_timestamp_seconds",
  help: "End of the period of event time that the reference is of.",
  type: "gauge",
  labels,
};
const adopted: Family = {
  name: "ml_reference_adopted_timestamp_seconds",
  help: "Event time since which windows are compared with the reference in force; no sample where a state of an older version does not say.",
  type: "gauge",
  labels,
};
const learning: Family = {
  name: "ml_reference_learning_features",
  help: "Features whose reference is still learned.",
  type: "gauge",
  labels,
};
const ratio: Family = {
  name: "ml_reference_ratio",
  help: "Share of the reference's values by bin, of the features whose counts by bin are exported.",
  type: "gauge",
  labels: [...labels, "feature", "bin"],
};
const stateRatio: Family = {
  name: "ml_reference_state_ratio",
  help: "Share of the reference's values in a state, of all of them: of the states that a value of the feature can be in.",
  type: "gauge",
  labels: [...labels, "feature", "state"],
};

export const referenceFamilies: readonly Family[] = [info, rows, end, adopted, learning, ratio, stateRatio];

/** Enough to tell references apart. */
const hashDigits = 12;

interface Ratios {
  readonly of: unknown;
  readonly series: readonly Series[];
  readonly shares: Float64Array;
}

function write({ series, shares: values }: Ratios, unit: string, page: Page, gate: Gate): void {
  if (gate(unit, series.length) === "hidden") return;
  for (const [index, one] of series.entries()) page.sample(one, values[index] as number);
}

/** Makes the series of one version, each once. */
export class ReferenceSeries {
  readonly #subject: Subject;
  readonly #fixed: readonly Series[];
  readonly #ratios = new Map<string, Ratios>();
  readonly #states = new Map<string, Ratios>();
  #info: { readonly key: string; readonly series: Series } | null = null;

  constructor(subject: Subject) {
    this.#subject = subject;
    this.#fixed = [rows, end, adopted, learning].map((family) => createSeries(family, [subject.model, subject.version]));
  }

  write({ adoption }: Pick<FeatureTotals, "adoption">, memory: FeatureMemory, page: Page, gate: Gate): void {
    const summary = referenceSummary(memory, this.#subject.version);
    if (summary === null || gate("$reference", 1 + this.#fixed.length) === "hidden") return;
    page.sample(this.#infoOf(summary), 1);
    const adoptedMillis = adoption.sinceMillis(this.#subject.version, memory);
    [summary.rows, summary.toMillis / 1000, adoptedMillis / 1000, summary.learning].forEach((value, index) => {
      page.sample(this.#fixed[index] as Series, value);
    });
    for (const name of memory.features.keys()) {
      if (isObserved(name, memory.settings)) this.#writeRatios(name, memory, page, gate);
      this.#writeStates(name, memory, page, gate);
    }
  }

  #writeStates(name: string, memory: FeatureMemory, page: Page, gate: Gate): void {
    const reference = referenceFor(name, this.#subject.version, memory);
    if (reference === null) return;
    let states = this.#states.get(name);
    if (states?.of !== reference) {
      const { model, version } = this.#subject;
      const found = referenceStates(reference, memory.of(name).range !== null);
      states = {
        of: reference,
        series: found.map(([state]) => createSeries(stateRatio, [model, version, name, state])),
        shares: Float64Array.from(found, ([, share]) => share),
      };
      this.#states.set(name, states);
    }
    write(states, `reference states of ${name}`, page, gate);
  }

  #writeRatios(name: string, memory: FeatureMemory, page: Page, gate: Gate): void {
    const reference = referenceFor(name, this.#subject.version, memory);
    if (reference === null) return;
    let ratios = this.#ratios.get(name);
    if (ratios?.of !== reference) {
      const { model, version } = this.#subject;
      const names = binNames(memory.of(name));
      const counts = binCountsOf(reference.all, names.length);
      ratios = {
        of: reference,
        series: names.map((bin) => createSeries(ratio, [model, version, name, bin])),
        shares: shares(counts),
      };
      this.#ratios.set(name, ratios);
    }
    write(ratios, `reference of ${name}`, page, gate);
  }

  /** Made anew where the reference is another one. */
  #infoOf({ hash, kind }: ReferenceSummary): Series {
    const key = `${hash} ${kind}`;
    if (this.#info?.key !== key) {
      const { model, version } = this.#subject;
      this.#info = { key, series: createSeries(info, [model, version, hash?.slice(0, hashDigits) ?? "", kind]) };
    }
    return this.#info.series;
  }
}
