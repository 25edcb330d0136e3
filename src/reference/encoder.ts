// Encodes and hashes a reference a feature at a time, so that others can have a turn between them: one of a hundred features
// with its hours has megabytes of text.
import { createHash } from "node:crypto";
import { featuresOf, headOf, provenanceOf } from "./file-content.ts";
import { layOut } from "./file-layout.ts";
import { performanceContent } from "./performance-content.ts";
import type { Reference } from "./reference.ts";

const indent = "    ";

export class ReferenceEncoder {
  readonly #reference: Omit<Reference, "hash">;
  readonly #features: string[] = [];
  #performance: object | null = null;
  #hash: string | null = null;

  constructor(reference: Omit<Reference, "hash">) {
    this.#reference = reference;
  }

  /** See `referenceHash` for what is hashed. */
  *parts(): Iterable<void> {
    const hash = createHash("sha256").update(`${JSON.stringify(headOf(this.#reference))}\n`);
    for (const feature of featuresOf(this.#reference)) {
      hash.update(`${JSON.stringify(feature)}\n`);
      this.#features.push(`\n${indent}${layOut(feature, indent)}`);
      yield;
    }
    const { performance } = this.#reference;
    if (performance !== null) {
      this.#performance = performanceContent(performance);
      hash.update(`${JSON.stringify(this.#performance)}\n`);
      yield;
    }
    this.#hash = hash.digest("hex");
  }

  /** Known once all parts are there. */
  get hash(): string {
    if (this.#hash === null) throw new Error("not all parts were encoded");
    return this.#hash;
  }

  /** The file's text, once all parts are there. */
  text(): string {
    const { provenance } = this.#reference;
    const head = layOut({
      ...headOf(this.#reference),
      hash: this.hash,
      provenance: provenanceOf(provenance),
      ...(this.#performance === null ? {} : { performance: this.#performance }),
    });
    return `${head.slice(0, -"\n}".length)},\n  "features": [${this.#features.join(",")}\n  ]\n}\n`;
  }
}
