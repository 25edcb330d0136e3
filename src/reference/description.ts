// A reference in words and bars, for a terminal of some width.
import { binsIn } from "../primitive/bins.ts";
import { categoryBins } from "../primitive/categories.ts";
import { dispersionIndex } from "../stats/dispersion-index.ts";
import { groupedQuantiles } from "../stats/groups.ts";
import { bar, shownText } from "./bars.ts";
import { kindNames } from "./file-content.ts";
import { describePerformance } from "./performance-description.ts";
import type { Distribution, FeatureReference, Provenance, Reference } from "./reference.ts";

const quantiles = [0.01, 0.25, 0.5, 0.75, 0.99];
const digits = 4;
/** A bar is readable from here on. */
const leastBar = 10;
const longestName = 32;

/** @param width characters of a line */
export function describeReference(reference: Reference, width: number): string[] {
  const { model, version, hash, provenance, performance } = reference;
  return [
    `model ${shownText(model, width)}, ${version === null ? "all versions" : `version ${shownText(version, width)}`}`,
    `hash ${hash}`,
    ...provenanceLines(provenance),
    ...(performance === null ? [] : ["", ...describePerformance(performance)]),
    ...[...reference.features.values()].flatMap((feature) => ["", ...describeFeature(feature, width)]),
  ];
}

export function provenanceLines({ kind, source, fromMillis, toMillis, rows, madeMillis, madeBy, history }: Provenance): string[] {
  const from = source.length === 0 ? "" : ` from ${source.map((one) => shownText(one, 200)).join(", ")}`;
  const period = Number.isNaN(fromMillis) ? "at unknown times" : `from ${time(fromMillis)} to ${time(toMillis)}`;
  return [
    `${whole(rows)} rows ${period}`,
    `${kind}${from}; made ${time(madeMillis)} by version ${madeBy}`,
    ...history.map(({ hash, replacedMillis, reason }) => {
      return `in the place of ${hash} since ${time(replacedMillis)}: ${shownText(reason, 200)}`;
    }),
  ];
}

export function describeFeature(feature: FeatureReference, width: number): string[] {
  const { name, type, bins, categories, all } = feature;
  const many = bins === null ? `${categories?.names.length ?? 0} categories` : `${binsIn(bins)} bins`;
  return [
    `${shownText(name, longestName)}: ${type}, ${many}`,
    `  ${kindsLine(all)}`,
    ...momentLines(feature),
    ...histogram(feature, width),
    ...timeLines(feature),
    ...segmentLines(feature),
  ];
}

function kindsLine({ kinds }: Distribution): string {
  const total = kinds.reduce((sum, count) => sum + count, 0);
  const parts = kindNames.flatMap((kindName, at) => {
    const count = kinds[at] as number;
    return count === 0 ? [] : [`${kindName.replaceAll("_", " ")} ${whole(count)} (${percent(count / total)})`];
  });
  return parts.length === 0 ? "no events" : parts.join(", ");
}

function momentLines({ bins, all }: FeatureReference): string[] {
  if (bins === null || all.numbers === null) return [];
  const groups = all.numbers.groups();
  const { mean, standardDeviation } = all.numbers.moments();
  const values = groupedQuantiles(groups, quantiles).map((value, index) => {
    return `${percent(quantiles[index] as number)} ${short(value)}`;
  });
  return [`  mean ${short(mean)}, standard deviation ${short(standardDeviation)}`, `  quantiles: ${values.join(", ")}`];
}

/** A line a bin: what it holds, a bar, its share. The longest bar is the fullest bin's. */
function histogram({ bins, categories, all }: FeatureReference, width: number): string[] {
  const counts = all.numbers?.counts ?? all.texts?.counts ?? new Float64Array(0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  const names =
    bins === null ? categoryBins(categories ?? { names: [], others: new Set(), open: false }) : rangeNames(bins.edges);
  const labels = names.map((name) => shownText(name, longestName));
  const labelWidth = Math.max(...labels.map((label) => label.length));
  const most = Math.max(...counts);
  const barWidth = Math.max(leastBar, width - labelWidth - "   100.0 %".length - 2);
  return labels.map((label, index) => {
    const count = counts[index] as number;
    const drawn = bar(count / most, barWidth);
    return `  ${label.padStart(labelWidth)} ${drawn.padEnd(barWidth)} ${percent(count / total).padStart(7)}`;
  });
}

function rangeNames(edges: readonly number[]): string[] {
  return [...edges.map((edge) => `≤ ${short(edge)}`), `> ${short(edges.at(-1) ?? 0)}`];
}

function timeLines({ hours, days, leftOut, byHour }: FeatureReference): string[] {
  if (hours.length + days.length === 0) return ["  no times: scores, but no p-values"];
  const left = leftOut.hours > 0 ? `, ${whole(leftOut.hours)} earlier hours and ${whole(leftOut.days)} days are not listed` : "";
  const [ofHours, ofDays] = [hours, days].map((panes) => dispersionIndex(panes.map(({ counts }) => counts)));
  return [
    `  ${whole(hours.length)} hours, ${whole(days.length)} days${left}; by hour of the day: ${byHour === null ? "no" : "yes"}`,
    `  differ by hours ${times(ofHours)}, by days ${times(ofDays)} as much as independent values would`,
  ];
}

function segmentLines({ segments }: FeatureReference): string[] {
  return [...segments].map(([name, { kinds }]) => {
    return `  segment ${shownText(name, longestName)}: ${whole(kinds.reduce((sum, count) => sum + count, 0))} values`;
  });
}

const times = (value = Number.NaN): string => (Number.isNaN(value) ? "unknown" : `${short(value)} times`);
const percent = (share: number): string => `${(100 * share).toFixed(share > 0 && share < 0.001 ? 3 : 1)} %`;
const whole = (value: number): string => value.toLocaleString("en-US");
const short = (value: number): string => String(Number(value.toPrecision(digits)));
const time = (millis: number): string => new Date(millis).toISOString().replace(/\.\d+Z$/, "Z");
