// The demo folded in virtual time, without a process: when its alarms come, and of what.
import { tmpdir } from "node:os";
import { demoConfig } from "../src/cli/demo-config.ts";
import { loadReferences } from "../src/cli/references.ts";
import { simulation } from "../src/cli/simulation.ts";
import { parseDocument } from "../src/config/load.ts";
import type { SimulatorConfig } from "../src/config/schema.ts";
import { native } from "../src/decode/native.ts";
import type { Event } from "../src/event/event.ts";
import { type AlarmLine, tellAlarms } from "../src/pipeline/alarm-lines.ts";
import { foldSettings } from "../src/pipeline/fold-settings.ts";
import { type ScheduledIncident, simulatedRecords } from "../src/source/simulator.ts";
import { Fold } from "../src/state/fold.ts";

export const minuteMillis = 60_000;
const latenessMillis = minuteMillis;

/** What an alarm did, and the time at which a demo that runs would have done it. */
export interface Told extends AlarmLine {
  readonly clockMillis: number;
}

export interface DemoOptions {
  readonly seed: number;
  /** When the script of incidents begins. */
  readonly momentMillis: number;
  readonly untilMillis: number;
  readonly incidents: boolean;
  /** How much is folded before the script, if not as much as in the demo. */
  readonly historyMillis?: number;
  /** Of which topics events are folded. Drift is of predictions: others are not folded by default, nor waited for. */
  readonly topics?: readonly string[];
  /** Whether predictions are folded with their features; without them it takes a fraction of the time. */
  readonly features?: boolean;
}

export interface FoldedDemo {
  readonly fold: Fold;
  /** Of the time that was folded. */
  readonly incidents: readonly ScheduledIncident[];
  readonly told: readonly Told[];
}

/** Folds events of a demo with its configuration. */
export function foldDemo(options: DemoOptions): FoldedDemo {
  const { seed, momentMillis, untilMillis, incidents, topics = ["predictions"], features = true } = options;
  const loaded = parseDocument(demoConfig("127.0.0.1:0", seed, tmpdir()), "demo");
  const { config } = loaded;
  const simulator = config.source.simulator as SimulatorConfig;
  const streams = simulation({ ...simulator, incidents, history: options.historyMillis ?? simulator.history }, momentMillis);
  const fold = new Fold(foldSettings(config, loadReferences(loaded)));
  const told: Told[] = [];
  let clockMillis = Number.NaN;
  tellAlarms(fold, (line) => told.push({ ...line, clockMillis }));
  const decode = { messageBytes: config.limits.message_bytes, futureMillis: config.defaults.future };
  for (const { topic, partition, timeMillis, value } of simulatedRecords(streams, streams.originMillis, untilMillis)) {
    if (!topics.includes(topic)) continue;
    const log = fold.log(topic, partition, latenessMillis);
    native.decode(value, timeMillis, decode, {
      event: (event) => fold.apply(log, features ? event : withoutFeatures(event), timeMillis),
      reject: (reason, detail) => {
        throw new Error(`${reason}: ${detail}`);
      },
    });
    clockMillis = timeMillis;
    fold.advance();
  }
  return { fold, told, incidents: streams.incidents.filter(({ startMillis }) => startMillis < untilMillis) };
}

function withoutFeatures(event: Event): Event {
  return event.type === "prediction" ? { ...event, features: null } : event;
}

/** Incidents that change what values are like: which signal has to alarm, of at least one version. */
export const driftIncidents: Readonly<Record<string, Pick<AlarmLine, "feature" | "test">>> = {
  "fraud-amount-in-cents": { feature: "amount", test: "min_effect" },
  "recommendation-feature-missing": { feature: "days_since_last_visit", test: "missing" },
  "fraud-number-as-text": { feature: "transactions_24h", test: "wrong_type" },
  "forecast-feature-renamed": { feature: "price_index", test: "missing" },
};

/** Minutes from the start of each such incident to its own signal; Infinity: it was not raised. */
export function minutesToAlarm({ incidents, told }: FoldedDemo): Map<string, number> {
  return new Map(
    incidents.flatMap(({ id, story, startMillis }): [string, number][] => {
      const own = driftIncidents[id];
      if (own === undefined) return [];
      const found = told.find((one) => {
        const raised = one.state === "on" || one.state === "more";
        return (
          raised && one.model === story && one.feature === own.feature && one.test === own.test && one.clockMillis > startMillis
        );
      });
      return [[id, found === undefined ? Number.POSITIVE_INFINITY : (found.clockMillis - startMillis) / minuteMillis]];
    }),
  );
}

/** Alarms that began before any incident changed values of their model. */
export function falseAlarms({ incidents, told }: FoldedDemo): Told[] {
  return told.filter(({ state, model, clockMillis }) => {
    const own = incidents.filter(({ id, story }) => story === model && id in driftIncidents);
    return state === "on" && clockMillis < Math.min(...own.map(({ startMillis }) => startMillis));
  });
}
