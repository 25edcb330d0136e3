// How types and bins follow from values, wherever these come from: of a stream and of a file of the same values the same.
import type { NumericBins } from "../primitive/bins.ts";
import { type Categories, chooseCategories } from "../primitive/categories.ts";
import { chooseBins } from "../primitive/choose-bins.ts";
import type { Dictionary } from "../primitive/dictionary.ts";
import type { NumberSketch } from "../primitive/sketch.ts";

/** Values that settle a feature's type. */
export const typeSettlesAt = 100;
/** Values without which no bins are chosen, however long it takes: below it a 1 % tail holds two values. */
export const learnsAt = 200;
/** Bins of a learned numeric feature, before the tails; categories of a learned dictionary. */
export const quantileBins = 20;
const mostCategories = 30;
/** Whole numbers that a prediction may take and still be a class rather than a quantity. */
const mostClasses = 30;

export type FeatureType = "undecided" | "numeric" | "categorical";

/** What is said of a feature before its values come. */
export interface ConfiguredFeature {
  readonly type?: "numeric" | "categorical" | undefined;
  readonly range?: readonly [low: number, high: number] | undefined;
  readonly edges?: readonly number[] | undefined;
  readonly categories?: readonly string[] | undefined;
  readonly otherCategories?: readonly string[] | undefined;
}

/** A type, and whether numbers are counted as texts. */
export interface Typed<Type extends FeatureType = FeatureType> {
  readonly type: Type;
  readonly numbersAsTexts: boolean;
}

/** The type before any value came. Scores are numeric; a prediction may turn out to be a class. */
export function typeFirst(name: string, said: ConfiguredFeature): Typed {
  const type = said.type ?? (said.edges ? "numeric" : said.categories ? "categorical" : "undecided");
  const numbersAsTexts = type === "categorical" || (type === "undecided" && name === "$prediction");
  return { type: name.startsWith("$score") ? "numeric" : type, numbersAsTexts };
}

/** How much was seen of a feature whose type is undecided. */
export interface Seen {
  readonly numbersSeen: number;
  readonly textsSeen: number;
  readonly numbersAsTexts: boolean;
}

/** The type that follows from values. @param texts all texts; whole numbers of a prediction are among them */
export function typeSettled(seen: Seen, texts: readonly Dictionary[]): Typed<"numeric" | "categorical"> {
  const numeric = seen.numbersSeen > seen.textsSeen;
  const classes = seen.numbersAsTexts && fewWholeNumbers(texts);
  const type = numeric && !classes ? "numeric" : "categorical";
  return { type, numbersAsTexts: seen.numbersAsTexts && type === "categorical" };
}

function fewWholeNumbers(dictionaries: readonly Dictionary[]): boolean {
  const texts = new Set(dictionaries.flatMap((dictionary) => [...dictionary.entries()].map(([text]) => text)));
  return texts.size <= mostClasses && [...texts].every((text) => Number.isInteger(Number(text)));
}

export function learnedBins(sketch: NumberSketch): NumericBins {
  return chooseBins(sketch, quantileBins);
}

export function learnedCategories(texts: Dictionary): Categories {
  return chooseCategories(texts, mostCategories);
}
