// The hash of a reference: SHA-256 over its content as JSON without spaces, in the order in which its file has it.
import { createHash } from "node:crypto";
import { contentOf } from "./file-content.ts";
import type { Reference } from "./reference.ts";

/** In hexadecimal. The provenance is no part of it, so the same rows give the same hash wherever they came from. */
export function referenceHash(reference: Omit<Reference, "hash" | "provenance">): string {
  return createHash("sha256")
    .update(JSON.stringify(contentOf(reference)))
    .digest("hex");
}
