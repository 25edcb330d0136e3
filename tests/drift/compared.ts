// A reference that was learned from a stream, and what is said of other events that are compared with it.
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import type { FeatureMemory } from "../../src/monitor/feature-memory.ts";
import type { ClosedFeatures } from "../../src/monitor/feature-pane.ts";
import type { FeatureTotals } from "../../src/monitor/feature-totals.ts";
import { features } from "../../src/monitor/features.ts";
import type { Row, WindowOf } from "../../src/monitor/monitor.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { assembleReference } from "../../src/reference/assemble.ts";
import type { FeatureReference, Reference } from "../../src/reference/reference.ts";
import { Fold } from "../../src/state/fold.ts";
import type { ModelState } from "../../src/state/model-state.ts";
import type { VersionState } from "../../src/state/version-state.ts";
import { windowAt, windowOf } from "../../src/state/window-of.ts";
import { applyLines } from "../state/lines.ts";

export const minute = 60_000;
export const hour = 60 * minute;
export const start = Date.parse("2026-03-02T00:00:00Z");

export type Event = Readonly<Record<string, unknown>>;

export function foldOf(text: string, references: ReadonlyMap<string, Reference> = new Map()): Fold {
  return new Fold(foldSettings(parseConfig(`source: {file: {paths: [none]}}\n${text}`, "test"), references));
}

/** Folds predictions of model m; each has its time in minutes after the start. */
export function folded(fold: Fold, events: readonly (readonly [minutes: number, event: Event])[]): Fold {
  const lines = events.map(([minutes, event]) => {
    return JSON.stringify({ type: "prediction", model: "m", version: "1", time: start + minutes * minute, ...event });
  });
  // So late that the log itself never closes anything.
  applyLines(fold, fold.log("t", 0, 365 * 24 * hour), decoderFor("native"), lines);
  return fold;
}

export function closedAt(fold: Fold, minutes: number): Fold {
  fold.closeThrough(start + minutes * minute);
  return fold;
}

export function modelOf(fold: Fold): ModelState {
  return fold.models.get("m") as ModelState;
}

export function memoryOf(fold: Fold): FeatureMemory {
  return modelOf(fold).memories[0] as FeatureMemory;
}

/** What the fold has learned, as a reference of its own. */
export function learned(fold: Fold): Reference {
  const known = [...memoryOf(fold).features.values()].map(({ reference }) => reference as FeatureReference);
  const times = { fromMillis: start, toMillis: fold.frontierMillis, madeMillis: start };
  const provenance = { kind: "learned" as const, source: [], ...times, rows: 0, madeBy: "test", history: [] };
  return assembleReference("m", null, known, provenance);
}

export function windowIn(
  fold: Fold,
  length: number,
  of: { version?: string; segment?: string } = {},
): WindowOf<ClosedFeatures, FeatureTotals> {
  const { version = "1", segment = "" } = of;
  const model = modelOf(fold);
  const state = model.versions.get(version) as VersionState;
  const segmentState = state.segments.get(segment);
  if (segmentState === undefined) throw new Error(`no segment ${segment}`);
  return windowOf(windowAt(model, state, segmentState, segment, length, fold.frontierMillis), 0) as WindowOf<
    ClosedFeatures,
    FeatureTotals
  >;
}

/** Scores and p-values by feature and name. */
export function said(window: WindowOf<ClosedFeatures, FeatureTotals>, memory: FeatureMemory): Map<string, number> {
  const rows: Row[] = [...features.rows(window, memory)];
  return new Map(
    rows.flatMap((row) => {
      if ("method" in row) return [[`${row.feature} ${row.method}`, row.value] as const];
      return "test" in row ? [[`${row.feature} ${row.test}`, row.value] as const] : [];
    }),
  );
}
