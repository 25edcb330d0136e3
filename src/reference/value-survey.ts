// The first look at a feature's values: what they are, to choose its type and its bins by. In bounded memory.
import type { Frame } from "../event/frame.ts";
import { kind, kindCount } from "../event/value.ts";
import { binOf, numericBins } from "../primitive/bins.ts";
import { sliceBits } from "../primitive/bucket.ts";
import type { Categories } from "../primitive/categories.ts";
import { categoryText } from "../primitive/category-text.ts";
import { chooseParts } from "../primitive/choose-bins.ts";
import { Dictionary } from "../primitive/dictionary.ts";
import { NumberSketch } from "../primitive/sketch.ts";
import type { Resolution } from "../primitive/sketch-cell.ts";
import type { TargetSum } from "../primitive/target.ts";
import {
  type ConfiguredFeature,
  learnedBins,
  learnedCategories,
  learnsAt,
  type Typed,
  typeFirst,
  typeSettled,
} from "./learning.ts";
import type { FeatureReference } from "./reference.ts";

/** Distinct texts of one feature that are told apart while its values are looked at. Beyond it, those that came first. */
const mostTexts = 50_000;

/** What a feature's counts will be made of: its type and bins do not change any more. */
export type Frozen = Pick<FeatureReference, "name" | "type" | "numbersAsTexts" | "bins" | "categories">;

export class ValueSurvey {
  readonly name: string;
  /** Of the values that are in bins; null where there are none. */
  numbers: NumberSketch | null = null;
  readonly #range: readonly [low: number, high: number] | undefined;
  readonly #typed: Typed;
  /** The bins, where they were known before; then values are cut at their edges if these are given. */
  readonly #known: Frozen | null;
  readonly #edges: readonly number[] | null;
  /** Its edges are configured: their parts are chosen by the values. */
  readonly #lacksParts: boolean;
  readonly #texts: Dictionary | null;
  readonly #kinds = new Float64Array(kindCount);

  /** @param like the feature of another reference, whose bins it takes */
  constructor(name: string, said: ConfiguredFeature, like: Frozen | null) {
    this.name = name;
    this.#range = said.range;
    this.#known = like === null ? configuredBins(name, said) : binsOnly(like);
    this.#typed = this.#known ?? typeFirst(name, said);
    const bins = this.#known?.bins ?? null;
    this.#lacksParts = like === null && bins !== null;
    this.#edges = bins?.given === true && !this.#lacksParts ? bins.parts : null;
    this.#texts = this.#known === null && this.#typed.type !== "numeric" ? new Dictionary(mostTexts) : null;
  }

  /** Adds the value that a frame has at a slot. @param target of the frame's event */
  add(frame: Frame, slot: number, target: Readonly<TargetSum>): void {
    const valueKind = frame.kinds[slot] as number;
    if (valueKind === kind.number) this.#addNumber(frame.numbers[slot] as number, frame.weight, target);
    else {
      increment(this.#kinds, valueKind);
      const textual = valueKind === kind.string || valueKind === kind.boolean;
      if (textual && this.#texts !== null) addText(this.#texts, frame.texts[slot] as string, frame.weight);
    }
  }

  #addNumber(value: number, weight: number, target: Readonly<TargetSum>): void {
    if (this.#range !== undefined && isOutside(value, this.#range)) {
      increment(this.#kinds, kind.outOfRange);
      return;
    }
    increment(this.#kinds, kind.number);
    if (this.#typed.type !== "categorical") {
      const edges = this.#edges;
      this.numbers ??= new NumberSketch(this.#resolution);
      this.numbers.add(value, weight, target, edges === null ? 0 : binOf(edges, value));
    }
    if (this.#typed.numbersAsTexts) this.#texts?.add(String(value), weight);
  }

  /** Values that were in no cell of the sketch, or told apart from no other text. */
  get turnedAway(): number {
    return (this.numbers?.overflow ?? 0) + (this.#texts?.overflow ?? 0);
  }

  /**
   * The type and bins that follow; where there are none, why.
   * @param textLimit distinct texts that are remembered by the dictionary
   */
  freeze(textLimit: number): Frozen | string {
    if (this.#known !== null) return this.#withParts(this.#known);
    const { name } = this;
    const typed = this.#settle();
    if (typed.type === "numeric") {
      const count = this.numbers?.count() ?? 0;
      if (this.numbers === null || count < learnsAt) return `has ${count} numbers; bins need ${learnsAt}`;
      return { name, ...typed, bins: learnedBins(this.numbers), categories: null };
    }
    this.numbers = null;
    const count = this.#texts?.total() ?? 0;
    if (this.#texts === null || count < learnsAt) return `has ${count} texts; a dictionary needs ${learnsAt}`;
    return { name, ...typed, bins: null, categories: learnedCategories(commonest(this.#texts, textLimit)) };
  }

  /** How finely the numbers have to be told apart: bins of another reference are boundaries of buckets, or given. */
  get #resolution(): Resolution {
    if (this.#edges !== null) return "cut";
    return this.#known === null || this.#lacksParts ? sliceBits : 0;
  }

  /** The first look's numbers can be counted in what was chosen by them, but not in parts of edges that lie anywhere. */
  #withParts(known: Frozen): Frozen {
    const { bins } = known;
    if (!this.#lacksParts || bins === null || this.numbers === null) return known;
    const parts = chooseParts(this.numbers, bins.edges);
    this.numbers = null;
    return { ...known, bins: numericBins(bins.edges, true, bins.reach, parts) };
  }

  #settle(): Typed<"numeric" | "categorical"> {
    const { type, numbersAsTexts } = this.#typed;
    if (type !== "undecided") return { type, numbersAsTexts };
    const counts = this.#kinds;
    return typeSettled(
      {
        numbersSeen: counts[kind.number] as number,
        textsSeen: (counts[kind.string] as number) + (counts[kind.boolean] as number),
        numbersAsTexts,
      },
      this.#texts === null ? [] : [this.#texts],
    );
  }
}

/** Of a whole reference nothing else is kept. */
function binsOnly({ name, type, numbersAsTexts, bins, categories }: Frozen): Frozen {
  return { name, type, numbersAsTexts, bins, categories };
}

function configuredBins(name: string, said: ConfiguredFeature): Frozen | null {
  const { type, numbersAsTexts } = typeFirst(name, said);
  const { edges, categories, otherCategories } = said;
  if (type === "numeric" && edges !== undefined) {
    return { name, type, numbersAsTexts, bins: numericBins(edges, true), categories: null };
  }
  if (type !== "categorical" || categories === undefined) return null;
  const dictionary: Categories = { names: categories, others: new Set(otherCategories ?? []), open: false };
  return { name, type, numbersAsTexts, bins: null, categories: dictionary };
}

/** As many of the commonest texts as a stream's dictionary would remember; the rest is in its overflow. */
function commonest(texts: Dictionary, limit: number): Dictionary {
  const kept = new Dictionary(limit);
  kept.merge(texts);
  return kept;
}

function addText(texts: Dictionary, value: string, weight: number): void {
  const text = categoryText(value);
  // A new one is copied: it may be a part of a long text, which would be kept alive by it.
  texts.add(texts.count(text) > 0 ? text : Buffer.from(text, "utf8").toString("utf8"), weight);
}

export function isOutside(value: number, [low, high]: readonly [low: number, high: number]): boolean {
  return value < low || value > high;
}

export function increment(counts: Float64Array, at: number, by = 1): void {
  counts[at] = (counts[at] as number) + by;
}
