// A reference from the panes of a running model, by the last snapshot: what is running becomes the new normal. The bins
// stay those in force, so that what was scored before and after can be compared. Reads the state only.
import { kind, kindCount } from "../../event/value.ts";
import type { ClosedFeature, ClosedFeatures } from "../../monitor/feature-pane.ts";
import { distributionOf, featureBins } from "../../monitor/feature-reference.ts";
import { features as featureMonitor } from "../../monitor/features.ts";
import type { Ripeness } from "../../performance/labelled-pair.ts";
import { assembleReference, byTime } from "../../reference/assemble.ts";
import type { BasePane, FeatureReference, Provenance, Reference } from "../../reference/reference.ts";
import type { Fold } from "../../state/fold.ts";
import type { ModelState } from "../../state/model-state.ts";
import type { SegmentState, VersionState } from "../../state/version-state.ts";
import type { PaneLadder } from "../../window/ladder.ts";
import { dayMillis, windowEnd } from "../../window/resolution.ts";
import { featureMemoryOf, featuresIndex } from "../of-features.ts";
import { performanceOfSpan } from "./accepted-performance.ts";
import { type Piece as PieceOf, piecesOf, type Span } from "./pieces.ts";

export interface AcceptOptions {
  readonly model: string;
  /** Null: all of them. */
  readonly version: string | null;
  readonly windowMillis: number;
  readonly provenance: Omit<Provenance, "fromMillis" | "toMillis" | "rows">;
}

/** Of models without outcomes no window ripens. */
const unlabelled: Ripeness = { mature: 1, ripeMillis: 0 };

/** @throws in words where the state has no such model or window, or its bins are not learned yet */
export function acceptedReference(fold: Fold, options: AcceptOptions): Reference {
  const model = fold.models.get(options.model);
  if (model === undefined) throw new Error(`the state has no model ${JSON.stringify(options.model)}`);
  if (fold.registry.begunAnew.includes(options.model)) {
    throw new Error(`the settings of ${options.model} are others than those of the state: it has to be saved under these first`);
  }
  if (Number.isNaN(fold.frontierMillis)) throw new Error("no minute of the state is over yet: there are no windows");
  const versions = versionsOf(model, options.version);
  const states = versions.map(({ segments }) => segments);
  const toMillis = windowEnd(fold.frontierMillis, options.windowMillis);
  const span = { fromMillis: toMillis - options.windowMillis, toMillis };
  const pieces = piecesOf(laddersOf(states, ""), span);
  const all = merged(
    pieces.map(({ pane }) => pane),
    model,
  );
  if (all.events === 0) throw new Error(`model ${options.model} has no predictions in that window`);
  const segments = segmentsOf(states, model, span);
  const features = [...all.features].flatMap(([name, whole]) => featureOf(name, whole, model, pieces, segments));
  if (features.length === 0) throw new Error(`the bins of ${options.model} are not learned yet`);
  const starts = pieces.map(({ startMillis }) => startMillis);
  const ends = pieces.map(({ startMillis, paneMillis }) => startMillis + paneMillis);
  const provenance = {
    ...options.provenance,
    fromMillis: Math.min(...starts),
    toMillis: Math.max(...ends),
    rows: all.events,
  };
  const performance = performanceOfSpan(versions, fold.frontierMillis, span, model.settings.performance ?? unlabelled);
  return assembleReference(options.model, options.version, features, provenance, performance);
}

type Piece = PieceOf<ClosedFeatures>;
type Ladder = PaneLadder<ClosedFeatures>;

function versionsOf(model: ModelState, version: string | null): VersionState[] {
  if (version === null) return [...model.versions.values()];
  const found = model.versions.get(version);
  if (found === undefined)
    throw new Error(`the state has no version ${JSON.stringify(version)}: ${[...model.versions.keys()].join(", ")}`);
  return [found];
}

function laddersOf(states: readonly ReadonlyMap<string, SegmentState>[], segment: string): Ladder[] {
  return states.flatMap((segments) => {
    const ladder = segments.get(segment)?.ladders[featuresIndex];
    return ladder === undefined ? [] : [ladder as Ladder];
  });
}

function merged(panes: readonly ClosedFeatures[], model: ModelState): ClosedFeatures {
  const monoid = featureMonitor.monoid(featureMemoryOf(model));
  const sum = monoid.zero();
  for (const pane of panes) monoid.merge(sum, pane);
  return sum;
}

function segmentsOf(
  states: readonly ReadonlyMap<string, SegmentState>[],
  model: ModelState,
  span: Span,
): Map<string, ClosedFeatures> {
  const names = new Set(states.flatMap((one) => [...one.keys()]).filter((name) => name !== ""));
  return new Map(
    [...names].map((name) => {
      const panes = piecesOf(laddersOf(states, name), span).map(({ pane }) => pane);
      return [name, merged(panes, model)];
    }),
  );
}

/** Nothing where the feature has no bins. */
function featureOf(
  name: string,
  whole: ClosedFeature,
  model: ModelState,
  pieces: readonly Piece[],
  segments: ReadonlyMap<string, ClosedFeatures>,
): FeatureReference[] {
  const { type, numbersAsTexts, bins, categories } = featureMemoryOf(model).of(name);
  const length = featureBins({ bins, categories });
  if (type === "undecided" || length === 0) return [];
  const panesOf = (isDay: boolean): BasePane[] => {
    const those = pieces.filter(({ paneMillis }) => (paneMillis === dayMillis) === isDay);
    return those.map((piece) => basePane(piece, name, length));
  };
  const parts = [...segments].flatMap(([segment, { features }]) => {
    const part = features.get(name);
    return part === undefined ? [] : [[segment, distributionOf(part)] as const];
  });
  const frozen = { name, type, numbersAsTexts, bins, categories, all: distributionOf(whole), segments: new Map(parts) };
  return [{ ...frozen, ...byTime(panesOf(false), panesOf(true)) }];
}

function basePane({ startMillis, pane }: Piece, name: string, length: number): BasePane {
  const part = pane.features.get(name);
  if (part === undefined) return { startMillis, kinds: absentKinds(pane.events), counts: new Float64Array(length) };
  const { kinds, numbers, texts } = distributionOf(part);
  return { startMillis, kinds, counts: numbers?.counts ?? texts?.counts ?? new Float64Array(length) };
}

/** Every event of a pane that does not have the feature at all. */
function absentKinds(events: number): Float64Array {
  const kinds = new Float64Array(kindCount);
  kinds[kind.absent] = events;
  return kinds;
}
