// The exporter's limits and its process; and whether Prometheus and Alertmanager can tell anybody.
import { beginnings } from "../beginnings.ts";
import type { Panel } from "../spec.ts";

export const ofExporters = 'job="prediction-exporter", instance=~"$instance"';
export const silent = "No exporter of this name has been scraped in this time: is it in the list of targets, and does it answer?";

const of = ofExporters;
const { lines, table } = beginnings(silent);

export const room: readonly Panel[] = [
  {
    ...lines(
      "Limits in use",
      "How much of each limit of the configuration is used. At 100 % what is new is turned away and counted.",
    ),
    unit: "percentunit",
    queries: [{ expr: `ml_exporter_limit_used{${of}} / (ml_exporter_limit{${of}} > 0)`, name: "{{limit}} {{instance}}" }],
    limit: { alert: "ExporterLimitNear", value: 0.8 },
  },
  {
    ...lines(
      "Series on the page",
      "Beside the most that there may be of models. What is beyond it is dropped, newest first (ExporterSeriesDropped).",
    ),
    unit: "short",
    queries: [
      { expr: `ml_exporter_series{${of}}`, name: "all {{instance}}" },
      { expr: `ml_exporter_model_series{${of}}`, name: "of models {{instance}}" },
      { expr: `ml_exporter_series_limit{${of}}`, name: "limit {{instance}}" },
    ],
  },
  {
    ...lines(
      "Turned away",
      "Events, values and series that a limit turned away: all of these are in no number. More than none is a ticket.",
    ),
    unit: "cps",
    queries: [
      {
        expr: `sum by (instance, limit) (rate(ml_exporter_limit_turned_away_total{${of}}[$__rate_interval]))`,
        name: "{{limit}} {{instance}}",
      },
      {
        expr: `sum by (instance, reason) (rate(ml_exporter_series_dropped_total{${of}}[$__rate_interval]))`,
        name: "series: {{reason}} {{instance}}",
      },
    ],
  },
];

export const process: readonly Panel[] = [
  {
    ...lines(
      "How late its timers run",
      "99th percentile. Scrapes and heartbeats to Kafka wait as long; from seconds on Kafka takes its partitions away.",
    ),
    unit: "s",
    queries: [{ expr: `ml_exporter_event_loop_lag_seconds{${of}}`, name: "{{instance}}" }],
    limit: { alert: "ExporterEventLoopSlow", value: 0.5 },
  },
  {
    ...lines(
      "Memory",
      "What the operating system gives it, and what of it is the heap in use. Steady growth over days is a leak or a limit that is too high.",
    ),
    unit: "bytes",
    queries: [
      { expr: `process_resident_memory_bytes{${of}}`, name: "resident {{instance}}" },
      { expr: `nodejs_heap_size_used_bytes{${of}}`, name: "heap {{instance}}" },
    ],
  },
  {
    ...lines("Processor", "Cores that it uses. It folds on one: near 1 for long, and the lag grows."),
    unit: "short",
    queries: [{ expr: `rate(process_cpu_seconds_total{${of}}[$__rate_interval])`, name: "{{instance}}" }],
  },
  {
    ...lines(
      "Scrapes",
      "How long Prometheus waits for the page, and how long collecting it took. Prometheus gives up after 10 s.",
    ),
    unit: "s",
    queries: [
      { expr: `scrape_duration_seconds{${of}}`, name: "scrape {{instance}}" },
      { expr: `ml_exporter_scrape_duration_seconds{${of}}`, name: "collecting {{instance}}" },
    ],
  },
  {
    ...lines("Failed exchanges", "With the source of records, and saves of the state. Single ones are mended by trying again."),
    unit: "cps",
    queries: [
      {
        expr: `sum by (instance, kind) (rate(ml_exporter_source_errors_total{${of}}[$__rate_interval]))`,
        name: "source: {{kind}} {{instance}}",
      },
      { expr: `rate(ml_exporter_snapshot_errors_total{${of}}[$__rate_interval])`, name: "saving {{instance}}" },
    ],
  },
  {
    ...table(
      "What runs",
      "Versions, and whether its parts work. A collector with 0 leaves its series out of the page (ExporterCollectorFailed).",
    ),
    width: 8,
    labels: { instance: "Exporter", version: "Version", collector: "Collector" },
    queries: [
      { expr: `ml_exporter_build_info{${of}}`, name: "Runs", decimals: 0 },
      {
        expr: `ml_exporter_collector_success{${of}}`,
        name: "Works",
        decimals: 0,
        steps: [
          [null, "red"],
          [1, "green"],
        ],
      },
      {
        expr: `ml_exporter_config_last_reload_successful{${of}}`,
        name: "Reloaded",
        decimals: 0,
        steps: [
          [null, "red"],
          [1, "green"],
        ],
      },
    ],
    noData: silent,
  },
];

export const monitoring: readonly Panel[] = [
  {
    ...lines("Rules that fail", "Evaluations of rules that failed. Their alerts cannot fire (PrometheusRuleFailures)."),
    unit: "cps",
    queries: [
      { expr: "sum by (instance) (rate(prometheus_rule_evaluation_failures_total[$__rate_interval]))", name: "{{instance}}" },
    ],
    noData: "Prometheus does not scrape itself.",
  },
  {
    ...lines("Alerts that Alertmanager did not take", "Share of those that Prometheus sent (PrometheusNotificationsFailing)."),
    unit: "percentunit",
    queries: [
      {
        expr: "rate(prometheus_notifications_errors_total[15m]) / (rate(prometheus_notifications_sent_total[15m]) > 0)",
        name: "{{instance}} to {{alertmanager}}",
      },
    ],
    noData: "Prometheus has sent no alert in 15 minutes, or does not scrape itself.",
    limit: { alert: "PrometheusNotificationsFailing", value: 0.01 },
  },
  {
    ...lines(
      "Notifications that were not delivered",
      "Share by way of delivery (AlertmanagerNotificationsFailing pages where it is the pager).",
    ),
    unit: "percentunit",
    queries: [
      {
        expr:
          "sum without (reason) (rate(alertmanager_notifications_failed_total[15m])) / " +
          "(rate(alertmanager_notifications_total[15m]) > 0)",
        name: "{{integration}} {{instance}}",
      },
    ],
    noData: "Nothing was to be delivered in 15 minutes, or Prometheus does not scrape Alertmanager.",
    limit: { alert: "AlertmanagerNotificationsFailing", value: 0.01 },
  },
];
