// Encodes a reference a feature at a time, so that others can have a turn between them: one of a hundred features with its
// hours has megabytes of text.
import { createHash } from "node:crypto";
import { contentOf, provenanceOf } from "./file-content.ts";
import { layOut } from "./file-layout.ts";
import type { FeatureReference, Provenance, Reference } from "./reference.ts";

/** A reference whose hash is not known yet. */
export type Unhashed = Omit<Reference, "hash">;

export class ReferenceEncoder {
  readonly #reference: Unhashed;
  readonly #features: string[] = [];
  readonly #hash = createHash("sha256");
  #digest: string | null = null;

  constructor(reference: Unhashed) {
    this.#reference = reference;
  }

  *parts(): Iterable<void> {
    const { model, version, features } = this.#reference;
    // The content as JSON without spaces, whose hash it is. Its features are the end of it.
    this.#hash.update(JSON.stringify(contentOf({ model, version, features: new Map() })).slice(0, -"]}".length));
    let comma = "";
    for (const feature of [...features.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const content = this.#contentOf(feature);
      this.#hash.update(comma + JSON.stringify(content));
      this.#features.push(layOut(content, "    "));
      comma = ",";
      yield;
    }
    this.#hash.update("]}");
    this.#digest = this.#hash.digest("hex");
  }

  #contentOf(feature: FeatureReference): unknown {
    const { model, version } = this.#reference;
    const { features } = contentOf({ model, version, features: new Map([[feature.name, feature]]) }) as { features: unknown[] };
    return features[0];
  }

  /** Known once all parts are there. */
  get hash(): string {
    if (this.#digest === null) throw new Error("not all parts were encoded");
    return this.#digest;
  }

  /** The file's text, once all parts are there. */
  text(): string {
    const { model, version, provenance } = this.#reference;
    const content = contentOf({ model, version, features: new Map() }) as { format: number };
    const head = { format: content.format, model, version, hash: this.hash, provenance: provenanceOf(provenance) };
    const features = this.#features.length === 0 ? "[]" : `[\n    ${this.#features.join(",\n    ")}\n  ]`;
    return `${layOut(head).slice(0, -"\n}".length)},\n  "features": ${features}\n}\n`;
  }
}

/** With its hash. */
export function hashed(reference: Unhashed & { readonly provenance: Provenance }): Reference {
  const encoder = new ReferenceEncoder(reference);
  for (const _ of encoder.parts());
  return { ...reference, hash: encoder.hash };
}
