// An exporter that is killed and started again, real servers only: nobody is told anything. Some seconds without it are minutes in the other
// rehearsals, in which it would be down; here they are not a minute.
import { afterAll, beforeAll, expect, test } from "vitest";
import { awaitReady, samples } from "./exporter.ts";
import { Rehearsal } from "./rehearsal.ts";

/** Minutes since the beginning. */
const killed = 20;
const end = 35;
/** There has to be one; it is not reached. */
const incidents = [{ story: "forecast", effect: { kind: "late_job" }, after: 600, lasts: 10 }] as const;

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await Rehearsal.start({ pace: 15, from: "2026-01-05T08:00:00Z", history: "3h", incidents });
});
afterAll(async () => {
  await rehearsal?.report();
  await rehearsal?.end();
});

/** How many predictions the exporter has counted. */
async function predictions(): Promise<number> {
  const counts = [...(await samples(rehearsal.exporter))].filter(([series]) => series.startsWith("ml_predictions_total{"));
  return counts.reduce((sum, [, value]) => sum + value, 0);
}

test("the exporter is killed and started again: nobody is told anything", async () => {
  expect(rehearsal.minutes).toBeLessThan(killed);
  await rehearsal.at(killed);
  const before = await predictions();
  expect(before).toBeGreaterThan(0);
  expect(await rehearsal.exporter.end("SIGKILL")).toBe("SIGKILL");
  await rehearsal.restartExporter();
  await awaitReady(rehearsal.exporter);
  // Long enough for the alerts of the exporter, of what stands still and of what is missing.
  await rehearsal.at(end);
  expect((await samples(rehearsal.exporter)).get("ml_exporter_restoring")).toBe(0);
  expect(await predictions()).toBeGreaterThan(before);
  expect(await rehearsal.failedScrapes()).not.toEqual([]);
  expect(rehearsal.told()).toEqual([]);
});
