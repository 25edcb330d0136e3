// docs/boards.md: for whom each board is, what to ask it, and what is on it.
import type { Board, Panel, Query } from "./spec.ts";

export function boardsDocument(boards: readonly Board[]): string {
  return `# Boards

Written by \`npm run boards\` from \`grafana/source\`, with the files in \`grafana/boards\` that Grafana reads.
They are in Grafana's classic form (schema version 42), which Grafana 12 and newer read from files; no plugin is needed.

${table(["board", "for whom", "variables"], boards.map(row))}

## How to install them

1. Copy or mount \`grafana/boards\` to \`/etc/grafana/boards\` and the files in \`grafana/provisioning\` into the provisioning directory
   of Grafana (\`/etc/grafana/provisioning\`); set the addresses of Prometheus and Alertmanager in \`datasources/prediction-exporter.yml\`.
2. Record the rules in \`prometheus/rules\` ([how](prometheus.md)): most panels show what they record.
3. Set \`BOARDS_URL\` for Prometheus to Grafana's address with \`/d\` at its end: alerts link to boards by it.

## How to read them

- A panel without values says why in words. A zero is a value: something was counted, and it was nothing.
- A dashed line is a limit, always that of an alert: the same series or number that its rule compares with. The tables below say whose.
- Marks over all panels are new versions, new references and alerts.
- A pair of exporters is shown once; one that is still catching up after a start is left out.
- Where there could be a series for each of many features or segments, the most conspicuous are shown, and the panel says how many.
- Names in tables are links: from all models to one, from a model to a feature. The menu *Boards* keeps time and variables.
${boards.map(section).join("")}`;
}

function row({ uid, title, audience, variables }: Board): string[] {
  return [`[${title}](#${anchor(title)}) (\`${uid}\`)`, audience, variables.map(({ label }) => label.toLowerCase()).join(", ")];
}

/** As GitHub makes it of a heading. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}

function section({ title, audience, questions, rows }: Board): string {
  const asked = questions.map((question) => `- ${question}`).join("\n");
  const shown = rows.flatMap((one) => one.panels.map((panel) => [one.title, panel.title, panel.description, limits(panel)]));
  return `\n## ${title}\n\n${audience}\n\n${asked}\n\n${table(["row", "panel", "what it shows", "limits of"], shown)}\n`;
}

/** The alerts whose limits a panel draws. */
function limits(panel: Panel): string {
  const drawn = panel.queries.flatMap(({ limitOf }: Query) => (limitOf === undefined ? [] : [limitOf]));
  const number = panel.kind === "lines" || panel.kind === "stat" ? panel.limit : undefined;
  const alerts = [...new Set([...drawn, ...(number === undefined ? [] : [number.alert])])];
  return alerts.map((alert) => `[${alert}](runbooks/${alert}.md)`).join(", ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
