// Pairs of a model of several classes: a confusion matrix by name, and every metric that follows.
import { otherName } from "../event/event.ts";
import { compareText } from "../primitive/dictionary.ts";
import type { SumTable } from "../primitive/sum-table.ts";
import { squaredWeight } from "../primitive/weight.ts";
import * as multiclass from "../stats/performance/multiclass.ts";
import type { Layout } from "./layout.ts";
import type { Measured } from "./measured.ts";
import { type PerformancePane, partOf } from "./pane.ts";
import { classPrefix } from "./part-names.ts";

const weightAt = 0;
const squaresAt = 1;

export const classLayout: Layout = { amounts: { count: weightAt, weight_squares: squaresAt }, exact: {}, lists: {} };

/** A cell of the matrix by the names of its row and column. */
export interface MatrixCell {
  readonly label: string;
  readonly prediction: string;
}

export function addClasses(pane: PerformancePane, label: string, prediction: string, weight: number): void {
  const part = partOf(pane, partName({ label, prediction }));
  part.add(weightAt, weight);
  part.add(squaresAt, squaredWeight(weight));
}

function partName({ label, prediction }: MatrixCell): string {
  return classPrefix + JSON.stringify([label, prediction]);
}

export function cellWeight(part: SumTable): number {
  return part.at(weightAt);
}

/** The cells that a pane has. */
export function* matrixCells(pane: PerformancePane): Iterable<readonly [cell: MatrixCell, part: SumTable, name: string]> {
  for (const [name, part] of pane) {
    if (!name.startsWith(classPrefix)) continue;
    const [label, prediction] = JSON.parse(name.slice(classPrefix.length)) as [string, string];
    yield [{ label, prediction }, part, name];
  }
}

/** Puts classes that are not known together, as one that stands for all others. */
export function foldClasses(pane: PerformancePane, known: ReadonlySet<string>): void {
  const nameOf = (name: string): string => (known.has(name) ? name : otherName);
  for (const [{ label, prediction }, part, name] of [...matrixCells(pane)]) {
    const folded = partName({ label: nameOf(label), prediction: nameOf(prediction) });
    if (folded === name) continue;
    pane.delete(name);
    partOf(pane, folded).addAll(part);
  }
}

/** The matrix, and the classes of its rows and columns in their order. */
export function confusionOf(pane: PerformancePane): {
  readonly classes: readonly string[];
  readonly confusion: multiclass.Confusion;
} {
  const cells = [...matrixCells(pane)].filter(([, part]) => part.at(weightAt) !== 0);
  const names = new Set(cells.flatMap(([{ label, prediction }]) => [label, prediction]));
  const classes = [...names].sort(compareText);
  const counts = new Float64Array(classes.length ** 2);
  let weightSquares = 0;
  for (const [{ label, prediction }, part] of cells) {
    counts[classes.indexOf(label) * classes.length + classes.indexOf(prediction)] = part.at(weightAt);
    weightSquares += part.at(squaresAt);
  }
  return { classes, confusion: { counts, weightSquares } };
}

export function* classMetrics(pane: PerformancePane): Iterable<Measured> {
  const { confusion } = confusionOf(pane);
  if (confusion.counts.length === 0) return;
  yield { metric: "accuracy", ...multiclass.multiclassAccuracy(confusion) };
  yield { metric: "balanced_accuracy", ...multiclass.multiclassBalancedAccuracy(confusion) };
  for (const averaging of ["macro", "weighted"] as const) {
    yield { metric: `precision_${averaging}`, ...multiclass.averagedPrecision(confusion, averaging) };
    yield { metric: `recall_${averaging}`, ...multiclass.averagedRecall(confusion, averaging) };
    yield { metric: `f1_${averaging}`, ...multiclass.averagedF1(confusion, averaging) };
  }
}
