// Targets beside the exporter, for boards that look at them: recorded pages of other exporters, scraped again and again. Their
// counters grow as they would, by as much of what they were an hour.
import { readFileSync } from "node:fs";
import { type BackfillFile, seriesText } from "../../bench/backfill-file.ts";
import { addPage, type Labels } from "./open-metrics.ts";

const recorded: readonly { readonly name: string; readonly target: Labels }[] = [
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
];

/** Gauges that grow without end: where a log ends, and how far a group has read it. */
const growingGauges = ["kafka_topic_partition_current_offset", "kafka_consumergroup_current_offset"];

interface Page {
  readonly text: string;
  readonly target: Labels;
  readonly counters: ReadonlySet<string>;
}

export class RecordedTargets {
  readonly #pages: readonly Page[] = recorded.map(({ name, target }) => {
    const text = readFileSync(new URL(`../prometheus/recorded/${name}.prom`, import.meta.url), "utf8");
    const types = [...text.matchAll(/^# TYPE (\S+) (counter|histogram|summary)$/gm)];
    const counters = types.flatMap(([, family, type]) =>
      type === "counter" ? [family as string] : [`${family}_bucket`, `${family}_sum`, `${family}_count`],
    );
    return { text, target, counters: new Set([...counters, ...growingGauges]) };
  });

  /** One scrape of each. */
  scrape(file: BackfillFile, startSeconds: number, seconds: number): void {
    const growth = 1 + (seconds - startSeconds) / 3600;
    for (const { text, target, counters } of this.#pages) {
      addPage(file, text, target, seconds, (name, value) => {
        if (name === "node_time_seconds") return seconds;
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
