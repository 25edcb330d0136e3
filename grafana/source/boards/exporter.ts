// The exporter itself: does it follow, and does it have room? For whoever runs it.
import { beginnings } from "../beginnings.ts";
import type { Board, Panel, Stat } from "../spec.ts";
import { instance } from "../variables.ts";
import { monitoring, ofExporters as of, process, room, silent } from "./exporter-process.ts";

const { lines, stat, table } = beginnings(silent);
const narrow = (title: string, description: string) => ({ ...table(title, description), width: 8 }) as const;
const yes = { text: "yes", color: "green" } as const;

const now: readonly Panel[] = [
  {
    ...stat("Answers", "Whether Prometheus gets its page. ExporterDown pages after 3 minutes without."),
    queries: [{ expr: `up{${of}}`, name: "{{instance}}" }],
    words: { "0": { text: "no", color: "red" }, "1": yes },
  },
  {
    ...stat("Kafka answers", "Whether its source of records answers. ExporterKafkaDown pages after 3 minutes without."),
    queries: [{ expr: `ml_exporter_kafka_up{${of}}`, name: "{{instance}}" }],
    words: { "0": { text: "no", color: "red" }, "1": yes },
  },
  {
    ...stat(
      "Catching up",
      "Whether it still reads what happened while it was down: it withholds counters meanwhile, and no alert looks at it. Minutes are usual, half an hour is not (ExporterRestoringLong).",
    ),
    queries: [{ expr: `ml_exporter_restoring{${of}}`, name: "{{instance}}" }],
    words: { "0": { text: "no", color: "green" }, "1": { text: "yes", color: "orange" } },
  },
  {
    ...stat("Lag", "Age of the newest event read, of the log furthest behind; 0 when all is read. All scores are as old."),
    unit: "s",
    queries: [{ expr: `ml_exporter_consumer_lag_seconds{${of}}`, name: "{{instance}}" }],
    ...limited("ExporterLagGrowing", 300),
  },
  {
    ...stat(
      "Age of the newest minute",
      "How long ago the newest closed minute ended. A minute or two is usual: events may come late. More, without lag: one partition holds all back.",
    ),
    unit: "s",
    queries: [{ expr: `time() - ml_exporter_frontier_timestamp_seconds{${of}}`, name: "{{instance}}" }],
    ...limited("ExporterFrontierHeld", 900),
  },
  {
    ...stat("Age of the saved state", "A crash costs reading that much again. ExporterSnapshotOld is a ticket."),
    unit: "s",
    queries: [{ expr: `ml_exporter_snapshot_age_seconds{${of}}`, name: "{{instance}}" }],
    ...limited("ExporterSnapshotOld", 600),
  },
];

const stream: readonly Panel[] = [
  {
    ...lines("Events read", "Valid events by type. Far fewer than usual: look at the models, or at who writes to the topics."),
    unit: "cps",
    queries: [
      {
        expr: `sum by (instance, type) (rate(ml_exporter_events_total{${of}}[$__rate_interval]))`,
        name: "{{type}} {{instance}}",
      },
    ],
  },
  {
    ...lines(
      "Lag",
      "Age of the newest event read. It falls while the exporter catches up; it grows where it is too slow, or cannot read.",
    ),
    unit: "s",
    queries: [{ expr: `ml_exporter_consumer_lag_seconds{${of}}`, name: "{{instance}}" }],
    limit: { alert: "ExporterLagGrowing", value: 300 },
  },
  {
    ...lines("Unread records", "The ten partitions with most. One of many: look at its broker, or at what its producer writes."),
    unit: "short",
    queries: [
      {
        expr: `topk(10, max by (topic, partition) (ml_exporter_consumer_lag_records{${of}}))`,
        name: "{{topic}}/{{partition}}",
      },
    ],
  },
  {
    ...lines(
      "Age of the newest minute",
      "A staircase is usual: minutes close one by one. A slope is a log that holds the others back.",
    ),
    unit: "s",
    queries: [{ expr: `time() - ml_exporter_frontier_timestamp_seconds{${of}}`, name: "{{instance}}" }],
    limit: { alert: "ExporterFrontierHeld", value: 900 },
  },
  {
    ...lines(
      "Rejected share",
      "Share of what was read of a topic that is not valid, and is in no number. ExporterRejections is a ticket.",
    ),
    unit: "percentunit",
    queries: [
      {
        expr:
          `sum by (instance, topic) (increase(ml_exporter_events_rejected_total{reason!="tombstone", ${of}}[15m])) / ` +
          `(sum by (instance, topic) (increase(ml_exporter_events_rejected_total{reason!="tombstone", ${of}}[15m])) + ` +
          `sum by (instance, topic) (increase(ml_exporter_events_total{${of}}[15m])) > 0)`,
        name: "{{topic}} {{instance}}",
      },
    ],
    noData: "Nothing has been read of any topic in 15 minutes, so there is no share.",
    limit: { alert: "ExporterRejections", value: 0.01 },
  },
  {
    ...lines(
      "Late share",
      "Share of events that came after their minute was closed: they are in totals, and in no window or score.",
    ),
    unit: "percentunit",
    queries: [
      {
        expr:
          `sum by (instance, topic) (increase(ml_exporter_late_events_total{${of}}[30m])) / ` +
          `(sum by (instance, topic) (increase(ml_exporter_events_total{${of}}[30m])) > 0)`,
        name: "{{topic}} {{instance}}",
      },
    ],
    noData: "Nothing has been read of any topic in 30 minutes, so there is no share.",
    limit: { alert: "ExporterLateEvents", value: 0.01 },
  },
];

const turnedAway: readonly Panel[] = [
  {
    ...narrow(
      "Rejected, by reason",
      "In the time that is looked at. The runbook of ExporterRejections says what each reason means.",
    ),
    labels: { instance: "Exporter", topic: "Topic", reason: "Reason" },
    queries: [
      {
        expr: `sum by (instance, topic, reason) (increase(ml_exporter_events_rejected_total{${of}}[$__range])) > 0`,
        name: "Records",
        decimals: 0,
      },
    ],
    noData: "Nothing was rejected in this time.",
    sortBy: "Records",
  },
  {
    ...narrow(
      "Lost before they were read",
      "Deleted by retention, or gone with their topic, before the exporter came to them (ExporterRecordsLost).",
    ),
    labels: { instance: "Exporter", topic: "Topic" },
    queries: [
      { expr: `increase(ml_exporter_offset_gap_records_total{${of}}[$__range]) > 0`, name: "Records", decimals: 0 },
      { expr: `increase(ml_exporter_topic_recreations_total{${of}}[$__range]) > 0`, name: "Created anew", decimals: 0 },
    ],
    noData: "Nothing was lost in this time.",
  },
  {
    ...narrow(
      "Who holds the newest minute back",
      "Partitions that the windows of all models wait for at this moment, and partitions that wait for others.",
    ),
    labels: { instance: "Exporter", topic: "Topic", partition: "Partition" },
    queries: [
      { expr: `ml_exporter_frontier_held_by{${of}} == 1`, name: "Holds", decimals: 0 },
      { expr: `ml_exporter_log_paused{${of}} == 1`, name: "Waits", decimals: 0 },
    ],
    noData: "No partition holds another back.",
  },
];

export const exporter: Board = {
  uid: "ml-exporter",
  title: "ML: exporter",
  audience: "For whoever runs the exporter.",
  questions: [
    "Does it follow its topics, or how far is it behind?",
    "What does it reject, lose or turn away, and why?",
    "How much room is left in its limits, its memory and its processor?",
    "Do rules and notifications work?",
  ],
  variables: [instance],
  annotations: "alerts",
  rows: [
    { title: "Now", panels: now },
    { title: "The stream", panels: stream },
    { title: "What is left out", panels: turnedAway },
    { title: "Limits", panels: room },
    { title: "The process", panels: process },
    { title: "Rules and notifications", collapsed: true, panels: monitoring },
  ],
};

function limited(alert: string, value: number): Pick<Stat, "steps" | "limit"> {
  return {
    steps: [
      [null, "green"],
      [value, "red"],
    ],
    limit: { alert, value },
  };
}
