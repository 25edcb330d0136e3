// Rules and a prometheus.yml for a rehearsal in which time runs many times faster: docs/rehearsal.md. Prometheus itself goes by the
// real clock, so all that is a time for it is divided, and what it takes for the time of now is translated. What is a number stays
// what it is: seconds that the exporter tells, limits that are compared with them, counts.
import { parser } from "@prometheus-io/lezer-promql";
import type { Rule } from "../../scripts/rules/rule-files.ts";
import { parseDuration } from "../../src/config/duration.ts";

export interface Lapse {
  /** How many times faster. */
  readonly pace: number;
  /** The time of the rehearsal at the real moment `atMillis`. */
  readonly fromMillis: number;
  readonly atMillis: number;
}

type Node = ReturnType<typeof parser.parse>["topNode"];

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Of what they are given and the time in between: by the second. */
const bySecond = new Set(["rate", "irate", "deriv"]);
/** Of the time of now where they are given none. */
const ofNow = new Set(["minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year"]);

/**
 * An expression that says of the rehearsal's time what the given one says of the real one.
 * @throws where it cannot be read, or names a moment (`@`)
 */
export function lapsedExpression(expression: string, lapse: Lapse): string {
  const tree = parser.parse(expression);
  const edits: Edit[] = [];
  tree.iterate({
    enter({ node }) {
      if (node.type.isError) throw new Error(`not PromQL at ${node.from}: ${expression}`);
      if (node.name === "StepInvariantExpr") throw new Error(`a moment in real time: ${expression}`);
      if (node.name === "NumberDurationLiteralInDurationContext") edits.push(divided(node, expression, lapse));
      if (node.name === "FunctionCall") edits.push(...call(node, expression, lapse));
    },
  });
  return edited(expression, edits);
}

function divided(node: Node, expression: string, { pace }: Lapse): Edit {
  return { from: node.from, to: node.to, text: lapsedDuration(expression.slice(node.from, node.to), pace) };
}

function call(node: Node, expression: string, lapse: Lapse): Edit[] {
  const name = expression.slice(node.from, node.getChild("FunctionIdentifier")?.to).trim();
  const before = (text: string, at = node.from): Edit => ({ from: at, to: at, text });
  const after = (text: string, at = node.to): Edit => before(text, at);
  const { pace } = lapse;
  if (bySecond.has(name)) return [before("("), after(` / ${pace})`)];
  if (name === "time" || name === "timestamp") return [before("("), after(` * ${pace} + ${shiftSeconds(lapse)})`)];
  const body = node.getChild("FunctionCallBody");
  const [first, second] = argumentsOf(body);
  if (name === "predict_linear" && second !== undefined) return [before("(", second.from), after(`) / ${pace}`, second.to)];
  if (ofNow.has(name) && first === undefined && body !== null) {
    return [after(`vector(time() * ${pace} + ${shiftSeconds(lapse)})`, body.from + 1)];
  }
  return [];
}

function argumentsOf(body: Node | null): Node[] {
  const found: Node[] = [];
  for (let child = body?.firstChild ?? null; child !== null; child = child.nextSibling) found.push(child);
  return found;
}

/** What is added to `pace` times the real time. */
function shiftSeconds({ pace, fromMillis, atMillis }: Lapse): number {
  return (fromMillis - atMillis * pace) / 1000;
}

/** Of edits at one place those that were made first stand outermost: they begin before the others and end after them. */
function edited(text: string, edits: readonly Edit[]): string {
  const inOrder = edits.map((edit, order) => ({ ...edit, order }));
  const isEnd = ({ text }: Edit): boolean => /^\)? [*/]/.test(text);
  inOrder.sort((a, b) => a.from - b.from || (isEnd(a) && isEnd(b) ? b.order - a.order : a.order - b.order));
  let result = "";
  let at = 0;
  for (const edit of inOrder) {
    result += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return result + text.slice(at);
}

/** A duration as Prometheus writes it (or seconds, as in `[300]`), divided. */
export function lapsedDuration(text: string, pace: number): string {
  const millis = /^[\d.]+$/.test(text) ? Number(text) * 1000 : parseDuration(text);
  if (Number.isNaN(millis)) throw new Error(`not a duration: ${text}`);
  return `${millis === 0 ? 0 : Math.max(1, Math.round(millis / pace))}ms`;
}

/** Texts of a template (Go's) that are expressions, as those it asks with `query`: all that can be read as one and has a time in it. */
export function lapsedTemplate(template: string, lapse: Lapse): string {
  const actions = /\{\{[\s\S]*?\}\}/g;
  const literals = /"((?:[^"\\]|\\.)*)"|`([^`]*)`/g;
  return template.replace(actions, (action) => {
    if (!/\bquery\b/.test(action)) return action;
    return action.replace(literals, (literal, quoted?: string, raw?: string) => {
      const expression = raw ?? (JSON.parse(`"${quoted}"`) as string);
      const lapsed = withPlaces(expression, (text) => lapsedExpression(text, lapse));
      if (lapsed === null || lapsed === expression) return literal;
      return raw === undefined ? JSON.stringify(lapsed) : `\`${lapsed}\``;
    });
  });
}

/** Where a template will put texts (`%q`) others stand meanwhile. Null for what is no expression. */
function withPlaces(expression: string, change: (text: string) => string): string | null {
  const places = /%q/g;
  const stand = '"\uE000"';
  try {
    return change(expression.replace(places, stand)).replaceAll(stand, "%q");
  } catch {
    return null;
  }
}

/** What a file of rules says, as far as time is in it. */
export interface RuleFile {
  readonly groups: readonly RuleGroup[];
}

interface RuleGroup {
  readonly interval?: string;
  readonly query_offset?: string;
  readonly rules: readonly Rule[];
}

export function lapsedRules({ groups }: RuleFile, lapse: Lapse): RuleFile {
  const template = (text: string): string => lapsedTemplate(text, lapse);
  const rule = ({ expr, labels, annotations, ...rest }: Rule): Rule => ({
    ...durations(rest, ["for", "keep_firing_for"], lapse.pace),
    expr: lapsedExpression(expr, lapse),
    ...(labels === undefined ? {} : { labels: mapped(labels, template) }),
    ...(annotations === undefined ? {} : { annotations: mapped(annotations, template) }),
  });
  return {
    groups: groups.map(({ rules, ...group }) => ({
      ...durations(group, ["interval", "query_offset"], lapse.pace),
      rules: rules.map(rule),
    })),
  };
}

type Settings = Readonly<Record<string, unknown>>;

/**
 * Once a second is often enough for rules that look at five seconds and more, and whoever is scraped has as long to answer: how
 * long that takes, and what it costs to compute, is real.
 */
const leastIntervalMillis = 1000;

/** A prometheus.yml: how often it scrapes and evaluates. */
export function lapsedConfiguration(
  config: { readonly global: Settings; readonly scrape_configs: readonly Settings[] },
  pace: number,
) {
  const interval = (text: unknown): string =>
    `${Math.max(leastIntervalMillis, parseDuration(lapsedDuration(String(text), pace)))}ms`;
  const scraping = ({ scrape_timeout: _, ...settings }: Settings): Settings => {
    if (settings.scrape_interval === undefined) return settings;
    return {
      ...settings,
      scrape_interval: interval(settings.scrape_interval),
      scrape_timeout: interval(settings.scrape_interval),
    };
  };
  return {
    ...config,
    global: { ...scraping(config.global), evaluation_interval: interval(config.global.evaluation_interval) },
    scrape_configs: config.scrape_configs.map(scraping),
  };
}

function durations<Part extends object>(part: Part, names: readonly string[], pace: number): Part {
  const said = Object.entries(part).filter(([name]) => names.includes(name));
  return { ...part, ...Object.fromEntries(said.map(([name, value]) => [name, lapsedDuration(String(value), pace)])) };
}

function mapped(texts: Readonly<Record<string, string>>, change: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, change(text)]));
}
