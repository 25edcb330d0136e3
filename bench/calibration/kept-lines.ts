// Results as lines of JSON, each with a hash of the code that it was computed with.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));

/**
 * Of code without comments and blanks.
 * @param names of files in this folder, or whole paths
 * @param more what else results depend on
 */
export function hashOf(names: readonly string[], more = ""): string {
  const hash = createHash("sha256").update(more);
  for (const name of names)
    hash.update(readFileSync(resolve(folder, name), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|\s+/g, ""));
  return hash.digest("hex").slice(0, 16);
}

/** In `bench`. */
export function pathOf(name: string): string {
  return join(folder, "..", name);
}

/** Lines of a file that were computed with this code. */
export function linesOf<Line extends { readonly code: string }>(path: string, code: string): Line[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Line).filter((line) => line.code === code);
}
