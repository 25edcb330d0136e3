// What the events of a model look like, as far as its configuration and its reference say, and by assumption where they do not.
import { isOutput } from "../event/schema.ts";
import type { FeatureSettings } from "../monitor/monitor.ts";
import { namesOf } from "../performance/pairs.ts";
import type { FeatureReference, Reference } from "../reference/reference.ts";
import type { FoldModelSettings } from "../state/settings.ts";
import type { Assumptions } from "./assumptions.ts";

/** Values that a feature takes; null: any number. */
export type Values = readonly (number | string)[] | null;

/** What labels are, and what they are compared with. */
export type Labels = "binary" | "classes" | "numbers";

export interface ModelShape {
  readonly model: string;
  readonly features: readonly (readonly [name: string, values: Values])[];
  readonly segments: readonly (readonly [attribute: string, values: readonly string[]])[];
  readonly labels: Labels;
  /** Whether outcomes are joined: of others nothing is said. */
  readonly joined: boolean;
  /** Scores from 0 to 1; undefined: it has none. */
  readonly score: Values | undefined;
  readonly prediction: Values | undefined;
  /** Classes that it has a score for each. */
  readonly scores: readonly string[];
  /** What labels may be where they are not numbers. */
  readonly classes: readonly (number | string)[];
  readonly horizons: readonly string[];
  /** Whether predictions are items of lists that were shown on request. */
  readonly lists: boolean;
}

const classScore = "$score.";

export function modelShape(model: string, settings: FoldModelSettings, assumptions: Assumptions): ModelShape {
  const { reference, task } = settings;
  const labels = labelsOf(settings);
  const invented = labels === "classes" ? named("class-", assumptions.classes) : [];
  const predictions = valuesOf("$prediction", settings);
  const scores = reference === null ? invented : outputsOf(reference, classScore);
  const predicted = typeof predictions?.[0] === "string" ? predictions : [];
  const classes = firstOf([scores, predicted, invented]);
  const has = outputsThereOf(settings, labels);
  return {
    model,
    features: featuresOf(settings, assumptions),
    segments: segmentsOf(settings, assumptions),
    labels,
    joined: settings.outcomes !== null,
    score: has.score ? valuesOf("$score", settings) : undefined,
    prediction: has.prediction ? (predictions ?? decisionsOf(labels, classes)) : undefined,
    scores: labels === "classes" ? scores : [],
    classes: labels === "binary" ? classesOfTwo(settings) : classes,
    horizons: horizonsOf(settings, assumptions),
    lists: task === "ranking",
  };
}

function named(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}

function firstOf<Item>(lists: readonly (readonly Item[])[]): readonly Item[] {
  return lists.find(({ length }) => length > 0) ?? [];
}

/** The task decides, or else what the reference has of outputs. */
function labelsOf({ task, reference }: FoldModelSettings): Labels {
  if (task === "multiclass") return "classes";
  if (task === "regression" || task === "forecast") return "numbers";
  if (task !== "" || reference === null || reference.features.has("$score")) return "binary";
  if (outputsOf(reference, classScore).length > 0) return "classes";
  return reference.features.get("$prediction")?.type === "numeric" ? "numbers" : "classes";
}

function outputsOf(reference: Reference, prefix: string): string[] {
  return [...reference.features.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

function outputsThereOf({ reference, task }: FoldModelSettings, labels: Labels): { score: boolean; prediction: boolean } {
  if (reference !== null) return { score: reference.features.has("$score"), prediction: reference.features.has("$prediction") };
  return { score: labels === "binary", prediction: task !== "ranking" };
}

/** Null: any number. */
function decisionsOf(labels: Labels, classes: readonly (number | string)[]): Values {
  if (labels === "numbers") return null;
  return labels === "binary" ? [0, 1] : classes;
}

/** The label that counts as positive first. */
function classesOfTwo({ performance }: FoldModelSettings): (number | string)[] {
  const positive = performance?.pairs.positive ?? null;
  return positive === null ? [1, 0] : [positive, typeof positive === "number" ? positive - 1 : `not ${positive}`];
}

function horizonsOf({ task, reference }: FoldModelSettings, { horizons }: Assumptions): readonly string[] {
  const known = reference?.performance === null || reference === null ? [] : [...namesOf(reference.performance).horizons];
  if (known.length > 0) return known;
  return task === "forecast" ? named("", horizons) : [""];
}

function featuresOf(settings: FoldModelSettings, { features, categories }: Assumptions): (readonly [string, Values])[] {
  const { reference } = settings;
  const names = new Set([...settings.features.keys(), ...(reference?.features.keys() ?? [])].filter((name) => !isOutput(name)));
  if (names.size > 0) return [...names].map((name) => [name, valuesOf(name, settings, categories)] as const);
  return named("feature-", features).map(
    (name, index) => [name, index % 4 === 3 ? named("category-", categories) : null] as const,
  );
}

function valuesOf(name: string, { features, reference }: FoldModelSettings, categories = 0): Values {
  const known = reference?.features.get(name);
  return known === undefined ? configuredValues(features.get(name) ?? {}, categories) : knownValues(known);
}

/** Values that lie in its bins, those at their ends; all bins are exported, whether anything lies in them or not. */
function knownValues({ bins, categories, numbersAsTexts }: FeatureReference): Values {
  if (bins !== null) return bins.edges;
  const names = categories?.names ?? [];
  // A class that is called by a number came as one.
  return numbersAsTexts && names.every((text) => String(Number(text)) === text) ? names.map(Number) : names;
}

function configuredValues({ type, edges, categories, range }: FeatureSettings, invented: number): Values {
  if (categories !== undefined) return categories;
  if (type === "categorical") return named("category-", invented);
  return (
    edges ?? (range === undefined ? null : Array.from({ length: 100 }, (_, at) => range[0] + ((range[1] - range[0]) * at) / 99))
  );
}

/** Of attributes that become segments, or of those that the reference knows where all do. */
function segmentsOf({ segments, reference }: FoldModelSettings, { segmentValues }: Assumptions): (readonly [string, string[]])[] {
  const known = new Map<string, Set<string>>();
  for (const { segments: distributions } of reference?.features.values() ?? []) {
    for (const segment of distributions.keys()) {
      const [attribute, value] = [segment.slice(0, segment.indexOf("=")), segment.slice(segment.indexOf("=") + 1)];
      known.set(attribute, (known.get(attribute) ?? new Set()).add(value));
    }
  }
  return (segments ?? [...known.keys()]).map((attribute) => {
    return [attribute, [...(known.get(attribute) ?? named("value-", segmentValues))]] as const;
  });
}
