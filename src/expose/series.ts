// A series with everything rendered that does not change from scrape to scrape. Holds no value.
import { checkFamily } from "./family.ts";
import { shownLabelValue } from "./label-value.ts";
import { boundText } from "./number-text.ts";
import type { Family, HistogramPrefixes, Series } from "./sample.ts";

/**
 * @param labelValues one for each of the family's labels; any text: see `shownLabelValue` for how odd ones are shown
 * @throws where family and label values do not fit: a programming mistake
 */
export function createSeries(family: Family, labelValues: readonly string[]): Series {
  checkFamily(family);
  if (labelValues.length !== family.labels.length) {
    throw new Error(`${family.name} has ${family.labels.length} labels, not ${labelValues.length}`);
  }
  return new RenderedSeries(family, labelValues.map(shownLabelValue));
}

class RenderedSeries implements Series {
  readonly family: Family;
  readonly labelValues: readonly string[];
  readonly prefix: string;
  private bounds: ArrayLike<number> | undefined;
  private prefixes: HistogramPrefixes | undefined;

  constructor(family: Family, labelValues: readonly string[]) {
    this.family = family;
    this.labelValues = labelValues;
    this.prefix = linePrefix(family.name, labelPairs(family.labels, labelValues));
  }

  histogramPrefixes(bounds: ArrayLike<number>): HistogramPrefixes {
    if (this.prefixes === undefined || this.bounds !== bounds) {
      this.prefixes = histogramPrefixes(this.family, this.labelValues, bounds);
      this.bounds = bounds;
    }
    return this.prefixes;
  }
}

function histogramPrefixes(family: Family, labelValues: readonly string[], bounds: ArrayLike<number>): HistogramPrefixes {
  if (family.type !== "histogram") throw new Error(`${family.name} is a ${family.type}, not a histogram`);
  const pairs = labelPairs(family.labels, labelValues);
  return {
    buckets: boundTexts(bounds).map((bound) => linePrefix(`${family.name}_bucket`, [...pairs, `le="${bound}"`])),
    sum: linePrefix(`${family.name}_sum`, pairs),
    count: linePrefix(`${family.name}_count`, pairs),
  };
}

/** Bounds are shared by many series; their texts too. */
const knownBoundTexts = new WeakMap<ArrayLike<number>, readonly string[]>();

function boundTexts(bounds: ArrayLike<number>): readonly string[] {
  const known = knownBoundTexts.get(bounds);
  if (known !== undefined) return known;
  const values = Array.from(bounds);
  if (!values.every((bound, index) => Number.isFinite(bound) && (index === 0 || bound > (values[index - 1] ?? bound)))) {
    throw new Error(`bounds of a histogram have to be finite and ascending: ${values.join(", ")}`);
  }
  const texts = [...values.map(boundText), "+Inf"];
  knownBoundTexts.set(bounds, texts);
  return texts;
}

function labelPairs(names: readonly string[], values: readonly string[]): string[] {
  return names.map((name, index) => `${name}="${escaped(values[index] ?? "")}"`);
}

/** Joined, not added up: a string made by join is flat, one made by + keeps its parts alive. */
function linePrefix(name: string, pairs: readonly string[]): string {
  return pairs.length === 0 ? `${name} ` : [name, "{", pairs.join(","), "} "].join("");
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}
