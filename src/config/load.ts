// Reads a configuration file. Every mistake is a ConfigError that names the file and the key.
import { readFileSync, statSync } from "node:fs";
import { CORE_SCHEMA, load } from "js-yaml";
import { type Config, configSchema } from "./schema.ts";

/** A file larger than this is not a configuration. */
const largestBytes = 1_048_576;

export class ConfigError extends Error {}

/** @throws ConfigError */
export function loadConfig(path: string): Config {
  let text: string;
  try {
    if (statSync(path).size > largestBytes) throw new ConfigError(`${path}: larger than ${largestBytes} bytes`);
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${path}: ${(error as Error).message}`);
  }
  return parseConfig(text, path);
}

/** @param path what messages call the text */
export function parseConfig(text: string, path: string): Config {
  let document: unknown;
  try {
    document = load(text, { schema: CORE_SCHEMA, filename: path });
  } catch (error) {
    throw new ConfigError(`${path}: ${(error as Error).message}`);
  }
  const result = configSchema.safeParse(document ?? {});
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${path}: ${issue.path.map(String).join(".") || "(top)"}: ${issue.message}`);
  throw new ConfigError(lines.join("\n"));
}
