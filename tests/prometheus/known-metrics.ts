// The metrics that rules may ask for: of our own catalogue, of recorded pages of other exporters, of Prometheus itself, and what
// rules record. Each with its labels, those of the target included: of other exporters also what our lists of targets add.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { metricFamilies } from "../../scripts/metric-families.ts";
import type { RuleFile } from "../../scripts/rules/rule-files.ts";
import { ProcessMetrics } from "../../src/expose/process-metrics.ts";
import type { Family } from "../../src/expose/sample.ts";
import { deriveLabels, type Labels } from "./expression-labels.ts";

/** Pages of other exporters, or parts of them, as they send them. */
const recorded = fileURLToPath(new URL("recorded", import.meta.url));
const observedWithinMillis = 100;
const ofTargets = ["instance", "job"];
const targets = fileURLToPath(new URL("../../prometheus/targets", import.meta.url));
/** What Prometheus writes of each scrape. */
const ofScrapes = [
  "up",
  "scrape_duration_seconds",
  "scrape_samples_scraped",
  "scrape_samples_post_metric_relabeling",
  "scrape_series_added",
  "scrape_timeout_seconds",
  "scrape_sample_limit",
  "scrape_body_size_bytes",
];

export class KnownMetrics {
  readonly #scraped: Map<string, Set<string>>;
  readonly #rules: ReadonlyMap<string, readonly { readonly expr: string; readonly labels: readonly string[] }[]>;
  readonly #derived = new Map<string, Labels>();

  private constructor(scraped: Map<string, Set<string>>, files: readonly RuleFile[]) {
    this.#scraped = scraped;
    const rules = new Map<string, { expr: string; labels: string[] }[]>();
    for (const group of files.flatMap((file) => file.groups)) {
      for (const { record, expr, labels } of group.rules) {
        if (record === undefined) continue;
        const one = { expr, labels: Object.keys({ ...group.labels, ...labels }) };
        rules.set(record, [...(rules.get(record) ?? []), one]);
      }
    }
    this.#rules = rules;
  }

  static async of(files: readonly RuleFile[]): Promise<KnownMetrics> {
    const scraped = new Map<string, Set<string>>();
    const add = (name: string, labels: readonly string[]): void => {
      const known = scraped.get(name) ?? new Set(ofTargets);
      for (const label of labels) known.add(label);
      scraped.set(name, known);
    };
    const process = new ProcessMetrics();
    await collectGarbage();
    await process.prepare();
    for (const family of [...(await metricFamilies()), ...process.families]) addFamily(family, add);
    const added = labelsOfTargets();
    for (const name of ofScrapes) add(name, added);
    const pages = existsSync(recorded) ? readdirSync(recorded).filter((name) => name.endsWith(".prom")) : [];
    for (const page of pages)
      addPage(readFileSync(join(recorded, page), "utf8"), (name, labels) => add(name, [...labels, ...added]));
    return new KnownMetrics(scraped, files);
  }

  /** Undefined where nobody exports or records it. */
  labelsOf = (name: string): Labels | undefined => {
    if (name === "ALERTS" || name === "ALERTS_FOR_STATE") return null;
    return this.#scraped.get(name) ?? this.#recordedLabels(name);
  };

  #recordedLabels(name: string): Labels | undefined {
    const rules = this.#rules.get(name);
    if (rules === undefined) return undefined;
    const known = this.#derived.get(name);
    if (known !== undefined) return known;
    // A rule that reads what it records: while it is looked at, its own labels add nothing.
    this.#derived.set(name, new Set());
    const each = rules.map(({ expr, labels }) => ({ derived: deriveLabels(expr, this.labelsOf).labels, labels }));
    const all = each.some(({ derived }) => derived === null)
      ? null
      : new Set(each.flatMap(({ derived, labels }) => [...(derived ?? []), ...labels]));
    this.#derived.set(name, all);
    return all;
  }
}

/** The histogram of garbage collections is on a page only after one. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  await wait(observedWithinMillis);
}

/** Labels that the lists of targets give to whatever is scraped there, or say that they may: those lists are examples in comments. */
function labelsOfTargets(): string[] {
  const files = existsSync(targets) ? readdirSync(targets).filter((name) => name.endsWith(".yml")) : [];
  const lists = files.flatMap((name) => [...readFileSync(join(targets, name), "utf8").matchAll(/labels: *\{([^}]*)\}/g)]);
  const labels = lists.flatMap(([, list]) => [...(list as string).matchAll(/(\w+):/g)].map((found) => found[1] as string));
  return [...new Set(labels)];
}

type Add = (name: string, labels: readonly string[]) => void;

function addFamily({ name, type, labels }: Family, add: Add): void {
  if (type !== "histogram") {
    add(name, labels);
    return;
  }
  add(`${name}_bucket`, [...labels, "le"]);
  add(`${name}_sum`, labels);
  add(`${name}_count`, labels);
}

/** Lines as `name{a="b",c="d"} 1`; comments tell nothing that lines do not. */
function addPage(page: string, add: Add): void {
  for (const line of page.split("\n")) {
    const [, name, labels] = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    add(
      name,
      [...(labels ?? "").matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="(?:[^"\\]|\\.)*"/g)].map((found) => found[1] as string),
    );
  }
}
