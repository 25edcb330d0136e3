// What can be switched off, and what that saves under this very configuration: each lever is pulled and the estimate made anew,
// so that levers that overlap are not promised twice what they can give.
import { formatDuration } from "../config/duration.ts";
import type { Config, ModelConfig } from "../config/schema.ts";
import type { References } from "../pipeline/fold-settings.ts";
import type { Assumptions } from "./assumptions.ts";
import { estimateModels, type ModelEstimate, seriesIn } from "./estimate.ts";

export interface Lever {
  /** What is to be written, and where. */
  readonly what: string;
  /** What is not seen any more. */
  readonly price: string;
}

export interface Saving extends Lever {
  readonly series: number;
}

/** What an estimate is made of; a lever changes one of the two. */
interface Setup {
  readonly config: Config;
  readonly assumptions: Assumptions;
}

interface Pulled extends Lever {
  readonly setup: Setup;
  /** The only model that it is about; absent: it is about all. */
  readonly only?: string;
}

/** The largest saving first; those that save nothing here are not among them. */
export function savings(
  setup: Setup,
  references: References,
  before: ModelEstimate,
  tell: (share: number) => void = () => undefined,
): Saving[] {
  const levers = leversOf(setup);
  const pulled = levers.map(({ setup: { config, assumptions }, only, ...lever }, index) => {
    tell(index / levers.length);
    const after = estimateModels(config, references, assumptions, only);
    return { ...lever, series: seriesOf(before, only) - seriesOf(after, only) };
  });
  tell(1);
  return [...pulled, withoutBuckets(before)].filter(({ series }) => series > 0).sort((a, b) => b.series - a.series);
}

function seriesOf({ counts }: ModelEstimate, only: string | undefined): number {
  return seriesIn(counts.filter(({ model }) => only === undefined || model === only));
}

/** Done by Prometheus: the page stays as it is, and each histogram is stored as one series. */
function withoutBuckets({ counts }: ModelEstimate): Saving {
  return {
    what: "in prometheus.yml: convert_classic_histograms_to_nhcb: true",
    price: "nothing; queries of buckets have to be written for native histograms",
    series: counts.reduce((sum, { histogramLines, histograms }) => sum + histogramLines - histograms, 0),
  };
}

function leversOf(setup: Setup): Pulled[] {
  const { config } = setup;
  return [
    ...oneVersion(setup),
    ...fewerWindows(config, setup),
    ...shorterDefaults(config).map(({ defaults, ...lever }) => {
      return { ...lever, setup: { ...setup, config: { ...config, defaults: { ...config.defaults, ...defaults } } } };
    }),
    ...Object.entries(config.models).flatMap(([name, model]) =>
      leversOfModel(name, model).map(({ model: changed, ...lever }) => {
        return {
          ...lever,
          only: name,
          setup: { ...setup, config: { ...config, models: { ...config.models, [name]: changed } } },
        };
      }),
    ),
  ];
}

function oneVersion(setup: Setup): Pulled[] {
  const { assumptions, config } = setup;
  if (assumptions.versions === 1 && assumptions.versionsOf.size === 0) return [];
  return [
    {
      what: `defaults.expire below ${formatDuration(config.defaults.expire)}, so that one version is live`,
      price: "versions that are replaced are forgotten sooner",
      setup: { config, assumptions: { ...assumptions, versions: 1, versionsOf: new Map() } },
    },
  ];
}

/** But for those that an alert is about. */
function fewerWindows(config: Config, setup: Setup): Pulled[] {
  const { defaults, models } = config;
  const alerts = [defaults.alerts, ...Object.values(models).map(({ alerts }) => alerts)];
  const asked = new Set(alerts.flatMap((of) => Object.values(of?.performance ?? {}).map(({ window }) => window)));
  return defaults.windows.flatMap((window) => {
    const windows = defaults.windows.filter((other) => other !== window);
    if (windows.length === 0 || asked.has(window)) return [];
    return [
      {
        what: `defaults.windows: [${windows.map(formatDuration).join(", ")}]`,
        price: `windows of ${formatDuration(window)}`,
        setup: { ...setup, config: { ...config, defaults: { ...defaults, windows } } },
      },
    ];
  });
}

type DefaultsLever = Lever & { readonly defaults: Partial<Config["defaults"]> };

function shorterDefaults({ defaults }: Config): DefaultsLever[] {
  const { observations, outcomes } = defaults;
  const levers: DefaultsLever[] = [];
  if (defaults.scores === "all" || defaults.scores.length > 1) {
    levers.push({ what: "defaults.scores: [psi_adjusted]", price: "the other scores", defaults: { scores: ["psi_adjusted"] } });
  }
  if (defaults.drift.tests === "all" || defaults.drift.tests.length > 1) {
    const drift = { ...defaults.drift, tests: ["min_effect" as const] };
    levers.push({ what: "defaults.drift.tests: [min_effect]", price: "the other tests", defaults: { drift } });
  }
  if (observations !== "outputs") {
    levers.push({
      what: "defaults.observations: outputs",
      price: "counts by bin of features",
      defaults: { observations: "outputs" },
    });
  }
  if (outcomes?.confusion === true) {
    const without = { ...outcomes, confusion: false };
    levers.push({ what: "defaults.outcomes.confusion: false", price: "confusion matrices", defaults: { outcomes: without } });
  }
  return levers;
}

type ModelLever = Lever & { readonly model: ModelConfig };

function leversOfModel(name: string, model: ModelConfig): ModelLever[] {
  const at = `models.${name}`;
  const { outcomes, segments, features } = model;
  const levers: ModelLever[] = [];
  // Where nothing is said, every attribute becomes segments.
  if (segments === undefined || segments.length > 0) {
    levers.push({ what: `${at}.segments: []`, price: "everything by segment", model: { ...model, segments: [] } });
  }
  const observed = Object.entries(features).filter(([, { observations }]) => observations === true);
  if (observed.length > 0) {
    const unobserved = observed.map(([feature, settings]) => [feature, { ...settings, observations: false }] as const);
    levers.push({
      what: `${at}.features.*.observations: false`,
      price: `counts by bin of ${observed.map(([feature]) => feature).join(", ")}`,
      model: { ...model, features: { ...features, ...Object.fromEntries(unobserved) } },
    });
  }
  if (Array.isArray(outcomes?.threshold) && outcomes.threshold.length > 1) {
    const [first] = outcomes.threshold;
    const threshold = first === undefined ? {} : { threshold: first };
    levers.push({
      what: `${at}.outcomes.threshold: ${first}`,
      price: "performance at the other thresholds",
      model: { ...model, outcomes: { ...outcomes, ...threshold } },
    });
  }
  if (outcomes !== undefined && !isJudged(model)) {
    const { outcomes: left, ...rest } = model;
    levers.push({
      what: `models.${name} without outcomes`,
      price: "how well it does, and what becomes of outcomes",
      model: rest,
    });
  }
  if (outcomes?.confusion === true) {
    const without = { ...outcomes, confusion: false };
    levers.push({
      what: `${at}.outcomes.confusion: false`,
      price: "the confusion matrix",
      model: { ...model, outcomes: without },
    });
  }
  return levers;
}

/** Whether something that is configured needs labels. */
function isJudged({ slos = {}, alerts = {} }: ModelConfig): boolean {
  const { latency, availability, ...ofQuality } = slos;
  return Object.keys({ ...ofQuality, ...alerts.performance }).length > 0;
}
