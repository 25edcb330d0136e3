// A reference as plain values in the order in which its file has them.
import type { BinCounts } from "../primitive/bin-counts.ts";
import type { NumericBins } from "../primitive/bins.ts";
import type { Categories } from "../primitive/categories.ts";
import type { CategoryCounts } from "../primitive/category-counts.ts";
import { compareText } from "../primitive/dictionary.ts";
import { listsOf } from "./columns.ts";
import { onOneLine } from "./file-layout.ts";
import { performanceContent } from "./performance-content.ts";
import type { BasePane, Distribution, FeatureReference, Provenance, Reference } from "./reference.ts";

/** Of the file; another one is refused. */
export const fileFormat = 1;

/** What values are called in files, in the order of `kind` in `event/value.ts`. */
export const kindNames = ["absent", "number", "text", "boolean", "null", "nan", "infinite", "structure", "out_of_range"] as const;

/** What stands before the features. */
export function headOf({ model, version }: Pick<Reference, "model" | "version">): object {
  return { format: fileFormat, model, version };
}

/** The features in the order of their names, one after another: all of them at once take much memory. */
export function* featuresOf({ features }: Pick<Reference, "features">): Iterable<object> {
  for (const feature of [...features.values()].sort((a, b) => compareText(a.name, b.name))) yield featureOf(feature);
}

/** All that is hashed besides the head: the features, then how well the model did, where that is known. */
export function* contentsOf(reference: Pick<Reference, "features" | "performance">): Iterable<object> {
  yield* featuresOf(reference);
  if (reference.performance !== null) yield performanceContent(reference.performance);
}

function featureOf(feature: FeatureReference): object {
  return {
    name: feature.name,
    type: feature.type,
    numbers_as_texts: feature.numbersAsTexts,
    bins: feature.bins === null ? null : binsOf(feature.bins),
    categories: feature.categories === null ? null : categoriesOf(feature.categories),
    all: distributionOf(feature.all),
    segments: [...feature.segments]
      .sort(([a], [b]) => compareText(a, b))
      .map(([name, segment]) => ({ name, ...distributionOf(segment) })),
    by_hour_of_day: feature.byHour === null ? null : feature.byHour.map(numbersOf),
    left_out: onOneLine({ hours: feature.leftOut.hours, days: feature.leftOut.days }),
    hours: feature.hours.map(paneOf),
    days: feature.days.map(paneOf),
  };
}

function binsOf({ edges, parts, reach, given }: NumericBins): object {
  return { edges: edges.map(plus), part_edges: parts.map(plus), reach, given };
}

function categoriesOf({ names, others, open }: Categories): object {
  return { names: [...names], others: [...others].sort(compareText), open };
}

function distributionOf({ kinds, numbers, texts, targets: { count, high, low } }: Distribution): object {
  return {
    kinds: onOneLine(kindsOf(kinds)),
    targets: onOneLine({ count, high, low }),
    numbers: numbers === null ? null : columnLists(numbers),
    texts: texts === null ? null : columnLists(texts),
  };
}

function columnLists(counts: BinCounts | CategoryCounts): object {
  const lists = Object.entries(listsOf(counts)).map(([name, list]) => {
    return [name, typeof list === "number" ? list : numbersOf(Float64Array.from(list))] as const;
  });
  return Object.fromEntries(lists);
}

/** Only those that there are. */
function kindsOf(kinds: Float64Array): object {
  return Object.fromEntries(kindNames.map((name, at) => [name, kinds[at]]).filter(([, count]) => count !== 0));
}

function paneOf({ startMillis, kinds, counts }: BasePane): unknown {
  return onOneLine([timeText(startMillis), kindsOf(kinds), numbersOf(counts)]);
}

/** A sum of numbers too large to be added is not finite: null. */
function numbersOf(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? plus(value) : null));
}

/** JSON has no -0 that is written by everyone. */
function plus(value: number): number {
  return value + 0;
}

export function provenanceOf(provenance: Provenance): object {
  const { kind, source, fromMillis, toMillis, rows, madeMillis, madeBy, history } = provenance;
  return {
    kind,
    source: [...source],
    from: timeText(fromMillis),
    to: timeText(toMillis),
    rows,
    made: timeText(madeMillis),
    made_by: madeBy,
    history: history.map(({ hash, replacedMillis, reason }) => onOneLine({ hash, replaced: timeText(replacedMillis), reason })),
  };
}

/** RFC 3339 in UTC, without a fraction where there is none; null for NaN. */
function timeText(millis: number): string | null {
  return Number.isNaN(millis) ? null : new Date(millis).toISOString().replace(".000Z", "Z");
}
