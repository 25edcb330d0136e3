// A stream of predictions, one record in a hundred poisoned, with what the page has to say once all of it is read.
import { type RejectReason, rejectReasons } from "../src/event/reason.ts";
import { predictionLine, random } from "./events.ts";
import { heavy, huge, oddities, poison, type Specimen } from "./poison.ts";

export const partitions = 4;
/** One record of so many is poisoned; of those, one in 50 is heavy, and one in 5,000 huge. */
const recordsAPoison = 100;
const poisonsAHeavy = 50;
const poisonsAHuge = 5000;
/** The stream's length in event time: more than the day from which bins are learned. */
const spanMillis = 26 * 3_600_000;
/** The stream ends so long before the moment that it is given: all of its minutes can be closed at once. */
const endsBeforeMillis = 3 * 60_000;
/** Events come out of order by less than the minute of lateness that a topic has where nothing is configured. */
const disorderMillis = 50_000;

export interface StreamRecord {
  readonly partition: number;
  readonly timestamp: string;
  readonly value: Buffer | null;
}

/** What a stream was made of. */
export class Tally {
  readonly topic: string;
  records = 0;
  /** By model, then version. */
  readonly predictions = new Map<string, Map<string, number>>();
  readonly rejected = new Map<RejectReason, number>();
  outcomes = 0;
  runs = 0;
  late = 0;

  constructor(topic: string) {
    this.topic = topic;
  }

  predicted(model: string, version: string): void {
    const versions = this.predictions.get(model) ?? new Map<string, number>();
    this.predictions.set(model, versions.set(version, (versions.get(version) ?? 0) + 1));
  }

  add(specimen: Specimen): void {
    for (const [model, version] of specimen.predictions) this.predicted(model, version);
    for (const reason of specimen.rejected) this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + 1);
    this.outcomes += specimen.outcomes ?? 0;
    this.runs += specimen.runs ?? 0;
    this.late += specimen.late ?? 0;
  }

  /** Samples that the page has to have, by `name{labels}` with labels in alphabetical order. */
  samples(): Map<string, number> {
    const topic = `topic="${this.topic}"`;
    const expected = new Map<string, number>();
    let predictions = 0;
    for (const [model, versions] of this.predictions) {
      for (const [version, count] of versions) {
        expected.set(`ml_predictions_total{model="${escaped(model)}",version="${escaped(version)}"}`, count);
        predictions += count;
      }
    }
    for (const [type, count] of Object.entries({ prediction: predictions, outcome: this.outcomes, run: this.runs }))
      expected.set(`ml_exporter_events_total{${topic},type="${type}"}`, count);
    for (const reason of rejectReasons)
      expected.set(`ml_exporter_events_rejected_total{reason="${reason}",${topic}}`, this.rejected.get(reason) ?? 0);
    for (const [reason, count] of Object.entries({ log: this.late, frontier: 0, ahead: 0 }))
      expected.set(`ml_exporter_late_events_total{reason="${reason}",${topic}}`, count);
    expected.set(`ml_exporter_offset_gap_records_total{${topic}}`, 0);
    for (let partition = 0; partition < partitions; partition++)
      expected.set(`ml_exporter_consumer_lag_records{partition="${partition}",${topic}}`, 0);
    return expected;
  }

  /**
   * Samples that the page has to have once the last minute of event time is closed: every value of every feature of the
   * stream was folded. A hundred values settle a feature's type, so no state but `ok` is met.
   */
  closedSamples(): Map<string, number> {
    const expected = new Map<string, number>();
    for (const [version, count] of this.predictions.get(streamModel) ?? []) {
      for (const feature of ["numeric_feature_0", "numeric_feature_14", "category_0", "category_4"]) {
        const labels = `feature="${feature}",model="${streamModel}",state="ok",version="${version}"`;
        expected.set(`ml_feature_values_total{${labels}}`, count);
      }
    }
    return expected;
  }
}

/** The model of `predictionLine`. */
const streamModel = "bench";

/** A label's value as the text format writes it. */
function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

/**
 * The records of a stream in the order in which they are produced; the tally is complete when the last one was taken.
 * @param endMillis the events' times are spread over the 26 hours before
 */
export function* poisonedStream(many: number, endMillis: number, tally: Tally): Generator<StreamRecord> {
  const next = random(7);
  const first = endMillis - endsBeforeMillis - spanMillis;
  for (let index = 0; index < many; index++) {
    const inOrder = first + disorderMillis + ((spanMillis - disorderMillis) * index) / many;
    const timeMillis = Math.floor(inOrder - disorderMillis * next());
    tally.records += 1;
    yield { partition: index % partitions, timestamp: String(timeMillis), value: recordValue(index, timeMillis, next, tally) };
  }
}

function recordValue(index: number, timeMillis: number, next: () => number, tally: Tally): Buffer | null {
  const specimen = specimenAt(index);
  if (specimen !== null) {
    tally.add(specimen);
    return specimen.value(timeMillis);
  }
  tally.predicted(streamModel, index % 10 === 0 ? "2" : "1");
  return Buffer.from(predictionLine(next, index, timeMillis));
}

const light = [...poison, ...oddities];

/** Where in its hundred a record is poisoned changes, so that each partition gets its share. */
function specimenAt(index: number): Specimen | null {
  const nth = Math.floor(index / recordsAPoison);
  if (index % recordsAPoison !== (nth * 37) % recordsAPoison) return null;
  if (nth % poisonsAHuge === poisonsAHuge / 10) return huge;
  if (nth % poisonsAHeavy === poisonsAHeavy - 1) return heavy[Math.floor(nth / poisonsAHeavy) % heavy.length] as Specimen;
  return light[nth % light.length] as Specimen;
}

/** Produces a stream as fast as the broker takes it, holding a batch at a time. */
export async function produceStream(
  send: (records: StreamRecord[]) => Promise<unknown>,
  records: Iterable<StreamRecord>,
  recordsABatch = 2000,
): Promise<void> {
  let batch: StreamRecord[] = [];
  // The next batch is made while the last one is on its way.
  let sending: Promise<unknown> = Promise.resolve();
  for (const record of records) {
    batch.push(record);
    if (batch.length < recordsABatch) continue;
    await sending;
    sending = send(batch);
    batch = [];
  }
  await sending;
  if (batch.length > 0) await send(batch);
}

/** What a page says otherwise than it has to; predictions of anyone who is not expected are also a difference. */
export function differences(page: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>): string[] {
  const found: string[] = [];
  for (const [key, count] of expected) if (page.get(key) !== count) found.push(`${key} is ${page.get(key)}, not ${count}`);
  for (const [key, count] of page) {
    if (key.startsWith("ml_predictions_total{") && !expected.has(key)) found.push(`${key} is ${count}, and nobody sent those`);
  }
  return found;
}
