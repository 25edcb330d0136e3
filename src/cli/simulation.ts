// The simulated streams that a configuration asks for, as of a moment: how much past they have, and which incidents come.

import type { IncidentEntry } from "../config/schema/incidents.ts";
import type { SimulatorConfig } from "../config/schema.ts";
import {
  batchEveryMillis,
  demoScript,
  type Incident,
  type ScheduledIncident,
  type SimulatorOptions,
  scheduled,
  scriptMillis,
} from "../source/simulator.ts";

const minuteMillis = 60_000;
/** The script begins again and again for so long. */
const scriptRuns = 7 * 24;

export interface SimulatedStreams extends SimulatorOptions {
  /** When the history ends and incidents may begin. */
  readonly momentMillis: number;
}

/** Streams with the demo's script. */
export interface Simulation extends SimulatedStreams {
  readonly incidents: readonly ScheduledIncident[];
}

/** @param nowMillis when the streams are to be in the present */
export function simulation({ seed, history, incidents }: SimulatorConfig, nowMillis: number, now = Date.now): Simulation {
  const momentMillis = Math.floor(nowMillis / minuteMillis) * minuteMillis;
  // Jobs fall due from the origin on, and the script counts on when they do.
  const originMillis = momentMillis - Math.ceil(history / batchEveryMillis) * batchEveryMillis;
  const runs = Array.from({ length: incidents ? scriptRuns : 0 }, (_, run) =>
    scheduled(demoScript, momentMillis + run * scriptMillis),
  );
  return { seed, originMillis, incidents: runs.flat(), momentMillis, now };
}

/** Streams with incidents of one's own in place of the demo's. */
export function withIncidents(streams: Simulation, entries: readonly IncidentEntry[]): SimulatedStreams {
  const incidents = entries.map(({ story, effect, after, lasts }): Incident => {
    const startMillis = streams.momentMillis + after;
    return { story, effect, startMillis, endMillis: startMillis + lasts };
  });
  return { ...streams, incidents };
}
