// The records of all logs as one sequence in the order of their timestamps: for whoever writes them elsewhere.
import { LogReader, simulatedLogs } from "./log-reader.ts";
import type { StreamOptions, Topic } from "./story.ts";

export interface SimulatedRecord {
  readonly topic: Topic;
  readonly partition: number;
  readonly offset: number;
  readonly timeMillis: number;
  readonly value: Buffer;
}

/** The records with timestamps in [fromMillis, toMillis); of equal timestamps in the order of the logs. */
export function* simulatedRecords(options: StreamOptions, fromMillis: number, toMillis: number): Generator<SimulatedRecord> {
  const readers = simulatedLogs.map((log) => new LogReader(log, options));
  for (const reader of readers) while (reader.nextMillis < fromMillis) reader.read();
  for (;;) {
    let first = readers[0] as LogReader;
    for (const reader of readers) if (reader.nextMillis < first.nextMillis) first = reader;
    if (first.nextMillis >= toMillis) return;
    const offset = first.next;
    const { timeMillis, text } = first.read();
    const { topic, partition } = first.log;
    yield { topic: topic as Topic, partition, offset, timeMillis, value: Buffer.from(text()) };
  }
}
