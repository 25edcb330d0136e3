// What joining costs: predictions and outcomes in random order are folded with the join on and with it off, by turns, in one
// process. Prints processor time an event of both, and the resident set while everything is pending and while it is saved.
//
//   node bench/join.ts [predictions] [outcomes] [alone]
//
// alone: with the join on only, for the resident set.
import { parseConfig } from "../src/config/load.ts";
import { decoderFor } from "../src/decode/index.ts";
import type { Event } from "../src/event/event.ts";
import { foldSettings } from "../src/pipeline/fold-settings.ts";
import { Fold } from "../src/state/fold.ts";
import { SnapshotEncoder } from "../src/state/snapshot.ts";
import { random } from "./events.ts";

const predictions = Number(process.argv[2] ?? 1_000_000);
const outcomes = Number(process.argv[3] ?? 900_000);
const many = predictions + outcomes;
const start = Date.parse("2026-11-01T00:00:00Z");
const hour = 3_600_000;
/** Some of the outcomes are of nobody, and some come twice. */
const orphanEvery = 100;
const duplicateEvery = 50;
/** As large as a chunk of JSON that was read just before, so that what is measured is the fold, not making events. */
const chunk = 10_000;

/** Numbers of events in random order: predictions first, then outcomes. */
function shuffled(): Uint32Array {
  const order = Uint32Array.from({ length: many }, (_, index) => index);
  const next = random(1);
  for (let at = many - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1));
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
  return order;
}

/** Predictions are spread over six hours, their outcomes follow within three. */
function lineOf(number: number): string {
  if (number < predictions) {
    const time = start + Math.floor((number / predictions) * 6 * hour);
    const segment = { channel: number % 3 === 0 ? "web" : "app" };
    const score = (number % 1000) / 1000;
    const version = number % 10 === 0 ? "2" : "1";
    return JSON.stringify({
      type: "prediction",
      model: "bench",
      version,
      id: `prediction-${number}`,
      time,
      score,
      prediction: number % 2,
      segment,
    });
  }
  const nth = number - predictions;
  const of = nth % duplicateEvery === 1 ? nth - 1 : nth;
  const id = nth % orphanEvery === 0 ? `nobody-${nth}` : `prediction-${of}`;
  const time = start + Math.floor((of / predictions) * 6 * hour) + ((nth * 7919) % (3 * hour));
  return JSON.stringify({ type: "outcome", model: "bench", id, time, label: nth % 5 === 0 ? 1 : 0 });
}

const decoder = decoderFor("native");
const options = { messageBytes: 262_144, futureMillis: 300_000 };

function eventsOf(numbers: Uint32Array): Event[] {
  const events: Event[] = [];
  const into = { event: (event: Event) => events.push(event), reject: () => undefined };
  for (const number of numbers) decoder.decode(Buffer.from(lineOf(number)), Number.NaN, options, into);
  return events;
}

function foldOf(outcomesOn: boolean): Fold {
  const models = outcomesOn ? "models: {bench: {outcomes: {horizon: 1d}}}" : "";
  return new Fold(foldSettings(parseConfig(`source: {file: {paths: [none]}}\nlimits: {segments: 20}\n${models}`, "bench")));
}

interface Side {
  readonly name: string;
  readonly fold: Fold;
  micros: number;
}

function processorMicros(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return used.user + used.system;
}

const megabytes = (): number => Math.round(process.memoryUsage.rss() / 2 ** 20);

const order = shuffled();
const alone = process.argv[4] === "alone";
const on: Side = { name: "on", fold: foldOf(true), micros: 0 };
const sides: readonly Side[] = alone ? [on] : [{ name: "off", fold: foldOf(false), micros: 0 }, on];
// All times are within the lateness, so everything is pending until it is closed.
const logs = sides.map(({ fold }) => fold.log("bench", 0, 2 * 24 * hour));
for (let from = 0; from < many; from += chunk) {
  const events = eventsOf(order.subarray(from, from + chunk));
  const turns = [...sides.keys()];
  for (const turn of (from / chunk) % 2 === 0 ? turns : turns.reverse()) {
    const side = sides[turn] as Side;
    const log = logs[turn] as (typeof logs)[number];
    side.micros += processorMicros(() => {
      for (const event of events) {
        side.fold.apply(log, event, Number.NaN);
        log.next += 1;
      }
    });
  }
}
const taken = sides.map(({ micros }) => micros);
const pendingMegabytes = megabytes();
const { table } = on.fold.join;
process.stdout.write(`${predictions} predictions, ${outcomes} outcomes; ${table.used} events pending\n`);
process.stdout.write(`resident set with all pending ${pendingMegabytes} MB (${sides.length} folds and ${chunk} events)\n`);

/** The longest part of work that comes in parts: as others may run in between, also in processor time. */
class Longest {
  #millis = 0;
  #micros = 0;

  goThrough(parts: Iterable<void>): void {
    const left = parts[Symbol.iterator]();
    for (let isDone = false; !isDone; ) {
      const began = performance.now();
      const micros = processorMicros(() => {
        isDone = left.next().done === true;
      });
      this.#millis = Math.max(this.#millis, performance.now() - began);
      this.#micros = Math.max(this.#micros, micros);
    }
  }

  toString(): string {
    return `longest part ${this.#millis.toFixed(1)} ms, of processor time ${(this.#micros / 1000).toFixed(1)} ms`;
  }
}

const snapshot = new SnapshotEncoder(on.fold, 0);
const saving = performance.now();
const encoding = new Longest();
const savedMicros = processorMicros(() => encoding.goThrough(snapshot.parts()));
const size = snapshot.file().reduce((sum, piece) => sum + piece.length, 0);
process.stdout.write(
  `snapshot ${Math.round(size / 2 ** 20)} MB in ${Math.round(performance.now() - saving)} ms (${Math.round(savedMicros / 1000)} ms of processor time), ` +
    `${encoding}, resident set ${megabytes()} MB\n`,
);

const closing = new Longest();
for (const side of sides) {
  side.micros += processorMicros(() => {
    if (side === on) closing.goThrough(side.fold.closing(start + 48 * hour));
    else for (const _ of side.fold.closing(start + 48 * hour));
  });
}
const perEvent = (micros: number): string => (micros / many).toFixed(3);
for (const [index, { name, micros }] of sides.entries()) {
  const taking = taken[index] as number;
  process.stdout.write(
    `join ${name}: ${perEvent(micros)} us of processor time an event (${perEvent(taking)} taking, ${perEvent(micros - taking)} closing)\n`,
  );
}
if (!alone) process.stdout.write(`the join: ${perEvent(on.micros - (sides[0] as Side).micros)} us an event\n`);
process.stdout.write(`closing: ${closing}\n`);
const versions = [...(on.fold.join.models.get("bench")?.versions.values() ?? [])];
for (const name of ["joined", "orphaned", "duplicate", "expired"] as const) {
  process.stdout.write(`${name} ${versions.reduce((sum, version) => sum + version[name], 0)}\n`);
}
