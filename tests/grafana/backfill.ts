// A directory of Prometheus' data with a past: samples from files, then what the rules would have recorded of them, and which
// alerts would have been on.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BackfillFile, seriesText } from "../../bench/backfill-file.ts";
import { Backfill } from "../../bench/backfill-server.ts";
import { alertsOf, type Rule, type RuleFile } from "../../scripts/rules/rule-files.ts";
import { selectorsOf } from "../../scripts/rules/selectors.ts";
import { runTool } from "../servers/cache.ts";
import { prometheusBinaries } from "../servers/prometheus-binaries.ts";
import { type StoredPrometheus, startStored } from "../servers/stored-prometheus.ts";
import { firing } from "./alerts-of-the-past.ts";

const { promtool } = await prometheusBinaries();

export interface Past {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** How often was scraped; rules are evaluated as often. */
  readonly stepSeconds: number;
}

/**
 * @param data the directory of the blocks
 * @param write writes all that was scraped
 */
export async function backfill(
  data: string,
  past: Past,
  files: readonly RuleFile[],
  write: (file: BackfillFile) => Promise<void>,
): Promise<void> {
  await blocksOf(data, write);
  for (const rules of inOrder(files)) await recordedBy(data, past, rules);
  await withStored(data, async (prometheus) => {
    await blocksOf(data, async (file) => {
      for (const alert of files.flatMap(alertsOf)) {
        for (const { labels, seconds } of await firing(prometheus, alert, past))
          file.add(seriesText({ __name__: "ALERTS", ...labels }), 1, seconds);
      }
    });
  });
}

async function blocksOf(data: string, write: (file: BackfillFile) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "backfill-"));
  try {
    const path = join(directory, "samples.om");
    const file = new BackfillFile(path);
    await write(file);
    file.close();
    await new Backfill(data).take(path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function recordedBy(data: string, { startSeconds, endSeconds, stepSeconds }: Past, rules: readonly Rule[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "backfill-"));
  try {
    const path = join(directory, "rules.yml");
    writeFileSync(path, JSON.stringify({ groups: [{ name: "past", rules }] }));
    await withStored(data, async ({ url }) => {
      const times = [`--start=${startSeconds}`, `--end=${endSeconds}`, `--eval-interval=${stepSeconds}s`];
      const args = ["tsdb", "create-blocks-from", "rules", `--url=${url}`, ...times, `--output-dir=${data}`, path];
      await runTool(promtool, args, "Prometheus 3");
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function withStored(data: string, work: (prometheus: StoredPrometheus) => Promise<void>): Promise<void> {
  const prometheus = await startStored(data);
  try {
    await work(prometheus);
  } finally {
    await prometheus.stop();
  }
}

/** Recording rules in parts: each asks for what the parts before it have recorded only. */
export function inOrder(files: readonly RuleFile[]): Rule[][] {
  const groups = files.flatMap((file) => file.groups);
  const rules = groups.flatMap((group) =>
    group.rules.filter(isRecording).map((rule) => ({ ...rule, labels: { ...group.labels, ...rule.labels } })),
  );
  const byName = Map.groupBy(rules, ({ record }) => record);
  const depths = new Map<string, number>();
  const depthOfName = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const depth = Math.max(...(byName.get(name) ?? []).map(depthOf));
    depths.set(name, depth);
    return depth;
  };
  const asksItself = ({ record, expr }: (typeof rules)[number]): boolean => metricsIn(expr).includes(record);
  const depthOf = (rule: (typeof rules)[number]): number => {
    const asked = metricsIn(rule.expr).filter((name) => name !== rule.record && byName.has(name));
    // What is made of the same name, as of a shorter window, comes after that.
    const basic = asksItself(rule) ? (byName.get(rule.record) ?? []).filter((other) => !asksItself(other)) : [];
    return 1 + Math.max(-1, ...asked.map(depthOfName), ...basic.map(depthOf));
  };
  const parts = Map.groupBy(rules, depthOf);
  return [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
}

function isRecording(rule: Rule): rule is Rule & { readonly record: string } {
  return rule.record !== undefined;
}

function metricsIn(expression: string): string[] {
  return selectorsOf(expression).flatMap(({ metric }) => metric ?? []);
}
