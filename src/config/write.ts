// A resolved configuration as people write it: every default in place, durations as texts, nothing secret.

import { z } from "./schema/terms.ts";
import { type Config, configSchema } from "./schema.ts";
import { writeYaml } from "./yaml.ts";

const redacted = "<redacted>";

/** The name of a key whose text is a secret, unless it says where one is. */
const secretName = /(password|passphrase|secret|token|credential|api_?key|private_?key)(?!.*_file$)/i;
/** Texts that are or hold a secret, whatever their key. */
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const userOfUrl = /(\w:\/\/)[^/@\s]+@/g;

/** YAML that is a configuration again, of the same meaning. */
export function writeConfig(config: Config): string {
  return writeYaml(redact(z.encode(configSchema, config), ""));
}

/** Hides what looks like a secret: the schema has no key for any, but people find a place. */
export function redact(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => redact(item, key));
  if (typeof value === "object" && value !== null) {
    // What stands in `fields` has names that people chose.
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redact(inner, key === "fields" ? "" : name)]));
  }
  if (typeof value !== "string") return value;
  return secretName.test(key) || privateKey.test(value) ? redacted : value.replaceAll(userOfUrl, `$1${redacted}@`);
}
