// Targets beside the demo's exporter, for boards that look at them: recorded pages of other exporters, and of one that has been sent
// events that it rejects, scraped again and again. Their counters grow as they would, by as much of what they were an hour.
import { readFileSync } from "node:fs";
import { type BackfillFile, seriesText } from "../../bench/backfill-file.ts";
import { addPage, type Labels } from "./open-metrics.ts";

interface Recorded {
  /** Its page: in tests/prometheus/recorded where there is no more of a path. */
  readonly name: string;
  readonly target: Labels;
  /** Which of its lines; absent: all. */
  readonly families?: RegExp;
}

const recorded: readonly Recorded[] = [
  {
    name: "fastapi",
    target: { job: "serving", instance: "fraud-api:8000", app: "fraud-api", team: "payments", tier: "critical" },
  },
  { name: "kserve", target: { job: "serving", instance: "ranking:8080", app: "ranking", team: "shop" } },
  { name: "triton", target: { job: "serving", instance: "vision:8002", app: "vision", team: "vision" } },
  { name: "bentoml", target: { job: "serving", instance: "forecast-api:3000", app: "forecast-api", team: "supply" } },
  { name: "dcgm", target: { job: "dcgm", instance: "gpu-host:9400", app: "vision", team: "vision" } },
  { name: "node", target: { job: "node", instance: "host:9100" } },
  { name: "kafka_exporter", target: { job: "kafka", instance: "kafka-exporter:9308", cluster: "main" } },
  { name: "alertmanager", target: { job: "alertmanager", instance: "alertmanager:9093" } },
  { name: "prometheus", target: { job: "prometheus", instance: "localhost:9090" } },
  {
    name: "../../pipeline/golden/scrape.txt",
    target: { job: "prediction-exporter", instance: "another:9877" },
    // What it says of itself; what it says of models has boards of its own.
    families: /^ml_exporter_/,
  },
];

/** What had not happened when a page was recorded, and happens so often an hour. */
const happening: ReadonlyMap<string, number> = new Map([
  ["alertmanager_notifications_total", 12],
  ["prometheus_notifications_sent_total", 240],
  ["alertmanager_notifications_failed_total", 1],
  ["ml_exporter_offset_gap_records_total", 3],
  ["ml_exporter_topic_recreations_total", 1],
]);

/** Gauges that grow without end: where a log ends, and how far a group has read it. */
const growingGauges = ["kafka_topic_partition_current_offset", "kafka_consumergroup_current_offset"];

interface Page {
  readonly text: string;
  readonly target: Labels;
  readonly counters: ReadonlySet<string>;
}

export class RecordedTargets {
  readonly #pages: readonly Page[] = recorded.map(({ name, target, families = /^/ }) => {
    const path = name.includes("/") ? name : `${name}.prom`;
    const whole = readFileSync(new URL(`../prometheus/recorded/${path}`, import.meta.url), "utf8");
    const text = whole
      .split("\n")
      .filter((line) => line.startsWith("# TYPE ") || families.test(line))
      .join("\n");
    const types = [...text.matchAll(/^# TYPE (\S+) (counter|histogram|summary)$/gm)];
    const counters = types.flatMap(([, family, type]) =>
      type === "counter" ? [family as string] : [`${family}_bucket`, `${family}_sum`, `${family}_count`],
    );
    return { text, target, counters: new Set([...counters, ...growingGauges]) };
  });

  /** One scrape of each. */
  scrape(file: BackfillFile, startSeconds: number, seconds: number): void {
    const hours = (seconds - startSeconds) / 3600;
    const growth = 1 + hours;
    for (const { text, target, counters } of this.#pages) {
      addPage(file, text, target, seconds, (name, value) => {
        if (name === "node_time_seconds") return seconds;
        const anHour = happening.get(name);
        if (anHour !== undefined) return Number(value) + anHour * hours;
        return counters.has(name) ? Number(value) * growth : value;
      });
      ofScrape(file, target, seconds);
    }
  }
}

/** What Prometheus writes of each scrape. */
export function ofScrape(file: BackfillFile, target: Labels, seconds: number): void {
  const add = (name: string, value: number): void => file.add(seriesText({ __name__: name, ...target }), value, seconds);
  add("up", 1);
  add("scrape_duration_seconds", 0.05);
  add("scrape_samples_scraped", 1000);
}
