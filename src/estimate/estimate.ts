// How many series an exporter will have under a configuration, by model and by what they are there for.
import type { Config } from "../config/schema.ts";
import { foldSettings, type References } from "../pipeline/fold-settings.ts";
import type { Assumptions } from "./assumptions.ts";
import { countOf, type SeriesCount } from "./counting-page.ts";
import { tryModel } from "./trial.ts";

/** What models that the configuration does not list are called. */
export const unlisted = "(unlisted)";

export interface ModelEstimate {
  /** By model in the order of the configuration, then by cause; of no model, where the model is "". */
  readonly counts: readonly Readonly<SeriesCount>[];
  /** Features and outputs, once for each segment (all traffic is one) and version: what windows are kept of. */
  readonly featureSegments: number;
}

/** @param only of this model; undefined: of all */
export function estimateModels(config: Config, references: References, assumptions: Assumptions, only?: string): ModelEstimate {
  const settings = foldSettings(config, references);
  const models = [...settings.models.keys()].map((name) => [name, 1] as const);
  const all = assumptions.unlisted > 0 ? [...models, [unlisted, assumptions.unlisted] as const] : models;
  const counts = new Map<string, SeriesCount>();
  let featureSegments = 0;
  for (const [name, times] of all) {
    if (only !== undefined && name !== only) continue;
    const page = tryModel(name, settings, assumptions);
    featureSegments += page.featureSegments * times;
    for (const { model, cause, ...found } of page.counts.values()) {
      const count = countOf(counts, model, cause);
      // What is of no model is there once, however many models there are.
      const more = model !== "" ? times : count.series > 0 ? 0 : 1;
      count.series += Math.round(found.series * more);
      count.histogramLines += found.histogramLines * more;
      count.histograms += found.histograms * more;
    }
  }
  return { counts: [...counts.values()], featureSegments };
}

export function seriesIn(counts: Iterable<Pick<SeriesCount, "series">>): number {
  let sum = 0;
  for (const { series } of counts) sum += series;
  return sum;
}
