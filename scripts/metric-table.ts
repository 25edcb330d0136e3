// Writes the table of metrics in docs/metrics.md from the families that the code declares, so that neither can lie.
// Run: node scripts/metric-table.ts; with --check it only says whether the table is as the code has it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseConfig } from "../src/config/load.ts";
import { EventLoopLag } from "../src/expose/event-loop-lag.ts";
import type { Family } from "../src/expose/sample.ts";
import { scrapeFamilies } from "../src/expose/scrape-samples.ts";
import { Exporter } from "../src/pipeline/exporter.ts";
import { MemorySource } from "../src/source/memory.ts";

const target = fileURLToPath(new URL("../docs/metrics.md", import.meta.url));

async function families(): Promise<readonly Family[]> {
  const directory = mkdtempSync(join(tmpdir(), "metric-table-"));
  try {
    const config = parseConfig(JSON.stringify({ source: { file: { paths: ["-"] } }, state: { directory } }), "table");
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const options = { config, source: new MemorySource(), topics: new Map(), version: "", logger, now: () => 0 };
    const { collectors } = await Exporter.create(options);
    const own = [...collectors, new EventLoopLag(() => 0)].flatMap((collector) => collector.families);
    return [...own, ...scrapeFamilies];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function table(rows: readonly Family[]): string {
  const lines = rows.map(
    ({ name, type, labels, help }) => `| \`${name}\` | ${type} | ${labels.join(", ")} | ${help.replaceAll("|", "\\|")} |`,
  );
  return ["| metric | type | labels | what it says |", "|---|---|---|---|", ...lines].join("\n");
}

const all = [...(await families())].sort((a, b) => (a.name < b.name ? -1 : 1));
const [own, models] = [
  all.filter(({ name }) => name.startsWith("ml_exporter_")),
  all.filter(({ name }) => !name.startsWith("ml_exporter_")),
];
const text = `# Metrics

Written by \`npm run docs:metrics\` from the code. The client library's \`process_*\` and \`nodejs_*\` metrics are on the same page.
Labels: \`segment=""\` is all traffic; outputs are features whose names begin with \`$\`; \`shard="all"\` in one process.

## Models

${table(models)}

## The exporter itself

${table(own)}
`;

if (!process.argv.includes("--check")) {
  writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
  process.stderr.write("docs/metrics.md is not as the code has it: run npm run docs:metrics\n");
  process.exitCode = 1;
}
process.exit();
