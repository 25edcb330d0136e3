// What the state of a feature costs: bytes a feature and segment, in memory and in a snapshot, beside them those of its learned
// reference, of which there is one for all segments; and the processor time of sliding the windows of many features by a
// minute. Memory is what there is between two scrapes: panes and prepared windows, and the minute that is open, which holds the
// more cells the more events come in a minute. Run with --expose-gc.
//
//   npm run bench:state [-- --kinds numeric --rates 1000 --features 100 --windows 1h,24h --series 0]
import { setImmediate } from "node:timers/promises";
import { parseArgs } from "node:util";
import { getHeapSpaceStatistics } from "node:v8";
import { parseDuration } from "../src/config/duration.ts";
import type { ClosedFeatures } from "../src/monitor/feature-pane.ts";
import { Windows } from "../src/pipeline/windows.ts";
import { Writer } from "../src/primitive/bytes.ts";
import type { Fold } from "../src/state/fold.ts";
import type { PaneLadder } from "../src/window/ladder.ts";
import { dayMillis, hourMillis, windowEnd } from "../src/window/resolution.ts";
import { random } from "./events.ts";
import { foldOpenMinute, foldStream, type StreamOf } from "./state-stream.ts";

/** What is promised of the windows of a feature and segment with so many events an hour. */
const bar = { bytes: 32 * 1024, eventsPerHour: 1000 };

const { values } = parseArgs({
  options: {
    kinds: { type: "string", default: "numeric,learned,categorical" },
    rates: { type: "string", default: "1000,60000" },
    features: { type: "string", default: "100" },
    windows: { type: "string", default: "1h,24h,7d" },
    /** How many series are slid; 0: none. */
    series: { type: "string", default: "1000" },
  },
});
const kinds = values.kinds.split(",") as StreamOf["kind"][];
const windows = values.windows.split(",");

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

/** Where V8 keeps compiled code: it comes and goes whatever the state is. */
const codeSpaces = new Set(["code_space", "code_large_object_space", "trusted_space", "trusted_large_object_space"]);

/** After several collections: what arrays have outside of the heap is given back between them. */
async function heldBytes(): Promise<number> {
  for (let round = 0; round < 6; round++) {
    globalThis.gc?.();
    await setImmediate();
  }
  const spaces = getHeapSpaceStatistics().filter(({ space_name }) => !codeSpaces.has(space_name));
  return spaces.reduce((sum, { space_used_size }) => sum + space_used_size, 0) + process.memoryUsage().arrayBuffers;
}

function ladderOf(fold: Fold): PaneLadder<ClosedFeatures> {
  return fold.models.get("m")?.versions.get("1")?.all.ladders[0] as PaneLadder<ClosedFeatures>;
}

interface Kept {
  fold: Fold | null;
  windows: Windows | null;
}

/** Of one feature: what is free when a state of many is let go of, what one is written in, and what an open minute adds. */
async function measure(stream: StreamOf): Promise<void> {
  const kept: Kept = { fold: null, windows: null };
  const { encoded, panes } = fill(kept, stream);
  foldOpenMinute(stream, random(10), kept.fold as Fold);
  const withMinute = await heldBytes();
  forgetOpenMinutes(kept);
  const whole = await heldBytes();
  kept.windows = null;
  kept.fold?.models.get("m")?.versions.clear();
  const withoutWindows = await heldBytes();
  kept.fold = null;
  const nothing = await heldBytes();
  const sizes = [whole - withoutWindows, withMinute - whole, encoded, withoutWindows - nothing];
  const [held, minute, written, reference] = sizes.map((bytes) => bytes / stream.features) as [number, number, number, number];
  process.stdout.write(
    `${stream.kind}, ${stream.eventsPerHour} events an hour, windows ${windows.join(", ")}: ${kilobytes(held)} a feature in memory${verdict(held, stream)}, ${kilobytes(written)} in a snapshot, ${panes} panes; ${kilobytes(minute)} more while a minute is open; ${kilobytes(reference)} of its learned reference\n`,
  );
}

/** By itself, as whoever waits keeps what its variables hold. */
function forgetOpenMinutes({ fold }: Kept): void {
  for (const { segments } of fold?.models.get("m")?.versions.values() ?? []) {
    for (const segment of segments.values()) for (const start of [...segment.open.keys()]) segment.take(start);
  }
}

/** Where it does not hold the program ends with 1. */
function verdict(bytes: number, { eventsPerHour }: StreamOf): string {
  if (eventsPerHour !== bar.eventsPerHour) return "";
  if (bytes > bar.bytes) process.exitCode = 1;
  return ` (bar ${kilobytes(bar.bytes)}: ${bytes <= bar.bytes ? "holds" : "does not hold"})`;
}

function fill(kept: Kept, stream: StreamOf): { encoded: number; panes: number } {
  // A week in 1,000 events an hour that come together, as only its hours and days are kept, then what is asked for.
  const fold = foldStream({ ...stream, eventsPerHour: 1000, hours: 7 * 24, togetherMillis: hourMillis }, random(7));
  foldStream(stream, random(8), fold);
  kept.windows = new Windows(fold);
  for (const _ of kept.windows.prepare());
  kept.fold = fold;
  const writer = new Writer();
  ladderOf(fold).encode(writer);
  return { encoded: writer.bytes().length, panes: ladderOf(fold).size };
}

/** As many models' worth of ladders would be; here one model of so many features, with as many panes. */
function slide(kind: StreamOf["kind"], features: number): void {
  const stream: StreamOf = { kind, eventsPerHour: 1000, features, hours: 26, windows: ["1h", "24h"] };
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
  process.stdout.write(`${kind}: ${each.toFixed(1)} ms of a processor to slide ${features} series x 1h and 24h by a minute\n`);
}

if (windows.some((window) => Number.isNaN(parseDuration(window)))) throw new Error(`windows ${values.windows}`);
// Once for nothing, so that what the program itself takes is there before anything is measured.
for (const kind of kinds) foldStream({ kind, features: 2, eventsPerHour: 1000, hours: 3, windows }, random(1));
for (const kind of kinds) {
  for (const rate of values.rates.split(",")) {
    await measure({ kind, eventsPerHour: Number(rate), features: Number(values.features), hours: 25, windows });
  }
}
for (const kind of kinds) if (Number(values.series) > 0) slide(kind, Number(values.series));
