// References of any content, for properties.
import fc from "fast-check";
import { kindCount } from "../../src/event/value.ts";
import { BinCounts } from "../../src/primitive/bin-counts.ts";
import { binOf, numericBins } from "../../src/primitive/bins.ts";
import { chooseCategories } from "../../src/primitive/categories.ts";
import { CategoryCounts } from "../../src/primitive/category-counts.ts";
import { Dictionary } from "../../src/primitive/dictionary.ts";
import { NumberSketch } from "../../src/primitive/sketch.ts";
import { TargetSum } from "../../src/primitive/target.ts";
import { quantisedWeight } from "../../src/primitive/weight.ts";
import { assembleFeature, assembleReference } from "../../src/reference/assemble.ts";
import type { BasePane, FeatureReference, Provenance, Reference } from "../../src/reference/reference.ts";

const day = 86_400_000;
const base = Date.UTC(2026, 0, 1);

const counts = (length: number) =>
  fc.array(fc.nat(1_000_000), { minLength: length, maxLength: length }).map((all) => Float64Array.from(all));
export const kinds = counts(kindCount);
const name = fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 12 });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 }).map((value) => value + 0);

/** What an event counts for, and its target; NaN: none. */
const weight = fc.double({ noNaN: true, min: 0.01, max: 1000 }).map(quantisedWeight);
const target = fc.tuple(weight, fc.option(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { nil: Number.NaN })).map(of);
const targets = fc.array(target, { maxLength: 5 }).map((all) => {
  const sum = new TargetSum();
  for (const one of all) sum.add(one);
  return sum;
});

function of([weight, value]: readonly [weight: number, value: number]): TargetSum {
  const target = new TargetSum();
  target.set(value, weight);
  return target;
}

/** Hours of a few days, in any order, some of them several times. */
export const hoursOf = (bins: number): fc.Arbitrary<BasePane[]> =>
  fc.array(fc.record({ startMillis: fc.nat(24 * 6).map((hour) => base + (hour * day) / 24), kinds, counts: counts(bins) }), {
    maxLength: 30,
  });

const numeric: fc.Arbitrary<FeatureReference> = fc
  .record({
    name,
    edges: fc.uniqueArray(finite, { minLength: 1, maxLength: 6 }).map((all) => all.sort((a, b) => a - b)),
    values: fc.array(fc.tuple(finite, weight, target), { maxLength: 20 }),
    given: fc.boolean(),
    kinds,
    targets,
  })
  .chain((made) => hoursOf(made.edges.length + 1).map((hours) => ({ ...made, hours })))
  .map(({ name, edges, values, given, kinds, targets, hours }) => {
    const bins = numericBins(edges, given);
    const sketch = new NumberSketch("cut");
    for (const [value, weight, target] of values) sketch.add(value, weight, target, binOf(edges, value));
    const numbers = values.length === 0 ? null : BinCounts.from(sketch, { ...bins, given: true });
    const all = { kinds, targets, numbers, texts: null };
    const whole = { name, type: "numeric", numbersAsTexts: false, bins, categories: null, all, segments: new Map() } as const;
    return assembleFeature(whole, hours);
  });

const categorical: fc.Arbitrary<FeatureReference> = fc
  .record({
    name,
    texts: fc.array(fc.tuple(fc.string({ unit: "grapheme", maxLength: 5 }), weight, target), { maxLength: 40 }),
    kinds,
    targets,
  })
  .chain((made) => {
    const dictionary = new Dictionary(8);
    for (const [text, weight, target] of made.texts) dictionary.add(text, weight, target);
    const categories = chooseCategories(dictionary, 3);
    return hoursOf(categories.names.length + 2).map((hours) => ({ ...made, dictionary, categories, hours }));
  })
  .map(({ name, dictionary, categories, kinds, targets, hours }) => {
    const all = { kinds, targets, numbers: null, texts: CategoryCounts.from(dictionary, categories) };
    const segments = new Map([["channel=web", { kinds, targets, numbers: null, texts: null }]]);
    return assembleFeature({ name, type: "categorical", numbersAsTexts: true, bins: null, categories, all, segments }, hours);
  });

const provenance: fc.Arbitrary<Provenance> = fc.record({
  kind: fc.constantFrom("file", "kafka", "learned", "accepted"),
  source: fc.array(fc.string(), { maxLength: 3 }),
  fromMillis: fc.constantFrom(base, Number.NaN),
  toMillis: fc.constantFrom(base + day, Number.NaN),
  rows: fc.nat(),
  madeMillis: fc.constant(base + 3 * day + 7),
  madeBy: fc.constant("0.1.0"),
  history: fc.array(fc.record({ hash: fc.string(), replacedMillis: fc.constant(base), reason: fc.string() }), { maxLength: 2 }),
});

export const references: fc.Arbitrary<Reference> = fc
  .record({
    model: name,
    version: fc.option(name),
    features: fc.uniqueArray(fc.oneof(numeric, categorical), { selector: (feature) => feature.name, maxLength: 4 }),
    provenance,
  })
  .map(({ model, version, features, provenance }) => assembleReference(model, version, features, provenance));
