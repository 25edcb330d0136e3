// Which cells are simulated, and the results that are kept: a line of JSON a model, so that what was begun can be gone on with.
import { appendFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { mixText } from "../../src/source/simulator/random.ts";
import { hashOf, linesOf, pathOf } from "./kept-lines.ts";
import { kindOf, kinds } from "./kinds.ts";
import { knownFeatures, type ModelPlan, type ModelResult, SimulatedModel } from "./model.ts";

export interface Cell {
  readonly kind: string;
  readonly minEffect: number;
  readonly referenceDays: number;
  /** The product's `min_samples_per_degree`. */
  readonly samplesPerDegree: number;
}

export interface ModelLine extends Cell, ModelResult {
  /** Hash of the code that it was computed with. */
  readonly code: string;
  /** Which of the cell's models; those of one number and kind have the same references. */
  readonly model: number;
  readonly months: number;
}

const seed = 20_261;
export const features = 20;
export const minEffects = [0, 0.02, 0.1] as const;
/** Models a cell, each with references of its own: of shorter references they only show what of the promise is left. */
export const models = { whole: 10, shorter: 2 } as const;

/**
 * Windows of an hour with 1,000 events in 22 bins are tested every minute, as they are with the default of 40. With 50 they would
 * look back to three whole hours.
 */
export const samplesPerDegree = 20;

export const stableCells: readonly Cell[] = kinds.flatMap(({ name }) =>
  minEffects.map((minEffect) => ({ kind: name, minEffect, referenceDays: 84, samplesPerDegree })),
);

/** Kinds whose cells are simulated with shorter references, too. */
const withShorter = ["normal", "autoregressive", "daily"];
export const shorterCells: readonly Cell[] = [28, 7].flatMap((referenceDays) =>
  stableCells.filter(({ kind }) => withShorter.includes(kind)).map((cell) => ({ ...cell, referenceDays })),
);

export function nameOf({ kind, minEffect, referenceDays }: Cell): string {
  return `${kind}/${minEffect}/${referenceDays}d`;
}

const folder = dirname(fileURLToPath(import.meta.url));
const resultsPath = pathOf("calibration.jsonl");

/** Files whose code decides what is simulated; the others only show it. */
const simulating =
  /^(bits|law|minute-pool|shape|regime|streams|kinds|simulated-reference|sliding-counts|screen|looks|feature-looks|fixed-rules|model)\.ts$/;
const product = [
  ["stats", /^(dispersion.*|quadratic-form|rate|beta.*|matched-reference|psi|pearson)\.ts$/],
  ["monitor", /^(alarm-budget|drift-alarm|drift-reference|feature-drift|drift-states)\.ts$/],
] as const;

/** A hash of all code that results depend on, without comments and blanks. */
export function fingerprint(): string {
  const paths = readdirSync(folder)
    .filter((name) => simulating.test(name))
    .map((name) => join(folder, name));
  for (const [area, pattern] of product) {
    const source = join(folder, "../../src", area);
    paths.push(...readdirSync(source).flatMap((name) => (pattern.test(name) ? [join(source, name)] : [])));
  }
  return hashOf(paths.sort());
}

/** Results of this code. */
export function results(): ModelLine[] {
  return linesOf(resultsPath, fingerprint());
}

function planOf(cell: Cell, model: number, months: number): ModelPlan {
  const { kind, referenceDays } = cell;
  return { ...cell, kind: kindOf(kind), features, months, seed: mixText(seed, `${kind} ${referenceDays} ${model}`) };
}

/** Models of several cells of one kind and length of references, which they share. */
export function* simulate(cells: readonly Cell[], model: number, months: number): Iterable<ModelLine> {
  const [first] = cells;
  if (first === undefined) return;
  const known = knownFeatures(planOf(first, model, months));
  for (const cell of cells) {
    const result = new SimulatedModel(planOf(cell, model, months), known).run();
    yield { code: fingerprint(), ...cell, model, months, ...result };
  }
}

export function keep(line: ModelLine): void {
  appendFileSync(resultsPath, `${JSON.stringify(line)}\n`);
}
