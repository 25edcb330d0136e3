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
  // Asked for once a record: each look makes sure that no activity could come before.
  const nextMillis = readers.map((reader) => reader.nextMillis);
  for (;;) {
    const first = nextMillis.indexOf(Math.min(...nextMillis));
    if ((nextMillis[first] as number) >= toMillis) return;
    const reader = readers[first] as LogReader;
    const offset = reader.next;
    const { timeMillis, text } = reader.read();
    nextMillis[first] = reader.nextMillis;
    const { topic, partition } = reader.log;
    yield { topic: topic as Topic, partition, offset, timeMillis, value: Buffer.from(text()) };
  }
}
