// A classic histogram of durations whose sum is exact in any order: the state shared by latency and event delay.
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";

export interface DurationHistogram {
  /** By bucket, not cumulated; the last has no upper bound. */
  readonly counts: Float64Array;
  /** The sum in whole seconds and whole microseconds below a second, so that the order of adding does not matter. */
  sumSeconds: number;
  sumMicros: number;
}

export function zeroDurations(boundsSeconds: readonly number[]): DurationHistogram {
  return { counts: new Float64Array(boundsSeconds.length + 1), sumSeconds: 0, sumMicros: 0 };
}

const second = 1_000_000;

/** The sum of all durations in seconds. */
export function durationSum(state: DurationHistogram): number {
  return state.sumSeconds + state.sumMicros / second;
}

/** Adds a duration in milliseconds; buckets are (a, b] as `le` has it. */
export function addDuration(state: DurationHistogram, boundsSeconds: readonly number[], millis: number): void {
  const seconds = millis / 1000;
  let bucket = 0;
  while (bucket < boundsSeconds.length && seconds > (boundsSeconds[bucket] as number)) bucket += 1;
  state.counts[bucket] = (state.counts[bucket] as number) + 1;
  const micros = Math.round(millis * 1000);
  state.sumMicros += micros % second;
  state.sumSeconds += Math.floor(micros / second);
  if (state.sumMicros < second) return;
  state.sumMicros -= second;
  state.sumSeconds += 1;
}

export function encodeDurations(state: DurationHistogram, writer: Writer): void {
  writeAll(writer, [...state.counts], (count) => writer.unsigned(count));
  writer.unsigned(state.sumSeconds);
  writer.unsigned(state.sumMicros);
}

export function decodeDurations(reader: Reader): DurationHistogram {
  const counts = Float64Array.from(readAll(reader, () => reader.unsigned()));
  return { counts, sumSeconds: reader.unsigned(), sumMicros: reader.unsigned() };
}
