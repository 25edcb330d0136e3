// What the text formats ask of a metric family: its name and labels, checked once, and its HELP and TYPE lines.
import { cleanText } from "./label-value.ts";
import type { Format } from "./negotiate.ts";
import type { Family } from "./sample.ts";

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labelName = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
const reservedEndings = ["_bucket", "_sum", "_count", "_total", "_created"] as const;
const checked = new WeakSet<Family>();

/** Throws on what no page could show in both formats: a programming mistake. */
export function checkFamily(family: Family): void {
  if (checked.has(family)) return;
  const complaint = complaintAbout(family);
  if (complaint !== undefined) throw new Error(`metric family ${JSON.stringify(family.name)}: ${complaint}`);
  checked.add(family);
}

function complaintAbout({ name, type, labels }: Family): string | undefined {
  if (!metricName.test(name)) return "not a metric name";
  if (type === "counter" && !name.endsWith("_total")) return "the name of a counter has to end in _total";
  const ending = reservedEndings.find((reserved) => name.endsWith(reserved));
  if (type !== "counter" && ending !== undefined) return `the name of a ${type} may not end in ${ending}`;
  const bad = labels.find((label) => !labelName.test(label) || (type === "histogram" && label === "le"));
  if (bad !== undefined) return `${JSON.stringify(bad)} cannot be a label`;
  if (new Set(labels).size !== labels.length) return "a label is named twice";
  return undefined;
}

/** Every name that a family's lines use in either format: no other family of a page may use one of them. */
export function namesOf({ name, type }: Family): readonly string[] {
  if (type === "counter") return [name, openMetricsName(name)];
  if (type === "histogram") return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`];
  return [name];
}

/** HELP and TYPE lines. OpenMetrics names a counter's family without `_total`. */
export function familyHeader({ name, help, type }: Family, format: Format): string {
  const shown = format === "openmetrics" && type === "counter" ? openMetricsName(name) : name;
  return `# HELP ${shown} ${escapedHelp(help, format)}\n# TYPE ${shown} ${type}\n`;
}

const openMetricsName = (counterName: string) => counterName.slice(0, -"_total".length);

/** Only OpenMetrics escapes quotes in HELP. */
function escapedHelp(help: string, format: Format): string {
  const escaped = cleanText(help).replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return format === "openmetrics" ? escaped.replaceAll('"', '\\"') : escaped;
}
