// The demo folded in virtual time, without a process: what of its windows would raise a drift alarm, and when.
import { tmpdir } from "node:os";
import { demoConfig } from "../src/cli/demo-config.ts";
import { loadReferences } from "../src/cli/references.ts";
import { simulation } from "../src/cli/simulation.ts";
import { parseDocument } from "../src/config/load.ts";
import type { SimulatorConfig } from "../src/config/schema.ts";
import { native } from "../src/decode/native.ts";
import type { FeatureMemory } from "../src/monitor/feature-memory.ts";
import { type ClosedFeatures, features } from "../src/monitor/features.ts";
import { paneMonitors } from "../src/monitor/index.ts";
import type { WindowOf } from "../src/monitor/monitor.ts";
import { alphaOf, driftOf } from "../src/monitor/window-drift.ts";
import { foldSettings } from "../src/pipeline/fold-settings.ts";
import { type WindowResult, windowAt, windowOf } from "../src/pipeline/windows.ts";
import { type ScheduledIncident, simulatedRecords } from "../src/source/simulator.ts";
import { Fold } from "../src/state/fold.ts";
import { windowEnd } from "../src/window/ladder.ts";

export const minuteMillis = 60_000;
const latenessMillis = minuteMillis;
/** All traffic. */
const segment = "";
const monitorIndex = paneMonitors.indexOf(features);

/** Something that is tested, at one moment. */
export interface Signal {
  readonly model: string;
  readonly version: string;
  readonly feature: string;
  readonly windowMillis: number;
  /** What was looked at: longer than the window where that has too few values. */
  readonly overMillis: number;
  /** Of the distribution `min_effect`, or the state whose rate is tested. */
  readonly test: string;
  readonly pValue: number;
  /** The p-value below which it alarms. */
  readonly alpha: number;
}

export interface DemoOptions {
  readonly seed: number;
  /** When the script of incidents begins. */
  readonly momentMillis: number;
  readonly untilMillis: number;
  readonly incidents: boolean;
}

/** Is told of each minute that has closed: its end, and the time at which a demo that runs would have closed it. */
export type Look = (fold: Fold, endMillis: number, clockMillis: number) => void;

/**
 * Folds the predictions of a demo with its configuration.
 * @returns the incidents of the time
 */
export function foldDemo({ seed, momentMillis, untilMillis, incidents }: DemoOptions, look: Look): ScheduledIncident[] {
  const loaded = parseDocument(demoConfig("127.0.0.1:0", seed, tmpdir()), "demo");
  const { config } = loaded;
  const streams = simulation({ ...(config.source.simulator as SimulatorConfig), incidents }, momentMillis);
  const fold = new Fold(foldSettings(config, loadReferences(loaded)));
  const decode = { messageBytes: config.limits.message_bytes, futureMillis: config.defaults.future };
  for (const { topic, partition, timeMillis, value } of simulatedRecords(streams, streams.originMillis, untilMillis)) {
    // Drift is of predictions; other logs are not folded, so that they are not waited for either.
    if (topic !== "predictions") continue;
    const log = fold.log(topic, partition, latenessMillis);
    native.decode(value, timeMillis, decode, {
      event: (event) => fold.apply(log, event, timeMillis),
      reject: (reason, detail) => {
        throw new Error(`${reason}: ${detail}`);
      },
    });
    if (fold.advance()) look(fold, fold.frontierMillis, timeMillis);
  }
  return streams.incidents.filter(({ startMillis }) => startMillis < untilMillis);
}

/** All that is tested of all windows as of the frontier, and has a p-value. */
export function* signalsOf(fold: Fold): Generator<Signal> {
  for (const model of fold.models.values()) {
    const memory = model.memories[monitorIndex] as FeatureMemory;
    for (const version of model.versions.values()) {
      const state = version.segments.get(segment);
      if (state === undefined) continue;
      for (const windowMillis of fold.settings.windowsMillis) {
        const end = windowEnd(fold.frontierMillis, windowMillis);
        const found = signalsOfWindow(windowAt(model, version, state, segment, windowMillis, end), memory);
        for (const signal of found) yield { model: model.name, version: version.version, windowMillis, ...signal };
      }
    }
  }
}

type OfWindow = Omit<Signal, "model" | "version" | "windowMillis">;

function* signalsOfWindow(result: WindowResult, memory: FeatureMemory): Generator<OfWindow> {
  const window = windowOf(result, monitorIndex) as WindowOf<ClosedFeatures>;
  for (const feature of window.closed.features.keys()) {
    const drift = driftOf(feature, window, memory);
    if (drift === null) continue;
    const shared = { feature, overMillis: drift.windowMillis, alpha: alphaOf(memory, drift.windowMillis) };
    const tests = [{ test: "min_effect", pValue: drift.pValue("min_effect") }];
    const states = drift.states.map(({ state, pValue }) => ({ test: state, pValue }));
    for (const { test, pValue } of [...tests, ...states]) if (!Number.isNaN(pValue)) yield { ...shared, test, pValue };
  }
}

export function isAlarm({ pValue, alpha }: Signal): boolean {
  return pValue < alpha;
}

/** Incidents that change what values are like: which signal has to alarm, of at least one version. */
export const driftIncidents: Readonly<Record<string, Pick<Signal, "feature" | "test">>> = {
  "fraud-amount-in-cents": { feature: "amount", test: "min_effect" },
  "recommendation-feature-missing": { feature: "days_since_last_visit", test: "missing" },
  "fraud-number-as-text": { feature: "transactions_24h", test: "wrong_type" },
  "forecast-feature-renamed": { feature: "price_index", test: "missing" },
};
