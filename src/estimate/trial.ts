// What a model will export, found out by letting it: invented events are folded with the exporter's own code, and what its
// collectors would put on the page is counted. So a new monitor is in the estimate from its first day. Settings are bent so that
// a few minutes of events do for weeks: all that needs many values or a long time is there at once, and nothing alarms.
import type { Event } from "../event/event.ts";
import type { Collector } from "../expose/sample.ts";
import { SeriesLimit } from "../expose/series-limit.ts";
import { learnedPeriod } from "../monitor/reference-summary.ts";
import type { ModelCollectorOptions } from "../pipeline/model-collector.ts";
import { ModelCollector } from "../pipeline/model-collector.ts";
import { featureMemoryOf } from "../pipeline/of-features.ts";
import { performanceMemoryOf } from "../pipeline/of-performance.ts";
import { OutcomeCollector } from "../pipeline/outcome-collector.ts";
import { Windows } from "../pipeline/windows.ts";
import type { FeatureReference, Reference } from "../reference/reference.ts";
import { Fold } from "../state/fold.ts";
import type { FoldModelSettings, FoldSettings } from "../state/settings.ts";
import { dayMillis, hourMillis, minuteMillis } from "../window/resolution.ts";
import type { Assumptions } from "./assumptions.ts";
import { CountingPage, type ShareOf } from "./counting-page.ts";
import { predicted, ranBatch } from "./invented-events.ts";
import { type ModelShape, modelShape } from "./model-shape.ts";

/** Where all windows end, of whatever length: a midnight. */
const endMillis = Date.UTC(2026, 0, 11);
/** The last minutes before it have predictions, of which the first teaches types and bins: that takes 500 values. */
const minutes = 4;
const firstMinute = 600;
/** Predictions of a later minute: so many in all, and so many for each value of an attribute, each class and each horizon. */
const leastOfMinute = 150;
const leastOfValue = 50;
/** Labels before that: of hours enough that it is known how much losses vary, in the first of them enough to learn and judge by. */
const labelledHours = 30;
const labelsOfHour = 2;
const labelsToJudgeBy = 1000;
/** Of lists: requests enough. */
const itemsOfRequests = 600;
const unlimited = Number.MAX_SAFE_INTEGER;
/** Nothing is late: events come in any order. */
const anyTime = 10_000 * dayMillis;

/** @param settings of all models; those of this one decide */
export function tryModel(name: string, settings: FoldSettings, assumptions: Assumptions): CountingPage {
  const own = settings.models.get(name) ?? settings.defaults;
  const events = [...eventsOf(modelShape(name, own, assumptions), own)];
  const bent = bentModel(own);
  const begun = foldOf(name, bent, settings, events);
  const fold = own.reference === null ? foldOf(name, taught(bent, learned(name, begun)), settings, events) : begun;
  const page = new CountingPage(assumptions.versionsOf.get(name) ?? assumptions.versions, shareOf(own));
  for (const collector of collectorsOf(fold)) page.collect(collector);
  return page;
}

function foldOf(name: string, bent: FoldModelSettings, settings: FoldSettings, events: readonly Event[]): Fold {
  const fold = new Fold({ ...settings, expireMillis: unlimited, models: new Map([[name, bent]]) });
  const log = fold.log("invented", 0, anyTime);
  for (const event of events) fold.apply(log, event, event.timeMillis);
  fold.exclude(log);
  fold.closeThrough(endMillis);
  return fold;
}

/** What says something of the events in a window; other series of it are there always, such as limits. */
const ofContents: ReadonlySet<string> = new Set(["distribution", "bins", "drift", "performance"]);

/** Windows that are shorter than the time between two batch runs are empty but when a run lies in them. */
function shareOf({ batch, drift }: FoldModelSettings): ShareOf {
  if (batch === null) return () => 1;
  const shares = new Map(drift.windows.map(({ name, millis }) => [name, Math.min(1, millis / batch.everyMillis)]));
  return (cause, window = "") => (ofContents.has(cause) ? (shares.get(window) ?? 1) : 1);
}

/** What a model has learned that has no reference. */
function learned(name: string, fold: Fold): Reference {
  const model = fold.models.get(name);
  if (model === undefined) throw new Error(`no model ${name}: nothing was folded`);
  const features = [...featureMemoryOf(model).features].flatMap(([feature, { reference }]) => {
    return reference === null ? [] : [[feature, reference] as const];
  });
  const provenance = { ...learnedPeriod(featureMemoryOf(model)), madeMillis: endMillis, madeBy: "", history: [] };
  return {
    model: name,
    version: null,
    hash: "learned",
    provenance: { kind: "file", source: [], ...provenance },
    features: new Map(features),
    performance: performanceMemoryOf(model).learned,
  };
}

function collectorsOf(fold: Fold): readonly Collector[] {
  const limit = new SeriesLimit(unlimited);
  const options: ModelCollectorOptions = {
    countersKnown: () => true,
    zeroMillis: 0,
    staleMillis: () => unlimited,
    now: () => endMillis,
  };
  return [new ModelCollector(fold, new Windows(fold), limit, options), new OutcomeCollector(fold, limit, options)];
}

/** In the order of their numbers, which is not that of time: for the fold it is all the same. */
function* eventsOf(shape: ModelShape, settings: FoldModelSettings): Iterable<Event> {
  const { model, lists, classes, horizons } = shape;
  const { performance, drift, batch } = settings;
  const values = Math.max(1, ...shape.segments.map(([, one]) => one.length));
  const ofMinute = Math.max(leastOfMinute, leastOfValue * Math.max(values, classes.length, horizons.length));
  let number = 0;
  for (let minute = 0; minute < minutes; minute++) {
    const startMillis = endMillis - (minutes - minute) * minuteMillis;
    const count = minute === 0 ? Math.max(firstMinute, ofMinute) : ofMinute;
    for (let index = 0; index < count; index++) yield* predicted(shape, number++, startMillis + index);
  }
  for (const millis of fillingTimes(settings)) for (let one = 0; one < values; one++) yield* predicted(shape, number++, millis);
  if (performance !== null) {
    for (const millis of labelTimes(performance.horizonMillis, drift)) yield* predicted(shape, number++, millis);
    // A request is judged when its horizon ends.
    const judgedMillis = endMillis - minuteMillis / 2 - performance.horizonMillis;
    for (let one = 0; lists && one < itemsOfRequests; one++) yield* predicted(shape, number++, judgedMillis);
  }
  if (batch === null) return;
  yield ranBatch(model, "started", endMillis - minuteMillis);
  yield ranBatch(model, "succeeded", endMillis - minuteMillis + 1);
}

/** In every hour of the longest window of hours, and on every day of the longest: none is in part without events. */
function* fillingTimes({ drift }: FoldModelSettings): Iterable<number> {
  const longest = Math.max(...drift.windows.map(({ millis }) => millis));
  for (let millis = 2 * hourMillis; millis <= Math.min(longest, 2 * dayMillis); millis += hourMillis) yield endMillis - millis;
  for (let millis = 3 * dayMillis; millis <= longest; millis += dayMillis) yield endMillis - millis;
}

/** They begin so long before that the last of them have had their horizon, and lie in windows that are over. */
function* labelTimes(horizonMillis: number, { windows }: FoldModelSettings["drift"]): Iterable<number> {
  const longest = Math.max(...windows.map(({ millis }) => millis));
  const knownMillis = endMillis - 2 * (longest + dayMillis) - horizonMillis - (horizonMillis % dayMillis);
  yield knownMillis - horizonMillis;
  for (let hour = 0; hour < labelledHours; hour++) {
    const count = hour === 0 ? labelsToJudgeBy : labelsOfHour;
    for (let index = 0; index < count; index++) yield knownMillis + hour * hourMillis + index;
  }
}

/** Evidence and p-values are not asked for alarms: nothing that events may do is one. */
const noAlarm = { count: 1e-200, millis: 10_000 * dayMillis };
const tolerant = 0.999;
/** As PSI: of windows that have nothing in common with the reference it is less. */
const tolerated = 10;

/** Values are enough from the first on, and nothing that they could be is too far from the reference. */
function bentModel(settings: FoldModelSettings): FoldModelSettings {
  const { drift, performance, outcomes } = settings;
  return {
    ...settings,
    learnMillis: 0,
    outcomes: outcomes === null ? null : { ...outcomes, sample: 1 },
    drift: {
      ...drift,
      minSamples: 1,
      minSamplesPerDegree: 0,
      minEffect: tolerated,
      tolerance: { missing: tolerant, null: tolerant, wrong_type: tolerant, unseen: tolerant },
    },
    performance: performance === null ? null : { ...performance, falseAlarms: noAlarm, tolerance: 1 },
  };
}

/** With what has been learned of it, as if for so long that all was known of how much windows differ. */
function taught(bent: FoldModelSettings, { features, ...reference }: Reference): FoldModelSettings {
  const known = [...features].map(([name, feature]): [string, FeatureReference] => {
    const { growing, ...rest } = feature;
    return [name, { ...rest, byHour: null, hours: [], days: [] }];
  });
  return { ...bent, reference: { ...reference, features: new Map(known) }, drift: { ...bent.drift, dispersion: false } };
}
