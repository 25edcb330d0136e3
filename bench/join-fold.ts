// What joining costs without a source: predictions and outcomes in random order are folded with the join on and with it off, by
// turns, in one process. Processor time an event of both, and the resident set while everything is pending and while it is saved.
import { parseConfig } from "../src/config/load.ts";
import { decoderFor } from "../src/decode/index.ts";
import type { Event } from "../src/event/event.ts";
import { foldSettings } from "../src/pipeline/fold-settings.ts";
import { Fold } from "../src/state/fold.ts";
import { SnapshotEncoder } from "../src/state/snapshot.ts";
import { random } from "./events.ts";

const start = Date.parse("2026-11-01T00:00:00Z");
const hour = 3_600_000;
/** Some of the outcomes are of nobody, and some come twice. */
const orphanEvery = 100;
const duplicateEvery = 50;
/** As large as a chunk of JSON that was read just before, so that what is measured is the fold, not making events. */
const chunk = 10_000;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Numbers of events in random order: predictions first, then outcomes. */
function shuffled(many: number): Uint32Array {
  const order = Uint32Array.from({ length: many }, (_, index) => index);
  const next = random(1);
  for (let at = many - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1));
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
  return order;
}

/** Predictions are spread over six hours, their outcomes follow within three. */
function lineOf(number: number, predictions: number): string {
  const timeOf = (nth: number): number => start + Math.floor((nth / predictions) * 6 * hour);
  if (number < predictions) {
    return JSON.stringify({
      type: "prediction",
      model: "bench",
      version: number % 10 === 0 ? "2" : "1",
      id: `prediction-${number}`,
      time: timeOf(number),
      score: (number % 1000) / 1000,
      prediction: number % 2,
      segment: { channel: number % 3 === 0 ? "web" : "app" },
    });
  }
  const nth = number - predictions;
  const of = nth % duplicateEvery === 1 ? nth - 1 : nth;
  const id = nth % orphanEvery === 0 ? `nobody-${nth}` : `prediction-${of}`;
  const time = timeOf(of) + ((nth * 7919) % (3 * hour));
  return JSON.stringify({ type: "outcome", model: "bench", id, time, label: nth % 5 === 0 ? 1 : 0 });
}

const decoder = decoderFor("native");
const options = { messageBytes: 262_144, futureMillis: 300_000 };

function eventsOf(numbers: Uint32Array, predictions: number): Event[] {
  const events: Event[] = [];
  const into = { event: (event: Event) => events.push(event), reject: () => undefined };
  for (const number of numbers) decoder.decode(Buffer.from(lineOf(number, predictions)), Number.NaN, options, into);
  return events;
}

/** One of the folds that are compared. */
class Side {
  readonly name: string;
  readonly fold: Fold;
  /** Processor time so far: of taking events, and of closing their minutes. */
  takingMicros = 0;
  closingMicros = 0;

  /** @param judged whether pairs are counted for how well the model does */
  constructor(name: string, outcomes: string, judged: boolean) {
    this.name = name;
    const text = `source: {file: {paths: [none]}}\nlimits: {segments: 20}\n${outcomes}`;
    const settings = foldSettings(parseConfig(text, "bench"));
    const models = [...settings.models].map(([model, of]) => [model, judged ? of : { ...of, performance: null }] as const);
    this.fold = new Fold({ ...settings, models: new Map(models) });
  }

  take(events: readonly Event[]): void {
    // All times are within the lateness, so everything is pending until it is closed.
    const log = this.fold.log("bench", 0, 48 * hour);
    this.takingMicros += processorMicros(() => {
      for (const event of events) {
        this.fold.apply(log, event, Number.NaN);
        log.next += 1;
      }
    });
  }

  close(): string {
    let longest = "";
    this.closingMicros = processorMicros(() => {
      longest = goThrough(this.fold.closing(start + 48 * hour));
    });
    return longest;
  }
}

function processorMicros(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return used.user + used.system;
}

/** Only by the clock: asking for processor time takes longer than most parts do. @returns how long the longest part took */
function goThrough(parts: Iterable<void>): string {
  const left = parts[Symbol.iterator]();
  let longestMillis = 0;
  for (let isDone = false; !isDone; ) {
    const began = performance.now();
    isDone = left.next().done === true;
    longestMillis = Math.max(longestMillis, performance.now() - began);
  }
  return `longest part ${longestMillis.toFixed(1)} ms`;
}

const megabytes = (): number => Math.round(process.memoryUsage.rss() / 2 ** 20);

/** @param alone with everything on only, for the resident set */
export function measureFolds(predictions: number, outcomes: number, alone: boolean): void {
  const outcomesOn = "models: {bench: {outcomes: {horizon: 1d}}}";
  const on = (): Side => new Side("on", outcomesOn, true);
  if (alone) {
    foldAll([on()], predictions, outcomes);
    return;
  }
  const joined = (): Side => new Side("on, pairs not judged", outcomesOn, false);
  // By two and two: each has as much memory as all pending events take, and the more there is the slower is every access.
  const join = foldAll([new Side("off", "", false), joined()], predictions, outcomes);
  const judging = foldAll([joined(), on()], predictions, outcomes);
  print(`the join: ${join.toFixed(3)} us of processor time an event; judging its pairs: ${judging.toFixed(3)} us`);
}

/** Folds the same events with each. @returns by how many microseconds of processor time an event the last differs from the first */
function foldAll(sides: readonly Side[], predictions: number, outcomes: number): number {
  const many = predictions + outcomes;
  const order = shuffled(many);
  for (let from = 0; from < many; from += chunk) {
    const events = eventsOf(order.subarray(from, from + chunk), predictions);
    for (const side of (from / chunk) % 2 === 0 ? sides : sides.toReversed()) side.take(events);
  }
  const { fold } = sides.at(-1) as Side;
  print(`${predictions} predictions, ${outcomes} outcomes; ${fold.join.table.used} events pending`);
  print(`resident set with all pending ${megabytes()} MB (${sides.length} folds and ${chunk} events)`);
  save(fold);
  for (const side of sides) print(`closing with the join ${side.name}: ${side.close()}`);
  const micros = sides.map(({ name, takingMicros, closingMicros }) => {
    const [all, taking, closing] = [takingMicros + closingMicros, takingMicros, closingMicros].map((one) => one / many);
    print(
      `join ${name}: ${all?.toFixed(3)} us of processor time an event (${taking?.toFixed(3)} taking, ${closing?.toFixed(3)} closing)`,
    );
    return all as number;
  });
  const versions = [...(fold.join.models.get("bench")?.versions.values() ?? [])];
  for (const name of ["joined", "orphaned", "duplicate", "expired"] as const) {
    print(`${name} ${versions.reduce((sum, version) => sum + version[name], 0)}`);
  }
  return (micros.at(-1) as number) - (micros[0] as number);
}

function save(fold: Fold): void {
  const snapshot = new SnapshotEncoder(fold, 0);
  let longest = "";
  const micros = processorMicros(() => {
    longest = goThrough(snapshot.parts());
  });
  const size = snapshot.file().reduce((sum, piece) => sum + piece.length, 0);
  print(
    `snapshot of ${Math.round(size / 2 ** 20)} MB in ${Math.round(micros / 1000)} ms of processor time, ${longest}; ` +
      `resident set ${megabytes()} MB`,
  );
}
