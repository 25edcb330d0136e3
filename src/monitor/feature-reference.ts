// The reference of one feature that was learned from the stream: made from what was learned, written down and read again.

import { BinCounts } from "../primitive/bin-counts.ts";
import { binsIn } from "../primitive/bins.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { categoryBins } from "../primitive/categories.ts";
import { CategoryCounts } from "../primitive/category-counts.ts";
import { compareText } from "../primitive/dictionary.ts";
import { byTime } from "../reference/assemble.ts";
import type { BasePane, Distribution, FeatureReference } from "../reference/reference.ts";
import { BasePanes } from "./base-panes.ts";
import type { FeatureKnowledge } from "./feature-knowledge.ts";
import type { FeatureLearning } from "./feature-learning.ts";
import { binCounts, type ClosedFeature, convertFeature, emptyFeature } from "./feature-pane.ts";
import { decodeFeature, encodeFeature } from "./packed-features.ts";

/** What a learned reference is kept as. */
export interface LearnedReference {
  readonly reference: FeatureReference;
  /** They go on growing when the rest is frozen. */
  readonly panes: BasePanes;
}

/** The reference of a feature whose type and bins are known, from all that was learned of it. */
export function learnedReference(
  feature: FeatureKnowledge,
  learning: FeatureLearning,
  whole: ClosedFeature,
  textLimit: number,
): LearnedReference {
  for (const part of [whole, ...learning.segments.values()]) convertFeature(part, feature);
  const bins = featureBins(feature);
  const panes = new BasePanes(bins);
  const hours: BasePane[] = [];
  for (const { startMillis, part } of learning.hours(feature.bins, textLimit)) {
    convertFeature(part, feature);
    const counts = new Float64Array(bins);
    counts.set(binCounts(part));
    panes.add(startMillis, part.kinds, counts);
    hours.push({ startMillis, kinds: Float64Array.from(part.kinds), counts });
  }
  const { byHour } = byTime(hours);
  return { reference: assembled(feature, whole, byHour, panes, learning.segments), panes };
}

/** How many bins there are; 0 where none are known. */
export function featureBins({ bins, categories }: Pick<FeatureKnowledge, "bins" | "categories">): number {
  if (bins !== null) return binsIn(bins);
  return categories === null ? 0 : categoryBins(categories).length;
}

function assembled(
  feature: FeatureKnowledge,
  all: ClosedFeature,
  byHour: readonly Float64Array[] | null,
  panes: BasePanes,
  segments: ReadonlyMap<string, ClosedFeature>,
): FeatureReference {
  const { name, numbersAsTexts, bins, categories } = feature;
  const type = feature.type === "numeric" ? "numeric" : "categorical";
  return panes.growingIn({
    name,
    type,
    numbersAsTexts,
    bins,
    categories,
    all: distributionOf(all),
    byHour,
    hours: [],
    days: [],
    leftOut: { hours: 0, days: 0 },
    segments: new Map([...segments].map(([segment, part]) => [segment, distributionOf(part)])),
  });
}

/** What a closed pane holds of a feature whose bins are known. */
export function distributionOf(closed: ClosedFeature): Distribution {
  return { kinds: Float64Array.from(closed.kinds), targets: closed.targets, ...countedOf(closed) };
}

/** Its counts by bin. */
export function countedOf({ numbers, texts }: ClosedFeature): Pick<Distribution, "numbers" | "texts"> {
  return {
    numbers: numbers instanceof BinCounts ? numbers : null,
    texts: texts instanceof CategoryCounts ? texts : null,
  };
}

function closedOf(distribution: Distribution): ClosedFeature {
  return { ...emptyFeature(), ...distribution, kinds: [...distribution.kinds] };
}

export function encodeLearned({ reference, panes }: LearnedReference, writer: Writer): void {
  encodeFeature(closedOf(reference.all), writer);
  writeAll(writer, reference.byHour ?? [], (counts) => writer.floats(counts));
  panes.encode(writer);
  const segments = [...reference.segments].sort(([a], [b]) => compareText(a, b));
  writeAll(writer, segments, ([segment, part]) => {
    writer.text(segment);
    encodeFeature(closedOf(part), writer);
  });
}

/** @param feature with the bins that the encoded reference has */
export function decodeLearned(reader: Reader, feature: FeatureKnowledge, textLimit: number): LearnedReference {
  const all = decodeFeature(reader, feature.bins, textLimit);
  const byHour = readAll(reader, () => reader.floats());
  const panes = BasePanes.decode(reader, featureBins(feature));
  const segments = new Map(readAll(reader, () => [reader.text(), decodeFeature(reader, feature.bins, textLimit)] as const));
  return { reference: assembled(feature, all, byHour.length > 0 ? byHour : null, panes, segments), panes };
}
