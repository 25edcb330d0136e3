// Batch runs: how many ended how, when the last one succeeded, with how many rows and after how long; beside it when runs
// are expected, so that a rule can tell a late one.
import type { RunEvent, RunState } from "../event/event.ts";
import { runStates } from "../event/event.ts";
import type { Family } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import type { TotalsMonitor } from "./monitor.ts";

const labels = ["model", "version"] as const;
const runs: Family = {
  name: "ml_batch_runs_total",
  help: "Batch runs by what was said of them: started, succeeded, failed.",
  type: "counter",
  labels: [...labels, "state", "shard"],
};
const lastSuccess: Family = {
  name: "ml_batch_last_success_timestamp_seconds",
  help: "When the latest successful run ended.",
  type: "gauge",
  labels,
};
const rows: Family = { name: "ml_batch_rows", help: "Rows of the latest successful run.", type: "gauge", labels };
const duration: Family = {
  name: "ml_batch_duration_seconds",
  help: "From start to end of the latest run that ended, where both were said.",
  type: "gauge",
  labels,
};
const period: Family = {
  name: "ml_batch_period_seconds",
  help: "How often a run is expected to succeed.",
  type: "gauge",
  labels,
};
const grace: Family = {
  name: "ml_batch_grace_seconds",
  help: "How much later than expected a run may be.",
  type: "gauge",
  labels,
};
const expectedRows: Family = {
  name: "ml_batch_expected_rows",
  help: "Rows that a successful run has at the least.",
  type: "gauge",
  labels,
};

/** Runs that are remembered until they end. Two of one job hardly ever overlap; what is forgotten loses its duration. */
const remembered = 16;

interface Run {
  readonly id: string;
  /** The earliest start and the latest end that were said; NaN where none was. */
  startedMillis: number;
  endedMillis: number;
}

export interface BatchRuns {
  readonly counts: Record<RunState, number>;
  lastSuccessMillis: number;
  lastSuccessRows: number;
  /** The latest ones, by id. */
  readonly runs: Map<string, Run>;
}

export const batch: TotalsMonitor<BatchRuns> = {
  name: "batch",
  families: [runs, lastSuccess, rows, duration, period, grace, expectedRows],
  series: (state) => (happened(state) ? runStates.length + 6 : 0),
  zero: () => ({
    counts: { started: 0, succeeded: 0, failed: 0 },
    lastSuccessMillis: Number.NaN,
    lastSuccessRows: Number.NaN,
    runs: new Map(),
  }),
  run(state, event) {
    state.counts[event.state] += 1;
    noteRun(state.runs, event);
    if (event.state !== "succeeded") return;
    if (event.timeMillis === state.lastSuccessMillis) {
      // Of two that ended in the same millisecond the one with more rows counts, whichever is read first.
      state.lastSuccessRows = greatestOf(event.rows, state.lastSuccessRows);
    } else if (!(event.timeMillis < state.lastSuccessMillis)) {
      state.lastSuccessMillis = event.timeMillis;
      state.lastSuccessRows = event.rows;
    }
  },
  encode,
  decode,
  writer({ model, version }) {
    const subject = [model, version];
    const counters = runStates.map((state) => ({ state, series: createSeries(runs, [...subject, state, "all"]) }));
    const gauges = [lastSuccess, rows, duration, period, grace, expectedRows].map((family) => createSeries(family, subject));
    return {
      write(state, settings, page, zero) {
        for (const { state: named, series } of counters) page.sample(series, zero ? 0 : state.counts[named]);
        const { everyMillis = Number.NaN, graceMillis = Number.NaN, minRows } = settings.batch ?? {};
        const values = [
          state.lastSuccessMillis / 1000,
          state.lastSuccessRows,
          lastDurationMillis(state) / 1000,
          everyMillis / 1000,
          graceMillis / 1000,
          minRows ?? Number.NaN,
        ];
        for (const [index, series] of gauges.entries()) page.sample(series, values[index] as number);
      },
    };
  },
};

function happened({ counts }: BatchRuns): boolean {
  return counts.started + counts.succeeded + counts.failed > 0;
}

function noteRun(known: Map<string, Run>, { runId, state, timeMillis }: RunEvent): void {
  const run = known.get(runId) ?? { id: runId, startedMillis: Number.NaN, endedMillis: Number.NaN };
  if (state === "started") run.startedMillis = leastOf(run.startedMillis, timeMillis);
  else run.endedMillis = greatestOf(run.endedMillis, timeMillis);
  known.set(runId, run);
  if (known.size <= remembered) return;
  known.delete([...known.values()].reduce((oldest, one) => (isOlder(one, oldest) ? one : oldest)).id);
}

function isOlder(one: Run, other: Run): boolean {
  const [a, b] = [latest(one), latest(other)];
  return a < b || (a === b && compareText(one.id, other.id) < 0);
}

function latest({ startedMillis, endedMillis }: Run): number {
  return greatestOf(startedMillis, endedMillis);
}

/** NaN where no run that ended has a start. */
function lastDurationMillis({ runs: known }: BatchRuns): number {
  const whole = [...known.values()].filter(({ startedMillis, endedMillis }) => endedMillis >= startedMillis);
  if (whole.length === 0) return Number.NaN;
  const last = whole.reduce((best, one) =>
    one.endedMillis > best.endedMillis || (one.endedMillis === best.endedMillis && one.id > best.id) ? one : best,
  );
  return last.endedMillis - last.startedMillis;
}

/** Of two numbers of which one may be absent (NaN). */
function leastOf(one: number, other: number): number {
  return one <= other || Number.isNaN(other) ? one : other;
}

function greatestOf(one: number, other: number): number {
  return one >= other || Number.isNaN(other) ? one : other;
}

function encode(state: BatchRuns, writer: Writer): void {
  for (const name of runStates) writer.unsigned(state.counts[name]);
  writer.float(state.lastSuccessMillis);
  writer.float(state.lastSuccessRows);
  const sorted = [...state.runs.values()].sort((a, b) => compareText(a.id, b.id));
  writeAll(writer, sorted, (run) => {
    writer.text(run.id);
    writer.float(run.startedMillis);
    writer.float(run.endedMillis);
  });
}

function decode(reader: Reader): BatchRuns {
  const counts = { started: reader.unsigned(), succeeded: reader.unsigned(), failed: reader.unsigned() };
  const [lastSuccessMillis, lastSuccessRows] = [reader.float(), reader.float()];
  const known = readAll(reader, () => ({ id: reader.text(), startedMillis: reader.float(), endedMillis: reader.float() }));
  return { counts, lastSuccessMillis, lastSuccessRows, runs: new Map(known.map((run) => [run.id, run])) };
}
