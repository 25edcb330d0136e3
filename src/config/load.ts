// Reads a configuration file. Every mistake of it is a line of a ConfigError that names file, line and key.
import { readFileSync, statSync } from "node:fs";
import { ConfigDocument, keyText } from "./document.ts";
import { type Mistake, mistakesOf } from "./mistakes.ts";
import { nearest } from "./nearest.ts";
import { type IncidentEntry, incidents as incidentsSchema } from "./schema/incidents.ts";
import { type Prices, prices as pricesSchema } from "./schema/prices.ts";
import type { z } from "./schema/terms.ts";
import { type Config, configSchema } from "./schema.ts";
import { parseYaml, type Yaml, YamlError } from "./yaml.ts";

/** A file larger than this is not a configuration. */
const largestBytes = 1_048_576;
/** Nobody reads more at once; an alias can make one mistake many thousand. */
const mostMistakes = 100;

export class ConfigError extends Error {}

export interface LoadedConfig {
  readonly config: Config;
  /** The file as it was read: for messages that name lines. */
  readonly document: ConfigDocument;
}

/**
 * @param formats the wire formats that there are
 * @throws ConfigError
 */
export function loadConfig(path: string, formats: readonly string[]): Config {
  return loadDocument(path, formats).config;
}

/**
 * @param path what messages call the text
 * @param formats the wire formats that there are; without them any name will do
 * @throws ConfigError
 */
export function parseConfig(text: string, path: string, formats?: readonly string[]): Config {
  return parseDocument(text, path, formats).config;
}

/** As `loadConfig`, with the file itself. @throws ConfigError */
export function loadDocument(path: string, formats: readonly string[]): LoadedConfig {
  return parseDocument(textOf(path), path, formats);
}

/** Incidents for the simulator, from a file of their own. @throws ConfigError */
export function loadIncidents(path: string): readonly IncidentEntry[] {
  return loadOwn(path, (value) => incidentsSchema.safeParse(value));
}

/** Prices, from a file of their own. @throws ConfigError */
export function loadPrices(path: string): Prices {
  return loadOwn(path, (value) => pricesSchema.safeParse(value));
}

/** A file beside the configuration, of a shape of its own. @throws ConfigError */
function loadOwn<Value>(path: string, parse: (value: unknown) => z.ZodSafeParseResult<Value>): Value {
  const { value, place, mistakes } = read(textOf(path), path);
  const document = new ConfigDocument(path, value, place);
  const result = parse(value);
  const found = [...mistakes, ...mistakesOf(result.error?.issues ?? [], document)];
  if (result.success && found.length === 0) return result.data;
  throw new ConfigError(messages(found, document).join("\n"));
}

function textOf(path: string): string {
  try {
    if (statSync(path).size > largestBytes) throw new ConfigError(`${path}: larger than ${largestBytes} bytes`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${path}: ${(error as Error).message}`);
  }
}

/** As `parseConfig`, with the file itself. @throws ConfigError */
export function parseDocument(text: string, path: string, formats?: readonly string[]): LoadedConfig {
  if (Buffer.byteLength(text) > largestBytes) throw new ConfigError(`${path}: larger than ${largestBytes} bytes`);
  const yaml = read(text, path);
  const document = new ConfigDocument(path, yaml.value, yaml.place);
  if (yaml.value === undefined || yaml.value === null)
    throw new ConfigError(document.message([], "the file is empty; source is needed"));
  const result = configSchema.safeParse(yaml.value);
  const named = new Set(yaml.mistakes.map(({ keys }) => keyText(keys)));
  const ofSchema = mistakesOf(result.error?.issues ?? [], document).filter(
    ({ unknown, keys }) => !unknown || !named.has(keyText(keys)),
  );
  const found = [...yaml.mistakes, ...ofSchema, ...unknownFormats(document, formats)];
  if (result.success && found.length === 0) return { config: result.data, document };
  throw new ConfigError(messages(found, document).join("\n"));
}

/** In the order of lines. */
function messages(mistakes: readonly Mistake[], document: ConfigDocument): string[] {
  const inOrder = [...mistakes].sort((a, b) => a.line - b.line);
  const shown = inOrder.slice(0, mostMistakes).map(({ line, keys, message }) => document.message(keys, message, line));
  const next = inOrder[mostMistakes];
  if (next !== undefined) shown.push(document.message([], `and ${inOrder.length - mostMistakes} mistakes more`, next.line));
  return shown;
}

function read(text: string, path: string): Yaml {
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ConfigError(`${path}:${error.line}:${error.column}: ${error.message}`);
  }
}

/** Formats that do not exist: only the caller knows those that do. */
function unknownFormats(document: ConfigDocument, formats: readonly string[] | undefined): Mistake[] {
  if (formats === undefined) return [];
  const places = [
    ["source", "kafka", "topics", "*", "format"],
    ["source", "file", "format"],
  ];
  return places
    .flatMap((pattern) => document.find(pattern))
    .flatMap((keys) => {
      const format = document.at(keys);
      if (typeof format !== "string" || format === "" || formats.includes(format)) return [];
      const near = nearest(format, formats);
      const hint = near === undefined ? "" : `; did you mean "${near}"?`;
      return [
        {
          line: document.line(keys),
          keys,
          message: `no format ${JSON.stringify(format)}; there are: ${formats.join(", ")}${hint}`,
        },
      ];
    });
}
