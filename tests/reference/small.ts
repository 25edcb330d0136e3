// A small reference that can be read at a glance.
import { kind, kindCount } from "../../src/event/value.ts";
import { BinCounts } from "../../src/primitive/bin-counts.ts";
import { numericBins } from "../../src/primitive/bins.ts";
import { CategoryCounts } from "../../src/primitive/category-counts.ts";
import { Dictionary } from "../../src/primitive/dictionary.ts";
import { NumberSketch } from "../../src/primitive/sketch.ts";
import { TargetSum } from "../../src/primitive/target.ts";
import { assembleFeature, assembleReference } from "../../src/reference/assemble.ts";
import type { BasePane, Distribution } from "../../src/reference/reference.ts";

const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;

function kinds(of: Partial<Record<keyof typeof kind, number>>): Float64Array {
  const counts = new Float64Array(kindCount);
  for (const [name, count] of Object.entries(of)) counts[kind[name as keyof typeof kind]] = count;
  return counts;
}

/** Of an event with a score of 0.25. */
const target = new TargetSum();
target.set(0.25, 1);
/** Of all seven events. */
const targets = new TargetSum();
for (let event = 0; event < 7; event++) targets.add(target);

const bins = numericBins([10], true);
const sketch = new NumberSketch("cut");
for (const value of [3, 8]) sketch.add(value, 1, target, 0);
for (const value of [11, 12, 20]) sketch.add(value, 1, target, 1);
const all: Distribution = {
  kinds: kinds({ number: 5, absent: 1, null: 1 }),
  targets,
  numbers: BinCounts.from(sketch, bins),
  texts: null,
};
const hours: BasePane[] = [
  { startMillis: start, kinds: kinds({ number: 3, absent: 1 }), counts: Float64Array.of(1, 2) },
  { startMillis: start + hour, kinds: kinds({ number: 2, null: 1 }), counts: Float64Array.of(1, 1) },
];
const amount = assembleFeature(
  { name: "amount", type: "numeric", numbersAsTexts: false, bins, categories: null, all, segments: new Map() },
  hours,
);

const categories = { names: ["DE", "FR"], others: new Set<string>(), open: false };
const dictionary = new Dictionary(10);
for (const text of ["DE", "DE", "DE", "DE", "FR", "FR", "FR"]) dictionary.add(text, 1, target);
const country = assembleFeature(
  {
    name: "country",
    type: "categorical",
    numbersAsTexts: false,
    bins: null,
    categories,
    all: { kinds: kinds({ string: 7 }), targets, numbers: null, texts: CategoryCounts.from(dictionary, categories) },
    segments: new Map(),
  },
  [],
);

export const small = assembleReference("fraud", null, [country, amount], {
  kind: "file",
  source: ["fraud.csv"],
  fromMillis: start,
  toMillis: start + 2 * hour,
  rows: 7,
  madeMillis: start + 24 * hour,
  madeBy: "0.1.0",
  history: [],
});
