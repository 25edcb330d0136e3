// The rules that ARCHITECTURE.md states, held by looking at import statements and file names.
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../src/", import.meta.url));
const files = (readdirSync(root, { recursive: true }) as string[]).filter((path) => path.endsWith(".ts")).sort();
const textOf = (path: string): string => readFileSync(join(root, path), "utf8");

/** What each folder may import of ours, beside itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  event: [],
  stats: [],
  primitive: ["stats"],
  window: ["primitive"],
  performance: ["window", "primitive", "stats", "event"],
  reference: ["performance", "primitive", "stats", "event"],
  monitor: ["performance", "reference", "window", "primitive", "stats", "event", "expose/sample.ts", "expose/series.ts"],
  source: ["event"],
  decode: ["event"],
  state: ["monitor", "performance", "reference", "window", "primitive", "event"],
  expose: [],
  config: [],
  pipeline: [
    "event",
    "performance",
    "primitive",
    "stats",
    "window",
    "reference",
    "monitor",
    "source",
    "decode",
    "state",
    "expose",
    "config",
  ],
  estimate: ["event", "performance", "window", "reference", "monitor", "source", "state", "expose", "config", "pipeline"],
  cli: ["estimate", "pipeline", "reference", "source", "decode", "state", "expose", "config"],
};

/** Packages that one file only may load. Of the Kafka client, a second file names the insides that are patched before it is loaded. */
const single: Readonly<Record<string, readonly string[]>> = {
  kafkajs: ["source/kafka/client.ts", "source/kafka/patches.ts"],
  express: ["expose/web.ts"],
  "prom-client": ["expose/process-metrics.ts"],
  "js-yaml": ["config/yaml.ts"],
  hyparquet: ["source/snappy.ts", "source/table/parquet-column.ts", "source/table/parquet-page.ts", "source/table/parquet.ts"],
  zod: ["config/schema/terms.ts"],
  commander: ["cli/main.ts"],
  pino: ["cli/logger.ts"],
};

/** Files that may look at a clock or draw a random number: the edge of the process. */
const edge = ["cli/", "source/kafka", "pipeline/turns.ts"];

const statement =
  /(?:^|\n)\s*(?:import|export)\b[^;]*?from\s+"([^"]+)"|(?:^|\n)\s*import\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)|require\(\s*"([^"]+)"\s*\)/g;

function importsOf(path: string): string[] {
  return [...textOf(path).matchAll(statement)].map(([, ...found]) => found.find((one) => one !== undefined) as string);
}

function ours(path: string): string[] {
  return importsOf(path)
    .filter((target) => target.startsWith("."))
    .map((target) => relative(root, resolve(root, dirname(path), target)));
}

/** Without comments, so that these may speak of what the code must not do. */
function codeOf(path: string): string {
  return textOf(path).replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, "");
}

const folderOf = (path: string): string => path.split("/")[0] as string;

describe("imports", () => {
  test.each(files)("%s imports only what its folder may", (path) => {
    const folder = folderOf(path);
    const may = allowed[folder];
    expect(may, `folder ${folder} is not in the list`).toBeDefined();
    const wrong = ours(path).filter((target) => {
      return folderOf(target) !== folder && !may?.some((place) => target === place || target.startsWith(`${place}/`));
    });
    expect(wrong).toEqual([]);
  });

  test.each(files)("%s imports nothing only for what happens meanwhile", (path) => {
    expect(textOf(path)).not.toMatch(/(^|\n)\s*import\s+"/);
  });

  test.each(Object.entries(single))("%s is loaded by %s alone", (name, loaders) => {
    // Any mention of the name as a text counts: there are more ways to load a module than import statements.
    const mentions = files.filter((path) => codeOf(path).includes(`"${name}"`) || codeOf(path).includes(`"${name}/`));
    expect(mentions).toEqual(loaders);
  });
});

describe("lists", () => {
  /** Files beside a list that are not units but parts or contracts of them. */
  const parts: Readonly<Record<string, readonly string[]>> = {
    "source/index.ts": ["source.ts", "lines.ts", "snappy.ts", "waiting.ts"],
    "monitor/index.ts": [
      "monitor.ts",
      "open-cohorts.ts",
      "open-requests.ts",
      "first-hours.ts",
      "performance-alarm-samples.ts",
      "performance-alarm.ts",
      "performance-cohorts.ts",
      "performance-memory.ts",
      "performance-rows.ts",
      "performance-samples.ts",
      "quality-objectives.ts",
      "performance-trust.ts",
      "window-performance.ts",
      "duration.ts",
      "base-panes.ts",
      "drift-reference.ts",
      "drift-samples.ts",
      "alarm-budget.ts",
      "alarm-episode.ts",
      "alarm-samples.ts",
      "alert-settings.ts",
      "comparison.ts",
      "detection.ts",
      "detector-looks.ts",
      "drift-alarm.ts",
      "drift-begin.ts",
      "drift-detectors.ts",
      "drift-evidence.ts",
      "drift-looks.ts",
      "drift-states.ts",
      "feature-codec.ts",
      "feature-drift.ts",
      "feature-knowledge.ts",
      "feature-learning.ts",
      "feature-lesson.ts",
      "reference-adoption.ts",
      "reference-samples.ts",
      "reference-states.ts",
      "reference-summary.ts",
      "root-cause.ts",
      "root-cause-samples.ts",
      "window-drift.ts",
      "feature-memory.ts",
      "feature-pane.ts",
      "feature-reference.ts",
      "feature-rows.ts",
      "feature-samples.ts",
      "feature-totals.ts",
      "feature-totals-samples.ts",
      "packed-features.ts",
      "resting-features.ts",
      "schema-history.ts",
      "threshold-samples.ts",
    ],
    "decode/index.ts": ["decoder.ts", "mapping.ts", "table-row.ts", "time.ts"],
  };

  test("are all held here", () => {
    expect(files.filter((path) => basename(path) === "index.ts").sort()).toEqual(Object.keys(parts).sort());
  });

  test.each(Object.entries(parts))("%s names every unit beside it", (list, except) => {
    const folder = dirname(list);
    const units = files.filter((path) => dirname(path) === folder && path !== list && !except.includes(basename(path)));
    expect(units.filter((unit) => !ours(list).includes(unit))).toEqual([]);
  });
});

describe("files", () => {
  test.each(files)("%s says in its first line what it is, and is short", (path) => {
    const lines = textOf(path).split("\n");
    expect(lines[0]).toMatch(/^\/\/ \S/);
    expect(lines.length).toBeLessThanOrEqual(300);
    expect(path).not.toMatch(/util|helper|common|manager|service/);
  });

  test.each(files.filter((path) => !edge.some((place) => path.startsWith(place))))("%s reads no clock", (path) => {
    expect(codeOf(path)).not.toMatch(/Date\.now\(|Math\.random\(|performance\.now\(|new Date\(\)/);
  });
});
