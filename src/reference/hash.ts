// The hash of a reference: SHA-256 over its content as JSON without spaces, in the order in which its file has it.
import { createHash } from "node:crypto";
import { contentsOf, headOf } from "./file-content.ts";
import type { Reference } from "./reference.ts";

/**
 * In hexadecimal: of a line of JSON for what is said of the whole, and one for each feature, and one for its performance where that is known. The provenance is no part of it,
 * so the same rows give the same hash wherever they came from.
 */
export function referenceHash(reference: Omit<Reference, "hash" | "provenance">): string {
  const hash = createHash("sha256").update(`${JSON.stringify(headOf(reference))}\n`);
  for (const content of contentsOf(reference)) hash.update(`${JSON.stringify(content)}\n`);
  return hash.digest("hex");
}
