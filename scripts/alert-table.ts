// Writes the table of alerts in docs/alerts.md from the rules, their runbooks and prometheus/false-alarms.yml, so that none of
// them can lie. Run: node scripts/alert-table.ts; with --check it only says whether the table is as the rules have it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { load } from "js-yaml";
import { type Alert, alertsOf, commentAbove, ruleFiles, runbookDirectory } from "./rules/rule-files.ts";

const target = fileURLToPath(new URL("../docs/alerts.md", import.meta.url));
const falseAlarms = load(
  readFileSync(fileURLToPath(new URL("../prometheus/false-alarms.yml", import.meta.url)), "utf8"),
) as Readonly<Record<string, string>>;
const calls: Readonly<Record<string, string>> = {
  critical: "pages",
  warning: "opens a ticket",
  info: "is only shown",
  none: "goes to the dead man's switch",
};

const files = ruleFiles();
const alerts = files.flatMap(alertsOf);
const unknown = Object.keys(falseAlarms).filter((name) => !alerts.some(({ alert }) => alert === name));
const text = `# Alerts

Written by \`npm run docs:alerts\` from the rules in \`prometheus/rules\`, their runbooks and \`prometheus/false-alarms.yml\`.
Severities: \`critical\` pages someone at once, \`warning\` opens a ticket, \`info\` is never sent alone, \`none\` is the dead man's
switch. Where it says "by tier", an alert is critical for models whose \`tier\` is \`critical\`, and a warning for others.
${files.map(section).join("")}`;

if (!process.argv.includes("--check")) {
  writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
  process.stderr.write("docs/alerts.md is not as the rules have it: run npm run docs:alerts\n");
  process.exitCode = 1;
}
for (const name of unknown) {
  process.stderr.write(`prometheus/false-alarms.yml: there is no alert ${name}\n`);
  process.exitCode = 1;
}

function section(file: (typeof files)[number]): string {
  const rows = alertsOf(file).map(row);
  if (rows.length === 0) return "";
  const head = ["| alert | severity | why | false alarms to expect |", "|---|---|---|---|"];
  return `\n## ${file.name}\n\n${[...head, ...rows].join("\n")}\n`;
}

function row(alert: Alert): string {
  const expected = falseAlarms[alert.alert] ?? "none";
  const cells = [`[${alert.alert}](runbooks/${alert.alert}.md)`, severityOf(alert), whyOf(alert), expected];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function severityOf({ labels }: Alert): string {
  const severity = labels?.severity ?? "";
  const [label, value] = pagesWhere(severity);
  if (label === "tier") return "critical or warning, by tier";
  return label === undefined ? severity : `critical where ${label} is ${value}, else warning`;
}

function callOf(severity: string): string {
  const [label, value] = pagesWhere(severity);
  return label === "tier" ? "pages for critical models" : `pages where ${label} is ${value}`;
}

/** The label and its value for which a severity that is a template is critical. */
function pagesWhere(severity: string): string[] {
  return /if eq \$labels\.(\w+) "(\w+)"/.exec(severity)?.slice(1) ?? [];
}

/** The comment above the rule where that says why it pages or not; else the first sentence of the impact in its runbook. */
function whyOf(alert: Alert): string {
  const comment = commentAbove(alert);
  if (/^(Pages|A ticket|Only information|Fires always)\b/.test(comment)) return comment;
  const severity = alert.labels?.severity ?? "";
  const impact =
    /^## Impact\n+([\s\S]*?)(?=\n\n|\n## )/m.exec(readFileSync(join(runbookDirectory, `${alert.alert}.md`), "utf8"))?.[1] ?? "";
  return `${capitalised(calls[severity] ?? callOf(severity))}: ${firstSentence(impact)}`;
}

function firstSentence(paragraph: string): string {
  const line = paragraph.replaceAll("\n", " ").trim();
  const sentence = /^.*?[.!?](?= [A-Z`]|$)/.exec(line)?.[0] ?? line;
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
