// An exporter on fake timers: they are moved on and what comes of it is awaited in turns of the event loop, never by the clock.
import { vi } from "vitest";
import type { Exporter } from "../../src/pipeline/exporter.ts";

/** The exporter looks at its clock once in 500 ms, the source tells what its logs hold once in a second. */
export const timersMillis = 1000;
/** What could hold the test up for ever does so for this many turns at the most. */
const mostTurns = 1_000_000;

/** Starts an exporter; it waits for nothing any more. */
export async function startOnFakeTimers(exporter: Exporter): Promise<void> {
  await exporter.start();
  await turnsUntil(() => {
    vi.advanceTimersByTime(timersMillis);
    return exporter.waitingFor().length === 0;
  });
}

/** Lets the source look at the clock, tell what its logs hold, and hand all of it over. */
export async function allIsRead({ ingest }: Exporter): Promise<void> {
  const looks = new Map([...ingest.standings.values()].map((one) => [one, one.looks]));
  vi.advanceTimersByTime(timersMillis);
  await turnsUntil(() => {
    return [...looks].every(([{ looks: more, bounds, state }, before]) => more > before && state.next >= bounds.end);
  });
}

async function turnsUntil(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < mostTurns; turn++) {
    if (condition()) return;
    await new Promise(setImmediate);
  }
  throw new Error(`not within ${mostTurns} turns: ${condition}`);
}
