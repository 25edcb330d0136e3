// What models run on: the serving API, its GPUs, hosts, Kafka. For whoever is called because of these.
import { beginnings } from "../beginnings.ts";
import type { Board, Panel } from "../spec.ts";
import { app, host } from "../variables.ts";
import { hosts, kafka } from "./infrastructure-hosts.ts";

const notScraped = "Nothing of the kind is scraped: the list of its targets is empty, or they do not answer.";
const { lines, stat } = beginnings(notScraped);
const ofApp = 'app=~"$app"';
const ofGpu = 'app=~"$app"';
const noRequests = "No request came in 15 minutes, or no serving API is scraped.";

const serving: readonly Panel[] = [
  {
    ...stat("Replicas that answer", "Share of the replicas of each app. None: ServingDown."),
    width: 24,
    unit: "percentunit",
    queries: [{ expr: `avg by (app) (up{job="serving", ${ofApp}})`, name: "{{app}}" }],
    steps: [
      [null, "red"],
      [0.01, "orange"],
      [1, "green"],
    ],
  },
  {
    ...lines("Requests", "Per second. Fewer than predictions: not all predictions go this way. More: some bring no event."),
    unit: "reqps",
    queries: [{ expr: `sum by (app, framework) (app:serving_requests:rate15m{${ofApp}})`, name: "{{app}} ({{framework}})" }],
    noData: noRequests,
  },
  {
    ...lines("Failed requests", "Share of the last 15 minutes, and the share that is too much (of some requests at least)."),
    unit: "percentunit",
    queries: [
      {
        expr: `sum by (app, framework) (app:serving_errors:rate15m{${ofApp}}) / (sum by (app, framework) (app:serving_requests:rate15m{${ofApp}}) > 0)`,
        name: "{{app}} ({{framework}})",
      },
      { expr: "max(threshold:serving_errors:ratio)", name: "too many", limitOf: "ServingErrorsHigh" },
    ],
    noData: noRequests,
  },
  {
    ...lines(
      "Latency of requests",
      "99th percentile of the last 15 minutes (of Triton the mean), and what callers do not wait for.",
    ),
    unit: "s",
    queries: [
      {
        expr: `max by (app, framework, statistic) (app:serving_latency_seconds:rate15m{${ofApp}})`,
        name: "{{app}} ({{framework}}, {{statistic}})",
      },
      { expr: "max(threshold:serving_latency:seconds)", name: "too slow", limitOf: "ServingLatencyHigh" },
    ],
    noData: noRequests,
  },
];

const gpu: readonly Panel[] = [
  {
    ...lines(
      "Busy",
      "Share of time in percent in which something ran on the card. Below the line while its app has requests: GpuIdle.",
    ),
    unit: "percent",
    max: 100,
    queries: [
      { expr: `gpu:DCGM_FI_DEV_GPU_UTIL:max{${ofGpu}}`, name: "{{instance}} GPU {{gpu}}" },
      { expr: "max(threshold:gpu_busy:percent)", name: "idle", limitOf: "GpuIdle" },
    ],
  },
  {
    ...lines("Memory of GPUs", "Share in use. What is always in use and grows for hours without end is a leak (GpuMemoryLeak)."),
    unit: "percentunit",
    max: 1,
    queries: [{ expr: `gpu:gpu_memory_used:ratio{${ofGpu}}`, name: "{{instance}} GPU {{gpu}}" }],
  },
  {
    ...lines(
      "Errors and throttling",
      "The code of the last XID error (0: none), and how often a card was slowed down by heat or lack of power.",
    ),
    queries: [
      { expr: `gpu:DCGM_FI_DEV_XID_ERRORS:max{${ofGpu}}`, name: "XID, {{instance}} GPU {{gpu}}" },
      {
        expr: `max by (instance, gpu, clock_event) (DCGM_EXP_CLOCK_EVENTS_COUNT{${ofGpu}})`,
        name: "{{clock_event}}, {{instance}} GPU {{gpu}}",
      },
    ],
  },
];

export const infrastructure: Board = {
  uid: "ml-infrastructure",
  title: "ML: infrastructure",
  audience: "For whoever runs what models need: serving APIs, GPUs, hosts, Kafka.",
  questions: [
    "Does the serving API answer, how fast, and how often not?",
    "Are GPUs used, and is their memory enough?",
    "Are hosts short of memory, disk or time?",
    "Has Kafka all its brokers, replicas and leaders, and who is behind?",
  ],
  variables: [app, host],
  annotations: "alerts",
  rows: [
    { title: "Serving", panels: serving },
    { title: "GPUs", panels: gpu },
    { title: "Hosts", panels: hosts },
    { title: "Kafka", panels: kafka },
  ],
};
