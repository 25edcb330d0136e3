// Writes the table of metrics in docs/metrics.md from the families that the code declares, so that neither can lie.
// Run: node scripts/metric-table.ts; with --check it only says whether the table is as the code has it.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Family } from "../src/expose/sample.ts";
import { metricFamilies } from "./metric-families.ts";

const target = fileURLToPath(new URL("../docs/metrics.md", import.meta.url));

function table(rows: readonly Family[]): string {
  const lines = rows.map(
    ({ name, type, labels, help }) => `| \`${name}\` | ${type} | ${labels.join(", ")} | ${help.replaceAll("|", "\\|")} |`,
  );
  return ["| metric | type | labels | what it says |", "|---|---|---|---|", ...lines].join("\n");
}

const all = [...(await metricFamilies())].sort((a, b) => (a.name < b.name ? -1 : 1));
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
