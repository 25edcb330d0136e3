// Counts by bin of one feature in one window, for people: by its frozen bins or, while they are being learned, by bins
// chosen from the window itself in the same way.
import type { BinView } from "../expose/model-view.ts";
import type { FeatureKnowledge } from "../monitor/feature-knowledge.ts";
import { binCounts, type ClosedFeature } from "../monitor/feature-pane.ts";
import { BinCounts } from "../primitive/bin-counts.ts";
import { type Categories, categoryBins } from "../primitive/categories.ts";
import { CategoryCounts } from "../primitive/category-counts.ts";
import { Dictionary } from "../primitive/dictionary.ts";
import { NumberSketch } from "../primitive/sketch.ts";
import { learnedBins, learnedCategories } from "../reference/learning.ts";

/** Empty where nothing is known yet. */
export function shownBins(feature: FeatureKnowledge, part: ClosedFeature): BinView[] {
  if (feature.bins !== null || feature.categories !== null) return binViews(feature, binCounts(part));
  if (feature.type === "numeric") return part.numbers instanceof NumberSketch ? ofSketch(part.numbers) : [];
  return part.texts instanceof Dictionary ? ofDictionary(part.texts) : [];
}

/** The frozen bins with these counts; empty until they are frozen. */
export function binViews({ bins, categories }: FeatureKnowledge, counts: ArrayLike<number>): BinView[] {
  if (bins !== null) return ofNumbers(bins.edges, counts);
  return categories === null ? [] : ofCategories(categories, counts);
}

function ofNumbers(edges: readonly number[], counts: ArrayLike<number>): BinView[] {
  return Array.from({ length: edges.length + 1 }, (_, index) => {
    const upper = edges[index] ?? null;
    const name = upper === null ? "+Inf" : String(upper);
    return { name, lower: edges[index - 1] ?? null, upper, count: counts[index] ?? 0, reference: null };
  });
}

function ofSketch(sketch: NumberSketch): BinView[] {
  if (sketch.cells === 0) return [];
  const bins = learnedBins(sketch);
  return ofNumbers(bins.edges, BinCounts.from(sketch, bins).counts);
}

function ofCategories(categories: Categories, counts: ArrayLike<number>): BinView[] {
  return categoryBins(categories).map((name, index) => ({
    name,
    lower: null,
    upper: null,
    count: counts[index] ?? 0,
    reference: null,
  }));
}

function ofDictionary(dictionary: Dictionary): BinView[] {
  const categories = learnedCategories(dictionary);
  return ofCategories(categories, CategoryCounts.from(dictionary, categories).counts);
}
