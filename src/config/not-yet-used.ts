// Keys of the contract whose behaviour comes with later versions: their shape is checked, and their use is warned of.
import type { ConfigDocument } from "./document.ts";

/** `*` is any name. */
const patterns: readonly (readonly string[])[] = [
  ["state", "kafka"],
  ["web", "config_file"],
  ["models", "*", "fairness"],
  ["models", "*", "business"],
];

/** A message for each such key that a configuration has, in the order of lines. */
export function notYetUsed(document: ConfigDocument): string[] {
  return patterns
    .flatMap((pattern) => document.find(pattern))
    .sort((a, b) => document.line(a) - document.line(b))
    .map((keys) => `${document.place(keys)} is accepted but not used by this version`);
}
