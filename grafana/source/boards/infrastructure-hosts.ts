// Of the board of infrastructure: hosts, and Kafka as kafka_exporter sees it.
import { beginnings } from "../beginnings.ts";
import type { Panel } from "../spec.ts";

const { lines, curves, stat } = beginnings("No node_exporter of this name is scraped.");
const ofHost = 'instance=~"$host"';
const noKafka = "No kafka_exporter is scraped, or Kafka does not answer it.";

export const hosts: readonly Panel[] = [
  {
    ...lines("Processors", "Share of time in which they work. Near all of it for long: whatever runs there waits."),
    unit: "percentunit",
    max: 1,
    queries: [
      {
        expr: `1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle", ${ofHost}}[$__rate_interval]))`,
        name: "{{instance}}",
      },
    ],
  },
  {
    ...lines(
      "Memory available",
      "Share of all. Below the line the kernel soon ends the largest process: most likely what serves a model.",
    ),
    unit: "percentunit",
    max: 1,
    queries: [
      {
        expr: `max without (job) (node_memory_MemAvailable_bytes{${ofHost}} / node_memory_MemTotal_bytes{${ofHost}})`,
        name: "{{instance}}",
      },
      { expr: "max(threshold:memory_available:ratio)", name: "too little", limitOf: "HostMemoryLow" },
    ],
  },
  {
    ...lines(
      "Disks",
      "Share that is free, of the ten fullest. Below the upper line their trend is watched, below the lower one it is too late to wait.",
    ),
    unit: "percentunit",
    max: 1,
    queries: [
      { expr: `bottomk(10, device:node_filesystem_avail:ratio{${ofHost}})`, name: "{{instance}} {{device}}" },
      { expr: "max(threshold:disk_filling:ratio)", name: "filling", limitOf: "HostDiskFilling" },
      { expr: "max(threshold:disk_full:ratio)", name: "full", limitOf: "HostDiskFilling" },
    ],
  },
  {
    ...curves(
      "Clocks",
      "Difference from the clock of Prometheus. Events stamped by a wrong clock fall into wrong minutes. All by as much: it is Prometheus'.",
    ),
    unit: "s",
    queries: [
      {
        expr: `max without (job) (node_time_seconds{${ofHost}} - timestamp(node_time_seconds{${ofHost}}))`,
        name: "{{instance}}",
      },
      { expr: "max(threshold:clock_skew:seconds)", name: "too much", limitOf: "HostClockSkew" },
    ],
  },
  {
    ...lines("Network", "Bytes a second, in and out, of all devices but the local one."),
    unit: "Bps",
    queries: [
      {
        expr: `sum by (instance) (rate(node_network_receive_bytes_total{device!="lo", ${ofHost}}[$__rate_interval]))`,
        name: "in, {{instance}}",
      },
      {
        expr: `sum by (instance) (rate(node_network_transmit_bytes_total{device!="lo", ${ofHost}}[$__rate_interval]))`,
        name: "out, {{instance}}",
      },
    ],
  },
  {
    ...lines("Waiting for memory", "Share of time in which something waited for memory: more than a little, and all is slow."),
    unit: "percentunit",
    queries: [
      {
        expr: `max by (instance) (rate(node_pressure_memory_waiting_seconds_total{${ofHost}}[$__rate_interval]))`,
        name: "{{instance}}",
      },
    ],
  },
];

export const kafka: readonly Panel[] = [
  {
    ...stat("Brokers", "In the cluster's metadata. One less than before: KafkaBrokerDown."),
    width: 8,
    decimals: 0,
    queries: [{ expr: "max by (cluster) (kafka_brokers)", name: "{{cluster}}" }],
    noData: noKafka,
  },
  {
    ...stat("Without a leader", "Partitions that can neither be written nor read (KafkaOfflinePartitions pages)."),
    width: 8,
    decimals: 0,
    queries: [
      {
        expr:
          "count by (cluster) (max without (instance, job) (kafka_topic_partition_replicas) " +
          "unless max without (instance, job) (kafka_topic_partition_leader))",
        name: "{{cluster}}",
      },
    ],
    steps: [
      [null, "green"],
      [1, "red"],
    ],
    noData: "None: all partitions that are known have a leader.",
  },
  {
    ...stat("Too few replicas", "Partitions with fewer replicas in sync than they have (KafkaUnderReplicated)."),
    width: 8,
    decimals: 0,
    queries: [
      {
        expr: "sum by (cluster) (max without (instance, job) (kafka_topic_partition_under_replicated_partition))",
        name: "{{cluster}}",
      },
    ],
    steps: [
      [null, "green"],
      [1, "orange"],
    ],
    noData: noKafka,
  },
  {
    ...lines("Written", "Records a second of the ten busiest topics."),
    unit: "cps",
    queries: [
      {
        expr: "topk(10, sum by (topic) (max without (instance, job) (deriv(kafka_topic_partition_current_offset[10m]))))",
        name: "{{topic}}",
      },
    ],
    noData: noKafka,
  },
  {
    ...lines(
      "How far groups are behind",
      "In seconds at the rate of writing, of the ten furthest behind. A feature pipeline that is behind serves old features.",
    ),
    unit: "s",
    queries: [
      { expr: "topk(10, max by (consumergroup) (consumergroup:kafka_consumergroup_lag:seconds))", name: "{{consumergroup}}" },
    ],
    noData: "Nothing is being written, or no kafka_exporter is scraped.",
  },
  {
    ...lines("Records to read", "Of the ten groups and topics with most. What grows for long is not read fast enough."),
    queries: [
      {
        expr: "topk(10, sum by (consumergroup, topic) (max without (instance, job) (kafka_consumergroup_lag >= 0)))",
        name: "{{consumergroup}}, {{topic}}",
      },
    ],
    noData: noKafka,
  },
];
