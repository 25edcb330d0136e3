// The command `estimate`: how many series a configuration will have, what they cost, and what to switch off first.
import { parseDuration } from "../config/duration.ts";
import { ConfigError, loadDocument, loadPrices } from "../config/load.ts";
import type { Offer, Prices } from "../config/schema/prices.ts";
import { formats } from "../decode/index.ts";
import { type Assumptions, usualAssumptions } from "../estimate/assumptions.ts";
import { costOf, exporterBytes, type Usage, usageOf } from "../estimate/cost.ts";
import { estimateModels, seriesIn } from "../estimate/estimate.ts";
import { type Saving, savings } from "../estimate/levers.ts";
import { ownSeries } from "../estimate/own-series.ts";
import { ProcessMetrics } from "../expose/process-metrics.ts";
import { estimateText } from "./estimate-text.ts";
import { ProgressBar } from "./progress-bar.ts";
import { loadReferences } from "./references.ts";

export interface EstimateCommand {
  readonly config: string;
  readonly scrape: string;
  readonly prices?: string;
  readonly json: boolean;
  /** A number for all models, or `name=number`. */
  readonly versions: readonly string[];
  readonly segmentValues: number;
  readonly features: number;
  readonly categories: number;
  readonly classes: number;
  readonly horizons: number;
  readonly unlisted: number;
  readonly partitions: number;
}

/** A part of the estimate, and what it costs in a month, by offer. */
export interface Line extends Usage {
  /** "" where it is of no model. */
  readonly model: string;
  readonly cause: string;
  readonly cost: Readonly<Record<string, number>>;
}

export interface Report {
  readonly scrapeMillis: number;
  readonly assumptions: Assumptions;
  readonly lines: readonly Line[];
  readonly total: Line;
  /** Of the exporter, at most. */
  readonly exporterBytes: number;
  /** The most series of models that the configuration allows on the page. */
  readonly seriesLimit: number;
  readonly modelSeries: number;
  readonly currency: string | null;
  readonly savings: readonly (Saving & Pick<Line, "cost">)[];
}

/** @throws ConfigError with all messages */
export async function estimate(command: EstimateCommand): Promise<void> {
  let bar: ProgressBar | null = null;
  const report = await estimated(command, (share) => {
    bar ??= new ProgressBar("trying what can be switched off");
    bar.show(share);
    if (share === 1) bar.end();
  });
  const text = command.json ? JSON.stringify(withNames(report), null, 2) : estimateText(report);
  process.stdout.write(`${text}\n`);
}

/** @throws ConfigError with all messages */
export async function estimated(command: EstimateCommand, tell?: (share: number) => void): Promise<Report> {
  const scrapeMillis = parseDuration(command.scrape);
  if (!(scrapeMillis > 0)) throw new ConfigError(`--scrape ${command.scrape}: not a duration above 0 such as 15s`);
  const loaded = loadDocument(command.config, formats);
  const references = loadReferences(loaded);
  const { config } = loaded;
  const assumptions = assumptionsOf(command, Object.keys(config.models));
  if (assumptions.unlisted > 0 && !config.discover) {
    throw new ConfigError(loaded.document.message(["discover"], "false: so there are no --unlisted models"));
  }
  const prices = command.prices === undefined ? null : loadPrices(command.prices);
  const ofProcess = new ProcessMetrics();
  const models = estimateModels(config, references, assumptions);
  const modelSeries = seriesIn(models.counts);
  const causes = new Set(models.counts.map(({ cause }) => cause));
  const own = await ownSeries(config, assumptions.partitions, causes.size, ofProcess);
  const parts = [...models.counts, ...[...own].map(([cause, series]) => ({ model: "", cause, series }))];
  const whole = usageOf(seriesIn(parts), scrapeMillis);
  const share = (series: number): Pick<Line, "cost"> => ({ cost: costs(whole, series, prices) });
  return {
    scrapeMillis,
    assumptions,
    lines: parts.map(({ model, cause, series }) => ({ model, cause, ...usageOf(series, scrapeMillis), ...share(series) })),
    total: { model: "", cause: "", ...whole, ...share(whole.series) },
    exporterBytes: exporterBytes(whole.series, models.featureSegments),
    seriesLimit: config.limits.series,
    modelSeries,
    currency: prices?.currency ?? null,
    savings: savings({ config, assumptions }, references, models, tell).map((one) => {
      const without = usageOf(whole.series - one.series, scrapeMillis);
      return { ...one, cost: byOffer(prices, (offer) => costOf(whole, offer) - costOf(without, offer)) };
    }),
  };
}

/** A part of what all costs: what is free of an offer is nobody's. */
function costs(whole: Usage, series: number, prices: Prices | null): Record<string, number> {
  const part = whole.series === 0 ? 0 : series / whole.series;
  return byOffer(prices, (offer) => costOf(whole, offer) * part);
}

function byOffer(prices: Prices | null, cost: (offer: Offer) => number): Record<string, number> {
  return Object.fromEntries((prices?.offers ?? []).map((offer) => [offer.name, cost(offer)]));
}

function assumptionsOf(command: EstimateCommand, models: readonly string[]): Assumptions {
  const { segmentValues, features, categories, classes, horizons, unlisted, partitions } = command;
  let { versions } = usualAssumptions;
  const versionsOf = new Map<string, number>();
  for (const text of command.versions) {
    const at = text.lastIndexOf("=");
    const [model, count] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
    if (!/^[1-9]\d{0,4}$/.test(count)) throw new ConfigError(`--versions ${text}: a whole number above 0, or model=number`);
    if (at < 0) versions = Number(count);
    else if (models.includes(model)) versionsOf.set(model, Number(count));
    else throw new ConfigError(`--versions ${text}: no model ${model} in the configuration; there are: ${models.join(", ")}`);
  }
  return { versions, versionsOf, segmentValues, features, categories, classes, horizons, unlisted, partitions };
}

/** For machines: units in names, and no maps. */
function withNames({ scrapeMillis, assumptions, lines, total, savings: levers, ...rest }: Report): object {
  const named = ({ prometheusBytes: { least, most }, ...line }: Line) => {
    return { ...line, prometheusBytesLeast: least, prometheusBytesMost: most };
  };
  return {
    scrapeSeconds: scrapeMillis / 1000,
    assumptions: { ...assumptions, versionsOf: Object.fromEntries(assumptions.versionsOf) },
    total: named(total),
    ...rest,
    lines: lines.map(named),
    savings: levers,
  };
}
