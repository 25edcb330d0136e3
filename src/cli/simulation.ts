// The simulated streams that a configuration asks for, as of a moment: how much past they have, and which incidents come.
import type { SimulatorConfig } from "../config/schema.ts";
import {
  batchEveryMillis,
  demoScript,
  type ScheduledIncident,
  type SimulatorOptions,
  scheduled,
  scriptMillis,
} from "../source/simulator.ts";

const minuteMillis = 60_000;
/** The script begins again and again for so long. */
const scriptRuns = 7 * 24;

export interface Simulation extends SimulatorOptions {
  readonly incidents: readonly ScheduledIncident[];
  /** When the history ends and the script of incidents begins. */
  readonly momentMillis: number;
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
