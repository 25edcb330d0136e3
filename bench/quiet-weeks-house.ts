// What surrounds the exporter in quiet weeks: every other job of prometheus.yml answers and is well, minute by minute. Also those
// series of the exporter's own page that are of a process, as nothing here runs as one.
import { matches, type Selector } from "../scripts/rules/selectors.ts";
import type { Labels } from "./quiet-weeks-rules.ts";

export interface HouseSeries {
  readonly metric: string;
  readonly labels: Labels;
  /** @param minute since the beginning */
  readonly at: (minute: number, seconds: number) => number;
}

const exporter = { job: "prediction-exporter", instance: "localhost:9877" };
const serving = { job: "serving", instance: "localhost:8000", app: "checkout", team: "payments", tier: "critical" };
const gpu = { job: "dcgm", instance: "localhost:9400", gpu: "0", UUID: "GPU-0", app: "checkout", team: "payments" };
const host = { job: "node", instance: "localhost:9100" };
const disk = { ...host, device: "/dev/vda1", mountpoint: "/", fstype: "ext4" };
const kafka = { job: "kafka", instance: "localhost:9308" };
const partition = { ...kafka, topic: "predictions", partition: "0" };
const alertmanager = { job: "alertmanager", instance: "localhost:9093" };
const prometheus = { job: "prometheus", instance: "localhost:9090" };
const answering = [exporter, serving, gpu, host, kafka, alertmanager, prometheus];

const constant = (metric: string, labels: Labels, value: number): HouseSeries => ({ metric, labels, at: () => value });
/** A counter that goes up by the same each minute. */
const growing = (metric: string, labels: Labels, aMinute: number): HouseSeries => ({
  metric,
  labels,
  at: (minute) => minute * aMinute,
});

const gigabyte = 1e9;
const brokers = ["1", "2", "3"];

export const house: readonly HouseSeries[] = [
  ...answering.map(({ job, instance }) => constant("up", { job, instance }, 1)),
  // The whole state is written every 30 s where the exporter runs as it is configured; here once a week.
  constant("ml_exporter_snapshot_age_seconds", exporter, 15),
  constant("ml_exporter_event_loop_lag_seconds", exporter, 0.01),

  growing("http_requests_total", { ...serving, handler: "/predict", status: "2xx" }, 600),
  constant("http_requests_total", { ...serving, handler: "/predict", status: "5xx" }, 0),
  growing("http_request_duration_highr_seconds_bucket", { ...serving, le: "0.1" }, 597),
  growing("http_request_duration_highr_seconds_bucket", { ...serving, le: "+Inf" }, 600),

  constant("DCGM_FI_DEV_GPU_UTIL", gpu, 60),
  constant("DCGM_FI_DEV_FB_USED", gpu, 20_000),
  constant("DCGM_FI_DEV_FB_FREE", gpu, 20_000),
  constant("DCGM_FI_DEV_XID_ERRORS", gpu, 0),
  constant("DCGM_EXP_CLOCK_EVENTS_COUNT", { ...gpu, clock_event: "sw_thermal" }, 0),

  constant("node_filesystem_avail_bytes", disk, 60 * gigabyte),
  constant("node_filesystem_size_bytes", disk, 100 * gigabyte),
  constant("node_filesystem_readonly", disk, 0),
  constant("node_memory_MemAvailable_bytes", host, 8 * gigabyte),
  constant("node_memory_MemTotal_bytes", host, 16 * gigabyte),
  { metric: "node_time_seconds", labels: host, at: (_, seconds) => seconds },

  constant("kafka_brokers", kafka, brokers.length),
  ...brokers.map((id) => constant("kafka_broker_info", { ...kafka, id, address: `kafka-${id}:9092` }, 1)),
  constant("kafka_topic_partitions", { ...kafka, topic: "predictions" }, 1),
  constant("kafka_topic_partition_replicas", partition, brokers.length),
  constant("kafka_topic_partition_leader", partition, 1),
  constant("kafka_topic_partition_under_replicated_partition", partition, 0),
  growing("kafka_topic_partition_current_offset", partition, 300),
  growing("kafka_consumergroup_current_offset", { ...partition, consumergroup: "prediction-exporter" }, 300),

  growing("alertmanager_notifications_total", { ...alertmanager, integration: "pagerduty" }, 1),
  constant("alertmanager_notifications_failed_total", { ...alertmanager, integration: "pagerduty", reason: "other" }, 0),
  growing("prometheus_notifications_sent_total", { ...prometheus, alertmanager: "http://localhost:9093/api/v2/alerts" }, 1),
  constant("prometheus_notifications_errors_total", { ...prometheus, alertmanager: "http://localhost:9093/api/v2/alerts" }, 0),
  constant("prometheus_rule_evaluation_failures_total", { ...prometheus, rule_group: "rules/drift.yml;drift" }, 0),
];

/** What Prometheus adds to each series that it scrapes of the exporter. */
export const exporterTarget = exporter;

export function isAsked({ metric, labels }: Pick<HouseSeries, "metric" | "labels">, selectors: readonly Selector[]): boolean {
  return selectors.some((selector) => {
    return selector.metric === metric && selector.matchers.every((matcher) => matches(matcher, labels[matcher.label]));
  });
}
