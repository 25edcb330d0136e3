// How the exporter itself is doing: its logs, its limits, its snapshots. Model series are elsewhere.
import { rejectReasons } from "../event/reason.ts";
import type { Collector, Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import type { SeriesLimit } from "../expose/series-limit.ts";
import type { Source } from "../source/source.ts";
import { type EventType, type LogState, lateReasons } from "../state/log-state.ts";
import type { Configuration } from "./configuration.ts";
import { type Ingest, isBehind, unreadRecords } from "./ingest.ts";
import { limitViews } from "./limits.ts";
import type { Progress } from "./progress.ts";
import type { Snapshotter } from "./snapshotter.ts";

const gauge = (name: string, help: string, labels: readonly string[] = []): Family => ({ name, help, type: "gauge", labels });
const counter = (name: string, help: string, labels: readonly string[] = []): Family => ({ name, help, type: "counter", labels });

const buildInfo = gauge("ml_exporter_build_info", "Version of the exporter.", ["version"]);
const up = gauge("ml_exporter_kafka_up", "Whether the source of records answers.");
const rebuilds = counter("ml_exporter_source_rebuilds_total", "Times the client of the source was built anew.");
const sourceErrors = counter("ml_exporter_source_errors_total", "Failed exchanges with the source by kind.", ["kind"]);
const restoring = gauge("ml_exporter_restoring", "1 while the logs are being caught up with: counters are withheld.");
const lagRecords = gauge("ml_exporter_consumer_lag_records", "Records not read yet.", ["topic", "partition"]);
const lagSeconds = gauge(
  "ml_exporter_consumer_lag_seconds",
  "Age of the latest event read, of the log furthest behind; 0 when all is read.",
);
const paused = gauge("ml_exporter_log_paused", "1 for a log that waits for slower ones.", ["topic", "partition"]);
const frontier = gauge("ml_exporter_frontier_timestamp_seconds", "End of the last pane that was closed.");
const heldBy = gauge("ml_exporter_frontier_held_by", "1 for the logs that the frontier waits for.", ["topic", "partition"]);
const leftBehind = counter("ml_exporter_logs_left_behind_total", "Times a stuck log was no longer waited for.");
const openPanes = gauge("ml_exporter_open_panes", "Minutes of event time that are not closed.");
const rejected = counter("ml_exporter_events_rejected_total", "Records and events that are not valid, by reason.", [
  "topic",
  "reason",
]);
const late = counter("ml_exporter_late_events_total", "Events that came after their pane was closed, by who closed it.", [
  "topic",
  "reason",
]);
const events = counter("ml_exporter_events_total", "Valid events by type.", ["topic", "type"]);
const gaps = counter(
  "ml_exporter_offset_gap_records_total",
  "Records that were deleted, lost or unreadable before they were read.",
  ["topic"],
);
const recreated = counter(
  "ml_exporter_topic_recreations_total",
  "Times a log was found to be shorter than before: its topic was created anew.",
  ["topic"],
);
const snapshotAge = gauge("ml_exporter_snapshot_age_seconds", "Time since the state was last saved.");
const snapshotErrors = counter("ml_exporter_snapshot_errors_total", "Snapshots that could not be saved.");
const series = gauge("ml_exporter_model_series", "Series of models that the limit has admitted.");
const seriesLimit = gauge("ml_exporter_series_limit", "The most series of models on the page.");
const dropped = counter("ml_exporter_series_dropped_total", "Series turned away, by reason.", ["reason"]);
const limitUsed = gauge("ml_exporter_limit_used", "How much of a limit is used.", ["limit"]);
const limitMost = gauge("ml_exporter_limit", "A limit of the configuration.", ["limit"]);
const turnedAway = counter(
  "ml_exporter_limit_turned_away_total",
  "Events or values that a limit turned away; they count in totals only.",
  ["limit"],
);

const reloadOk = gauge(
  "ml_exporter_config_last_reload_successful",
  "Whether the last attempt to load the configuration succeeded.",
);
const loadedAt = gauge(
  "ml_exporter_config_last_reload_success_timestamp_seconds",
  "When the configuration in effect was loaded.",
);

const eventTypes: readonly EventType[] = ["prediction", "outcome", "run"];

export interface ExporterParts {
  readonly ingest: Ingest;
  readonly progress: Progress;
  readonly source: Source;
  readonly snapshotter: Snapshotter;
  readonly limit: SeriesLimit;
  readonly version: string;
  readonly topics: readonly string[];
  readonly configuration: Configuration;
  readonly countersKnown: () => boolean;
  readonly now: () => number;
}

export class ExporterCollector implements Collector {
  readonly name = "exporter";
  readonly families: readonly Family[] = [
    buildInfo,
    up,
    rebuilds,
    sourceErrors,
    restoring,
    lagRecords,
    lagSeconds,
    paused,
    frontier,
    heldBy,
    leftBehind,
    openPanes,
    rejected,
    late,
    events,
    gaps,
    recreated,
    snapshotAge,
    snapshotErrors,
    reloadOk,
    loadedAt,
    series,
    seriesLimit,
    dropped,
    limitUsed,
    limitMost,
    turnedAway,
  ];
  readonly #parts: ExporterParts;
  readonly #made = new Map<string, Series>();

  constructor(parts: ExporterParts) {
    this.#parts = parts;
  }

  *collect(page: Page): Iterable<void> {
    const write = (family: Family, value: number, ...labels: string[]): void => page.sample(this.#series(family, labels), value);
    this.#source(write);
    this.#logs(write);
    yield;
    this.#topics(write);
    this.#limits(write);
  }

  #source(write: Write): void {
    const { source, snapshotter, progress, now, version, countersKnown, configuration } = this.#parts;
    const status = source.status();
    write(buildInfo, 1, version);
    write(up, status.up ? 1 : 0);
    write(rebuilds, status.rebuilds);
    for (const [kind, count] of status.errors) write(sourceErrors, count, kind);
    write(restoring, countersKnown() ? 0 : 1);
    write(leftBehind, progress.leftBehind);
    write(snapshotAge, (now() - snapshotter.savedMillis) / 1000);
    write(snapshotErrors, snapshotter.errors);
    write(reloadOk, configuration.lastReloadFailed ? 0 : 1);
    write(loadedAt, configuration.loadedMillis / 1000);
  }

  #logs(write: Write): void {
    const { ingest, now } = this.#parts;
    let lag = 0;
    for (const standing of ingest.standings.values()) {
      const labels = [standing.log.topic, String(standing.log.partition)];
      write(lagRecords, unreadRecords(standing), ...labels);
      write(paused, standing.paused ? 1 : 0, ...labels);
      const latest = standing.state.latestMillis;
      if (isBehind(standing, standing.bounds.end) && Number.isFinite(latest)) lag = Math.max(lag, now() - latest);
    }
    write(lagSeconds, lag / 1000);
    const holding = new Set(ingest.fold.heldBy);
    for (const log of ingest.fold.logs.values()) write(heldBy, holding.has(log) ? 1 : 0, log.topic, String(log.partition));
    write(frontier, ingest.fold.frontierMillis / 1000);
    write(openPanes, ingest.fold.openPanes);
  }

  #topics(write: Write): void {
    if (!this.#parts.countersKnown()) return;
    for (const topic of this.#parts.topics) {
      const logs = [...this.#parts.ingest.fold.logs.values()].filter((log) => log.topic === topic);
      const sum = (of: (log: LogState) => number | undefined): number => logs.reduce((total, log) => total + (of(log) ?? 0), 0);
      const byTopic: readonly (readonly [Family, number, ...string[]])[] = [
        ...rejectReasons.map((reason) => [rejected, sum((log) => log.rejected.get(reason)), reason] as const),
        ...lateReasons.map((reason) => [late, sum((log) => log.late.get(reason)), reason] as const),
        ...eventTypes.map((type) => [events, sum((log) => log.events.get(type)), type] as const),
        [gaps, sum((log) => log.gapRecords)],
        [recreated, sum((log) => log.recreations)],
      ];
      for (const [family, count, ...labels] of byTopic) write(family, count, topic, ...labels);
    }
  }

  #limits(write: Write): void {
    const { limit, ingest, countersKnown } = this.#parts;
    write(series, limit.used);
    write(seriesLimit, limit.limit);
    write(dropped, limit.turnedAway, "limit");
    const views = limitViews(ingest.fold, limit);
    for (const { limit: name, used, allowed } of views) {
      if (used === null || allowed === null) continue;
      write(limitUsed, used, name);
      write(limitMost, allowed, name);
    }
    if (!countersKnown()) return;
    for (const { limit: name, turnedAway: count } of views)
      if (count !== null && name !== "series") write(turnedAway, count, name);
  }

  #series(family: Family, labels: readonly string[]): Series {
    const key = `${family.name} ${labels.join("\u0000")}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = createSeries(family, labels);
    this.#made.set(key, made);
    return made;
  }
}

type Write = (family: Family, value: number, ...labels: string[]) => void;
