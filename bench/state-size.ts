// What the state of a feature costs: bytes a feature and segment for windows of 1h, 24h and 7d, in memory and in a
// snapshot, beside them those of its learned reference, of which there is one for all segments; and the processor time of
// sliding the windows of many features by a minute. Run with --expose-gc.
import { setImmediate } from "node:timers/promises";
import type { ClosedFeatures } from "../src/monitor/features.ts";
import { Writer } from "../src/primitive/bytes.ts";
import type { Fold } from "../src/state/fold.ts";
import type { PaneLadder } from "../src/window/ladder.ts";
import { dayMillis, hourMillis, windowEnd } from "../src/window/resolution.ts";
import { random } from "./events.ts";
import { foldStream, type StreamOf } from "./state-stream.ts";

const windows = [hourMillis, dayMillis, 7 * dayMillis];

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

/** After several collections: what arrays have outside of the heap is given back between them. */
async function heldBytes(): Promise<number> {
  for (let round = 0; round < 6; round++) {
    globalThis.gc?.();
    await setImmediate();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function ladderOf(fold: Fold): PaneLadder<ClosedFeatures> {
  return fold.models.get("m")?.versions.get("1")?.all.ladders[0] as PaneLadder<ClosedFeatures>;
}

function askAll(fold: Fold): void {
  for (const window of windows) ladderOf(fold).window(windowEnd(fold.frontierMillis, window), window);
}

/** Of one feature: what is free when a state of many is let go of, and what one is written in. */
async function measure(stream: StreamOf): Promise<void> {
  const kept: { fold: Fold | null } = { fold: null };
  const { encoded, panes } = fill(kept, stream);
  const whole = await heldBytes();
  kept.fold?.models.get("m")?.versions.clear();
  const withoutWindows = await heldBytes();
  kept.fold = null;
  const sizes = [whole - withoutWindows, encoded, withoutWindows - (await heldBytes())];
  const [held, written, reference] = sizes.map((bytes) => kilobytes(bytes / stream.features));
  process.stdout.write(
    `${stream.kind}, ${stream.eventsPerHour} events an hour: ${held} a feature in memory, ${written} in a snapshot, ${panes} panes; ${reference} of its learned reference\n`,
  );
}

function fill(kept: { fold: Fold | null }, stream: StreamOf): { encoded: number; panes: number } {
  // A week in 1,000 events an hour, as only the panes of days show it, then what is asked for.
  const fold = foldStream({ ...stream, eventsPerHour: 1000, hours: 7 * 24 }, random(7));
  foldStream(stream, random(8), fold);
  askAll(fold);
  kept.fold = fold;
  const writer = new Writer();
  ladderOf(fold).encode(writer);
  return { encoded: writer.bytes().length, panes: ladderOf(fold).size };
}

const features = Number(process.argv[2] ?? 100);
// Once for nothing, so that what the program itself takes is there before anything is measured.
foldStream({ kind: "numeric", features: 2, eventsPerHour: 1000, hours: 3 }, random(1));
foldStream({ kind: "categorical", features: 2, eventsPerHour: 1000, hours: 3 }, random(1));
for (const kind of ["numeric", "categorical"] as const) {
  for (const eventsPerHour of [1000, 60_000]) await measure({ kind, eventsPerHour, features, hours: 25 });
}

/** 1,000 series: as many models' worth of ladders would be; here one model of so many features, with as many panes. */
function slide(kind: StreamOf["kind"]): void {
  const stream: StreamOf = { kind, eventsPerHour: 1000, features: 1000, hours: 26 };
  const fold = foldStream(stream, random(9));
  const ladder = ladderOf(fold);
  for (const window of [hourMillis, dayMillis]) ladder.window(windowEnd(fold.frontierMillis, window), window);
  foldStream({ ...stream, hours: 1 / 3 }, random(11), fold);
  const frontier = fold.frontierMillis;
  const last = frontier - 20 * 60_000;
  ladder.window(last, hourMillis);
  const cpu = process.cpuUsage();
  const rounds = 20;
  for (let round = 1; round <= rounds; round++) {
    ladder.window(last + round * 60_000, hourMillis);
    ladder.window(windowEnd(last + round * 60_000, dayMillis), dayMillis);
  }
  const used = process.cpuUsage(cpu);
  const each = (used.user + used.system) / 1000 / rounds;
  process.stdout.write(`${kind}: ${each.toFixed(1)} ms of a processor to slide 1,000 series x 1h and 24h by a minute\n`);
}

slide("numeric");
slide("categorical");
