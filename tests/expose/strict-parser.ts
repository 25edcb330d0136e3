// A strict little parser of both text formats for tests: whatever a reader could stumble over is an error here.

export interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: ParsedSample[];
}

export interface ParsedSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const suffixes: Readonly<Record<string, readonly string[]>> = {
  gauge: [""],
  histogram: ["_bucket", "_sum", "_count"],
};

export function parsePage(text: string, format: "text" | "openmetrics"): ParsedFamily[] {
  const families: ParsedFamily[] = [];
  const series = new Set<string>();
  for (const line of linesOf(text, format)) {
    if (line.startsWith("#")) readHeader(line, families, format);
    else readSample(line, families.at(-1), series, format);
  }
  for (const family of families) if (family.samples.length === 0) throw new Error(`${family.name} has no samples`);
  return families;
}

function linesOf(text: string, format: "text" | "openmetrics"): string[] {
  if (text === "") return [];
  if (!text.endsWith("\n") || text.includes("\r")) throw new Error("lines have to end in a line feed");
  const lines = text.slice(0, -1).split("\n");
  if (format === "openmetrics" && lines.pop() !== "# EOF") throw new Error("no # EOF at the end");
  return lines;
}

function readHeader(line: string, families: ParsedFamily[], format: string): void {
  const [, kind, name = "", rest = ""] = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/su.exec(line) ?? [];
  if (kind === "HELP") {
    if (families.some((family) => family.name === name)) throw new Error(`${name} comes twice`);
    families.push({ name, help: unescaped(rest, format === "openmetrics" ? '\\n"' : "\\n"), type: "", samples: [] });
    return;
  }
  const family = families.at(-1);
  if (kind !== "TYPE" || family?.name !== name || family.type !== "") throw new Error(`bad header: ${line}`);
  families[families.length - 1] = { ...family, type: rest };
}

function readSample(line: string, family: ParsedFamily | undefined, series: Set<string>, format: string): void {
  const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/su.exec(line);
  if (match === null || family === undefined) throw new Error(`bad sample: ${line}`);
  const [, name = "", labelText, value = ""] = match;
  const key = line.slice(0, line.length - value.length);
  if (series.has(key)) throw new Error(`series comes twice: ${line}`);
  series.add(key);
  const allowed = family.type === "counter" ? [format === "openmetrics" ? "_total" : ""] : (suffixes[family.type] ?? []);
  if (!allowed.some((suffix) => name === family.name + suffix)) throw new Error(`${name} within ${family.name}`);
  family.samples.push({ name, labels: readLabels(labelText ?? ""), value: readNumber(value) });
}

function readLabels(text: string): Map<string, string> {
  const labels = new Map<string, string>();
  const pair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/suy;
  while (pair.lastIndex < text.length) {
    const [, name = "", value = ""] = pair.exec(text) ?? [];
    if (name === "" || labels.has(name)) throw new Error(`bad labels: ${text}`);
    labels.set(name, unescaped(value, '\\n"'));
  }
  return labels;
}

function unescaped(text: string, escapable: string): string {
  return text.replace(/\\(.?)/gsu, (_, character: string) => {
    if (character === "" || !escapable.includes(character)) throw new Error(`bad escape in ${text}`);
    return character === "n" ? "\n" : character;
  });
}

function readNumber(text: string): number {
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  if (!/^-?\d+(\.\d+)?(e[+-]\d+)?$/u.test(text)) throw new Error(`bad number: ${text}`);
  return Number(text);
}
