// Bench: what it costs to close the panes of a thousand series (features of models) and to score their windows of 1 h and
// 24 h, every minute. Prints processor time a minute and the longest part of each: how long the loop is held at least. Run under
// the flags of the launcher, as collecting garbage is a part of what holds it.
//
//   npm run bench:scores [-- --features 100 --models 10]
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { parseConfig } from "../src/config/load.ts";
import { decoderFor } from "../src/decode/index.ts";
import { foldSettings } from "../src/pipeline/fold-settings.ts";
import { Windows } from "../src/pipeline/windows.ts";
import { Random } from "../src/source/simulator/random.ts";
import { Fold } from "../src/state/fold.ts";

const { values } = parseArgs({
  options: {
    features: { type: "string", default: "100" },
    models: { type: "string", default: "10" },
    hours: { type: "string", default: "75" },
    minutes: { type: "string", default: "60" },
    /**
     * Milliseconds between minutes that are measured, and a tenth of it between those before: a collector of garbage that works beside
     * has time then, as it has in a minute. Without any, what it has not done in time is done in one part of up to 80 ms.
     */
    pause: { type: "string", default: "200" },
  },
});
const [features, models, hours, minutes, pauseMillis] = [
  values.features,
  values.models,
  values.hours,
  values.minutes,
  values.pause,
].map(Number) as [number, number, number, number, number];
/** Enough for scores in every hour: 22 bins ask for 840 values. */
const eventsAMinute = 20;
/** Parts are taken together until so much time has passed: there are thousands, and to ask for processor time costs some, too. */
const lookEveryMillis = 0.25;
const minuteMillis = 60_000;
const learnMinutes = 24 * 60;
const start = Date.parse("2026-03-01T00:00:00Z");
const native = decoderFor("native");
const random = new Random(1);

const config = parseConfig(
  `source: {file: {paths: [none]}}\nlimits: {slots: 100000, features: ${features + 5}}\ndefaults: {windows: [1h, 24h], learn: ${learnMinutes}m}`,
  "bench",
);
const fold = new Fold(foldSettings(config));
const log = fold.log("bench", 0, 0);
const options = { messageBytes: 1 << 20, futureMillis: 0 };

function foldMinute(at: number): void {
  for (let model = 0; model < models; model++) {
    for (let event = 0; event < eventsAMinute; event++) {
      const values = Object.fromEntries(
        Array.from({ length: features }, (_, index) => [`f${index}`, random.normal() * 10 + index]),
      );
      const line = { type: "prediction", model: `m${model}`, version: "1", time: start + at * minuteMillis, features: values };
      native.decode(Buffer.from(JSON.stringify(line)), Number.NaN, options, {
        event: (decoded) => fold.apply(log, decoded, Number.NaN),
        reject: (reason) => {
          throw new Error(reason);
        },
      });
    }
  }
}

function closingOf(at: number): Iterable<void> {
  return fold.closing(start + (at + 1) * minuteMillis);
}

process.stderr.write(`folding ${hours} h of ${models} models of ${features} features\n`);
let frozen: Cost = { processorMillis: 0, longestMillis: 0 };
let longestLearning = 0;
for (let at = 0; at < hours * 60; at++) {
  foldMinute(at);
  const freezes = at === learnMinutes - 1;
  await setTimeout(pauseMillis / 10);
  const closed = cost(closingOf(at));
  if (freezes) frozen = closed;
  else longestLearning = Math.max(longestLearning, closed.longestMillis);
}

const windows = new Windows(fold);
for (const _ of windows.prepare());

interface Cost {
  processorMillis: number;
  longestMillis: number;
}

/**
 * Runs work part by part, and says what it cost and which part took longest: in time of this thread, as on a shared machine
 * the clock on the wall also counts the work of others.
 */
function cost(parts: Iterable<unknown>): Cost {
  const before = process.cpuUsage();
  let longestMillis = 0;
  let from = threadMillis();
  let looked = performance.now();
  for (const _ of parts) {
    if (performance.now() - looked < lookEveryMillis) continue;
    const now = threadMillis();
    longestMillis = Math.max(longestMillis, now - from);
    from = now;
    looked = performance.now();
  }
  const { user, system } = process.cpuUsage(before);
  return { processorMillis: (user + system) / 1000, longestMillis };
}

function threadMillis(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

const closing: Cost[] = [];
const scoring: Cost[] = [];
for (let at = hours * 60; at < hours * 60 + minutes; at++) {
  foldMinute(at);
  await setTimeout(pauseMillis);
  closing.push(cost(closingOf(at)));
  scoring.push(cost(windows.prepare()));
}

function report(name: string, costs: readonly Cost[]): void {
  const sum = costs.reduce((total, { processorMillis }) => total + processorMillis, 0);
  const sorted = costs.map(({ processorMillis }) => processorMillis).sort((a, b) => a - b);
  const longest = Math.max(...costs.map(({ longestMillis }) => longestMillis));
  const median = sorted[sorted.length >> 1] as number;
  console.log(
    `${name}: ${(sum / costs.length).toFixed(1)} ms of processor time a minute (median ${median.toFixed(1)}, most ${(sorted.at(-1) as number).toFixed(1)}), longest part ${longest.toFixed(1)} ms`,
  );
}
console.log(`${models * features} series, windows 1h and 24h, ${minutes} minutes`);
report("windows merged and scored", scoring);
report("panes closed", closing);
console.log(
  `the minute in which references freeze: ${frozen.processorMillis.toFixed(0)} ms, longest part ${frozen.longestMillis.toFixed(1)} ms`,
);
console.log(`longest part of closing in the ${hours} h before, without that minute: ${longestLearning.toFixed(1)} ms`);
