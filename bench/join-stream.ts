// A stream of predictions and outcomes in random order within the horizon, with duplicates, orphans and late ones, and what the
// page has to say of it, reckoned event by event with a map of objects.
import { random } from "./events.ts";

const minute = 60_000;
const hour = 60 * minute;

/** The settings that the stream is for: of each topic, and of the model. */
export const latenessHours = 8;
export const horizonHours = 2;
export const joinModel = "joined";

export const partitions = 3;
export const predictionTopic = "predictions";
export const outcomeTopic = "outcomes";

/** The stream begins so long before the moment that it is given; predictions come in three hours. */
const beginsBefore = 20 * hour;
const predictedIn = 3 * hour;
const horizon = horizonHours * hour;
/** Of the outcomes, one in so many. */
const outcomesAnOrphan = 50;
const outcomesADuplicate = 40;
const outcomesTooLate = 90;
/** One prediction in so many is sent twice. */
const predictionsADuplicate = 60;
/** Behind the last of each partition: enough for its watermark to move. */
const marksALog = 5;
const lateALog = 7;

export interface JoinRecord {
  readonly topic: string;
  readonly partition: number;
  readonly value: string;
}

interface Drawn {
  readonly type: "prediction" | "outcome";
  readonly id: string;
  readonly time: number;
  readonly version: string;
  readonly label: number;
}

/** The events but for those that come behind all others. */
function drawn(predictions: number, outcomes: number, beginMillis: number): Drawn[] {
  const next = random(11);
  const all: Drawn[] = [];
  const add = (type: Drawn["type"], id: string, time: number, index: number): void => {
    all.push({ type, id, time: Math.floor(time), version: index % 10 === 0 ? "2" : "1", label: index % 7 === 0 ? 1 : 0 });
  };
  const timeOf = (index: number): number => beginMillis + horizon + ((index * 7919) % predictions) * (predictedIn / predictions);
  for (let index = 0, sent = 0; sent < predictions; index++, sent++) {
    add("prediction", `p-${index}`, timeOf(index), index);
    if (index % predictionsADuplicate !== 7 || ++sent >= predictions) continue;
    add("prediction", `p-${index}`, timeOf(index) + next() * hour, index);
  }
  for (let index = 0, sent = 0; sent < outcomes; index++, sent++) {
    const time = timeOf(index);
    if (index % outcomesAnOrphan === 3) add("outcome", `nobody-${index}`, time, index);
    else if (index % outcomesTooLate === 5) add("outcome", `p-${index}`, time + horizon + 10 * minute, index);
    else {
      // A few are before their predictions, as clocks go.
      add("outcome", `p-${index}`, time + (next() - 0.02) * 0.9 * horizon, index);
      if (index % outcomesADuplicate !== 9 || ++sent >= outcomes) continue;
      add("outcome", `p-${index}`, time + next() * horizon * 0.9, index);
    }
  }
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1));
    [all[at], all[other]] = [all[other] as Drawn, all[at] as Drawn];
  }
  return all;
}

const topicOf = ({ type }: Pick<Drawn, "type">): string => (type === "prediction" ? predictionTopic : outcomeTopic);

function lineOf({ type, id, time, version, label }: Drawn): string {
  const both = { type, model: joinModel, id, time };
  return JSON.stringify(
    type === "prediction"
      ? {
          ...both,
          version,
          score: label === 1 ? 0.75 : 0.25,
          prediction: label,
          segment: { channel: label === 1 ? "web" : "app" },
        }
      : { ...both, label },
  );
}

/**
 * A stream's events in the order of their logs.
 * @param endMillis now: all of its times are before, and late enough for nothing else to be late
 */
export class JoinStream {
  readonly #events: readonly Drawn[];
  readonly #endMillis: number;

  constructor(predictions: number, outcomes: number, endMillis: number) {
    this.#endMillis = endMillis;
    this.#events = drawn(predictions, outcomes, endMillis - beginsBefore);
  }

  get length(): number {
    return this.#events.length;
  }

  *records(from = 0, to = this.#events.length): Iterable<JoinRecord> {
    for (let at = from; at < to; at++) {
      const event = this.#events[at] as Drawn;
      yield { topic: topicOf(event), partition: at % partitions, value: lineOf(event) };
    }
  }

  /** What comes behind all others: it lets every minute of the stream close, and some of it is late. */
  *marks(): Iterable<JoinRecord> {
    for (let partition = 0; partition < partitions; partition++) {
      for (let mark = 0; mark < marksALog; mark++) {
        for (const type of ["prediction", "outcome"] as const) {
          const time = this.#endMillis - minute;
          const value = JSON.stringify({
            type,
            model: "clock",
            id: `${partition}-${mark}`,
            time,
            score: type === "outcome" ? undefined : 1,
          });
          yield { topic: topicOf({ type }), partition, value };
        }
      }
      for (let late = 0; late < lateALog; late++) {
        const time = this.#endMillis - beginsBefore + horizon;
        const event = { type: "outcome", id: `p-${late}`, time, version: "", label: 1 } as const;
        yield { topic: outcomeTopic, partition, value: lineOf(event) };
      }
    }
  }

  /** Samples of the page when all of it was read, its marks too, by `name{labels}` with labels in alphabetical order. */
  samples(): Map<string, number> {
    const counts = reckoned(this.#events);
    const expected = new Map<string, number>();
    const model = `model="${joinModel}"`;
    for (const version of ["1", "2"]) {
      const of = (name: string): number => counts.get(`${name} ${version}`) ?? 0;
      expected.set(`ml_predictions_total{${model},version="${version}"}`, of("predictions"));
      expected.set(`ml_outcomes_total{${model},state="joined",version="${version}"}`, of("joined"));
      expected.set(`ml_predictions_expired_total{${model},version="${version}"}`, of("expired"));
      expected.set(`ml_predictions_duplicate_total{${model},version="${version}"}`, of("repeated"));
      expected.set(`ml_label_delay_seconds_count{${model},version="${version}"}`, of("joined"));
      expected.set(`ml_label_delay_seconds_sum{${model},version="${version}"}`, of("delay") / 1000);
    }
    expected.set(`ml_outcomes_total{${model},state="orphaned",version=""}`, counts.get("orphaned ") ?? 0);
    expected.set(`ml_outcomes_total{${model},state="duplicate",version=""}`, counts.get("duplicate ") ?? 0);
    expected.set(`ml_outcomes_total{${model},state="late",version=""}`, lateALog * partitions);
    expected.set(`ml_predictions_pending{${model}}`, 0);
    expected.set(`ml_exporter_late_events_total{reason="log",topic="${outcomeTopic}"}`, lateALog * partitions);
    expected.set(`ml_exporter_late_events_total{reason="log",topic="${predictionTopic}"}`, 0);
    expected.set(`ml_exporter_limit_turned_away_total{limit="pending"}`, 0);
    return expected;
  }
}

/** By what became of them and version. All that repeats an id is within the horizon of the first of its side. */
function reckoned(events: readonly Drawn[]): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (name: string, version: string, by = 1): void => {
    counts.set(`${name} ${version}`, (counts.get(`${name} ${version}`) ?? 0) + by);
  };
  const byId = new Map<string, { prediction?: Drawn; outcome?: Drawn }>();
  for (const event of events) {
    const known = byId.get(event.id) ?? {};
    byId.set(event.id, known);
    if (event.type === "prediction") add("predictions", event.version);
    const same = known[event.type];
    if (same !== undefined)
      add(event.type === "prediction" ? "repeated" : "duplicate", event.type === "prediction" ? event.version : "");
    if (same === undefined || event.time < same.time) known[event.type] = event;
  }
  for (const { prediction, outcome } of byId.values()) {
    const apart = prediction === undefined || outcome === undefined ? Number.POSITIVE_INFINITY : outcome.time - prediction.time;
    if (prediction !== undefined && Math.abs(apart) <= horizon) {
      add("joined", prediction.version);
      add("delay", prediction.version, Math.max(0, apart));
      continue;
    }
    if (prediction !== undefined) add("expired", prediction.version);
    if (outcome !== undefined) add("orphaned", "");
  }
  return counts;
}

/** Hands records over by topic and partition, as many at a time as a producer takes. */
export async function produceJoin(
  records: Iterable<JoinRecord>,
  produce: (topic: string, partition: number, values: readonly string[]) => Promise<unknown>,
  recordsABatch = 2000,
): Promise<void> {
  const waiting = new Map<string, { readonly topic: string; readonly partition: number; values: string[] }>();
  const send = async (one: { readonly topic: string; readonly partition: number; values: string[] }): Promise<void> => {
    const { values } = one;
    one.values = [];
    if (values.length > 0) await produce(one.topic, one.partition, values);
  };
  for (const { topic, partition, value } of records) {
    const key = `${topic}/${partition}`;
    const one = waiting.get(key) ?? { topic, partition, values: [] };
    waiting.set(key, one);
    one.values.push(value);
    if (one.values.length >= recordsABatch) await send(one);
  }
  for (const one of waiting.values()) await send(one);
}

/** A configuration that reads the stream. @param more of the exporter: keys behind the source */
export function joinConfig(broker: string, group: string, isJoined: boolean, idle: string, more: string): string {
  const lateness = `{lateness: ${latenessHours}h}`;
  const topics = `{${predictionTopic}: ${lateness}, ${outcomeTopic}: ${lateness}}`;
  return `
source: {kafka: {brokers: ["${broker}"], group: ${group}, topics: ${topics}, start: earliest}, idle: ${idle}, ahead: 1d}
models: {${joinModel}: {segments: [channel]${isJoined ? `, outcomes: {horizon: ${horizonHours}h}` : ""}}}
${more}`;
}
