// The parts of a reference from the values of its file. All that can be wrong with them is said with their key path.

import { BinCounts } from "../primitive/bin-counts.ts";
import { binsIn, type NumericBins, numericBins } from "../primitive/bins.ts";
import { type Categories, categoryBins } from "../primitive/categories.ts";
import { CategoryCounts } from "../primitive/category-counts.ts";
import { TargetSum } from "../primitive/target.ts";
import { BaseSeries } from "./base-series.ts";
import { type ColumnName, categoryColumns, columnNames, partColumns, targetColumns } from "./columns.ts";
import { kindNames } from "./file-content.ts";
import type { FileValue } from "./file-value.ts";
import { dayMillis, hourMillis, hoursOfDay } from "./periods.ts";
import type { BasePane, Distribution, FeatureReference, Provenance } from "./reference.ts";

const featureKeys = [
  "name",
  "type",
  "numbers_as_texts",
  "bins",
  "categories",
  "all",
  "segments",
  "by_hour_of_day",
  "left_out",
  "hours",
  "days",
] as const;

/** Which bins a feature has, and how many: of a category also those of what is other and unseen. */
interface Shape {
  readonly bins: NumericBins | null;
  readonly categories: Categories | null;
  readonly length: number;
}

export function featureFrom(name: string, value: FileValue): FeatureReference {
  value.onlyKeys(featureKeys);
  const type = value.key("type").oneOf(["numeric", "categorical"] as const);
  const shape = shapeFrom(type, value);
  const byHour = value.key("by_hour_of_day");
  const segments = value.key("segments").named();
  return {
    name,
    type,
    numbersAsTexts: value.key("numbers_as_texts").flag(),
    bins: shape.bins,
    categories: shape.categories,
    all: distributionFrom(value.key("all"), shape),
    byHour: byHour.isNull ? null : hoursOfDayFrom(byHour, shape.length),
    hours: panesFrom(value.key("hours"), hourMillis, shape.length),
    days: panesFrom(value.key("days"), dayMillis, shape.length),
    leftOut: { hours: value.key("left_out").key("hours").count(), days: value.key("left_out").key("days").count() },
    segments: new Map(segments.map(([segment, part]) => [segment, distributionFrom(part, shape)])),
  };
}

function shapeFrom(type: FeatureReference["type"], value: FileValue): Shape {
  const [bins, categories] = [value.key("bins"), value.key("categories")];
  if (type === "numeric") {
    if (!categories.isNull) categories.fail("a numeric feature has none");
    const numeric = binsFrom(bins);
    return { bins: numeric, categories: null, length: binsIn(numeric) };
  }
  if (!bins.isNull) bins.fail("a categorical feature has none");
  const dictionary = categoriesFrom(categories);
  return { bins: null, categories: dictionary, length: categoryBins(dictionary).length };
}

function binsFrom(value: FileValue): NumericBins {
  value.onlyKeys(["edges", "part_edges", "reach", "given"]);
  const [edges, parts] = [ascendingFrom(value.key("edges")), ascendingFrom(value.key("part_edges"))];
  const missing = edges.find((edge) => !parts.includes(edge));
  if (missing !== undefined) value.key("part_edges").fail(`edge ${missing} of a bin is not among them`);
  const reach = value.key("reach");
  if (!(reach.number() > 0)) reach.fail("not above 0");
  return numericBins(edges, value.key("given").flag(), reach.number(), parts);
}

function ascendingFrom(value: FileValue): number[] {
  const edges = value.list().map((edge) => edge.number());
  const disorder = edges.findIndex((edge, index) => index > 0 && edge <= (edges[index - 1] as number));
  if (disorder !== -1) value.fail(`edge ${edges[disorder]} is not above the one before`);
  return edges;
}

function categoriesFrom(value: FileValue): Categories {
  value.onlyKeys(["names", "others", "open"]);
  const names = value.key("names").texts();
  const others = value.key("others").texts();
  const all = new Set([...names, ...others]);
  if (all.size < names.length + others.length) value.fail("a text comes twice");
  return { names, others: new Set(others), open: value.key("open").flag() };
}

function distributionFrom(value: FileValue, shape: Shape): Distribution {
  value.onlyKeys(["name", "kinds", "targets", "numbers", "texts"]);
  const [numbers, texts] = [value.key("numbers"), value.key("texts")];
  if (!numbers.isNull && shape.bins === null) numbers.fail("a categorical feature has none");
  if (!texts.isNull && shape.categories === null) texts.fail("a numeric feature has none");
  return {
    kinds: kindsFrom(value.key("kinds")),
    targets: targetsFrom(value.key("targets")),
    numbers: numbers.isNull ? null : numbersFrom(numbers, shape.bins as NumericBins),
    texts: texts.isNull ? null : textsFrom(texts, shape.length),
  };
}

function targetsFrom(value: FileValue): TargetSum {
  value.onlyKeys(["count", "high", "low"]);
  const targets = new TargetSum();
  targets.add({ count: value.key("count").amount(), high: value.key("high").number(), low: value.key("low").number() });
  return targets;
}

function numbersFrom(value: FileValue, bins: NumericBins): BinCounts {
  const lists = [...partColumns, ...targetColumns].map((name) => columnNames[name]);
  value.onlyKeys([...lists, "squares_high", "squares_low", "weight_squares"]);
  return BinCounts.of(bins, {
    ...listsFrom(value, partColumns, bins.parts.length + 1),
    ...listsFrom(value, targetColumns, binsIn(bins)),
    squaresHigh: value.key("squares_high").number(),
    squaresLow: value.key("squares_low").number(),
    weightSquares: value.key("weight_squares").amount(),
  });
}

function textsFrom(value: FileValue, length: number): CategoryCounts {
  value.onlyKeys([...categoryColumns.map((name) => columnNames[name]), "weight_squares", "unseen_values"]);
  const unseenValues = value.key("unseen_values").count();
  const weightSquares = value.key("weight_squares").amount();
  return CategoryCounts.of({ ...listsFrom(value, categoryColumns, length), weightSquares, unseenValues });
}

function listsFrom<Name extends ColumnName>(value: FileValue, names: readonly Name[], bins: number): Record<Name, number[]> {
  const lists = names.map((name) => {
    const list = value.key(columnNames[name]);
    return [name, [...(name === "count" || name === "targetCount" ? list.counts(bins) : list.sums(bins))]] as const;
  });
  return Object.fromEntries(lists) as Record<Name, number[]>;
}

function kindsFrom(value: FileValue): Float64Array {
  value.onlyKeys(kindNames);
  return Float64Array.from(kindNames, (name) => (value.has(name) ? value.key(name).count() : 0));
}

function hoursOfDayFrom(value: FileValue, bins: number): Float64Array[] {
  const hours = value.list();
  if (hours.length !== hoursOfDay) value.fail(`has ${hours.length} lists; a day has ${hoursOfDay} hours`);
  return hours.map((hour) => hour.counts(bins));
}

/** Each is a list of its start, its kinds and its counts. */
function panesFrom(value: FileValue, widthMillis: number, bins: number): BasePane[] {
  let before = Number.NEGATIVE_INFINITY;
  const panes = value.list().map((pane) => {
    const [start, kinds, counts, ...more] = pane.list();
    if (start === undefined || kinds === undefined || counts === undefined || more.length > 0) {
      return pane.fail("not a start, kinds and counts");
    }
    const startMillis = start.alignedTime(widthMillis);
    if (startMillis <= before) start.fail("not after the one before");
    before = startMillis;
    return { startMillis, kinds: kindsFrom(kinds), counts: counts.counts(bins) };
  });
  const series = new BaseSeries(widthMillis, panes.length, bins);
  series.take(panes);
  return series.panes();
}

export function provenanceFrom(value: FileValue): Provenance {
  value.onlyKeys(["kind", "source", "from", "to", "rows", "made", "made_by", "history"]);
  return {
    kind: value.key("kind").oneOf(["file", "kafka", "learned", "accepted"] as const),
    source: value.key("source").texts(),
    fromMillis: value.key("from").time(),
    toMillis: value.key("to").time(),
    rows: value.key("rows").count(),
    madeMillis: value.key("made").time(),
    madeBy: value.key("made_by").text(),
    history: value
      .key("history")
      .list()
      .map((past) => ({
        hash: past.key("hash").text(),
        replacedMillis: past.key("replaced").time(),
        reason: past.key("reason").text(),
      })),
  };
}
