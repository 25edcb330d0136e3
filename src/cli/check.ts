// The command `check`: says all that is wrong with a configuration, or prints what it means with every default in place.
import { accessSync, constants, statSync } from "node:fs";
import type { ConfigDocument } from "../config/document.ts";
import { ConfigError, type LoadedConfig, loadDocument } from "../config/load.ts";
import { notYetUsed } from "../config/not-yet-used.ts";
import { writeConfig } from "../config/write.ts";
import { formats } from "../decode/index.ts";
import { parseListenAddress } from "../expose/listen-address.ts";
import { loadReferences } from "./references.ts";

/** Where a configuration names files that are read when the exporter starts. */
const fileKeys: readonly (readonly string[])[] = [
  ["source", "kafka", "ssl", "ca_file"],
  ["source", "kafka", "ssl", "cert_file"],
  ["source", "kafka", "ssl", "key_file"],
  ["source", "kafka", "sasl", "password_file"],
  ["web", "config_file"],
];

export interface Checked {
  /** The resolved configuration as YAML. */
  readonly resolved: string;
  readonly warnings: readonly string[];
}

/** Prints the configuration on standard output, warnings on standard error. @throws ConfigError with all messages */
export function check(configPath: string): void {
  const { resolved, warnings } = checked(configPath);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  process.stdout.write(resolved);
}

/** @throws ConfigError with all messages */
export function checked(configPath: string): Checked {
  const loaded = loadDocument(configPath, formats);
  refuseWrongSurroundings(loaded);
  loadReferences(loaded);
  return { resolved: writeConfig(loaded.config), warnings: notYetUsed(loaded.document) };
}

/**
 * Looks at what a configuration refers to: the address to listen on, and the files that it names. For `run` and a reload
 * too, so that both say the same.
 * @throws ConfigError with all messages
 */
export function refuseWrongSurroundings(loaded: LoadedConfig): void {
  const mistakes = [...fileMistakes(loaded.document), ...listenMistakes(loaded)];
  if (mistakes.length > 0) throw new ConfigError(mistakes.join("\n"));
}

/** Whether the address is free shows when the exporter starts. */
function listenMistakes({ config, document }: LoadedConfig): string[] {
  try {
    parseListenAddress(config.web.listen);
    return [];
  } catch (error) {
    return [document.message(["web", "listen"], (error as Error).message.replace(/^listen: /, ""))];
  }
}

/** Files that cannot be read. The path is not shown: some put the secret itself there. */
function fileMistakes(document: ConfigDocument): string[] {
  return fileKeys.flatMap((keys) => {
    const path = document.at(keys);
    if (typeof path !== "string") return [];
    try {
      accessSync(path, constants.R_OK);
      return statSync(path).isDirectory() ? [document.message(keys, "a folder, not a file")] : [];
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const reason = code === "ENOENT" ? "no such file" : code === "EACCES" ? "no permission to read the file" : code;
      return [document.message(keys, `${reason}; the path of a file that can be read is needed`)];
    }
  });
}
