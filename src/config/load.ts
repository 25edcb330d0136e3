// Reads a configuration file. Every mistake is a ConfigError that names the file and the key.
import { readFileSync, statSync } from "node:fs";
import { CORE_SCHEMA, load } from "js-yaml";
import { type Config, configSchema } from "./schema.ts";

/** A file larger than this is not a configuration. */
const largestBytes = 1_048_576;
/** Each may stand for a large part of the file, and be judged anew wherever it stands. */
const mostAliases = 100;

export class ConfigError extends Error {}

/**
 * @param formats the wire formats that there are
 * @throws ConfigError
 */
export function loadConfig(path: string, formats: readonly string[]): Config {
  let text: string;
  try {
    if (statSync(path).size > largestBytes) throw new ConfigError(`${path}: larger than ${largestBytes} bytes`);
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${path}: ${(error as Error).message}`);
  }
  return parseConfig(text, path, formats);
}

/**
 * @param path what messages call the text
 * @param formats the wire formats that there are; without them any name will do
 * @throws ConfigError
 */
export function parseConfig(text: string, path: string, formats?: readonly string[]): Config {
  let document: unknown;
  try {
    document = load(text, { schema: CORE_SCHEMA, filename: path, maxAliases: mostAliases });
  } catch (error) {
    throw new ConfigError(`${path}: ${(error as Error).message}`);
  }
  const result = configSchema.safeParse(document ?? {});
  const mistakes = result.success
    ? unknownFormats(result.data, formats)
    : result.error.issues.map((issue) => `${issue.path.map(String).join(".") || "(top)"}: ${issue.message}`);
  if (result.success && mistakes.length === 0) return result.data;
  throw new ConfigError(mistakes.map((mistake) => `${path}: ${mistake}`).join("\n"));
}

/** Formats that do not exist: only the caller knows those that do. */
function unknownFormats({ source: { kafka, file } }: Config, formats: readonly string[] | undefined): string[] {
  const used = Object.entries(kafka?.topics ?? {}).map(([name, { format }]) => [`source.kafka.topics.${name}.format`, format]);
  if (file !== undefined) used.push(["source.file.format", file.format]);
  return used
    .filter(([, format]) => formats?.includes(format as string) === false)
    .map(([key, format]) => `${key}: no format "${format}"; there are: ${formats?.join(", ")}`);
}
