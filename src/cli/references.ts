// The references that a configuration names, read from their files. Every mistake is a line of one ConfigError that names
// where the configuration says so, and where in the file it is.
import { readFileSync } from "node:fs";
import { ConfigError, type LoadedConfig } from "../config/load.ts";
import type { ModelConfig } from "../config/schema.ts";
import type { KeyPath } from "../config/yaml.ts";
import type { References } from "../pipeline/fold-settings.ts";
import { decodeReference, ReferenceFileError } from "../reference/file.ts";
import type { Reference } from "../reference/reference.ts";
import { featuresOfOtherBins } from "../reference/same-bins.ts";

/** @throws ConfigError with all messages */
export function loadReferences(loaded: LoadedConfig): References {
  const reading = new Reading(loaded);
  for (const [name, model] of Object.entries(loaded.config.models)) reading.model(name, model);
  return reading.references();
}

class Reading {
  readonly #loaded: LoadedConfig;
  readonly #found = new Map<string, Reference>();
  readonly #mistakes: string[] = [];

  constructor(loaded: LoadedConfig) {
    this.#loaded = loaded;
  }

  /** @throws ConfigError */
  references(): References {
    if (this.#mistakes.length > 0) throw new ConfigError(this.#mistakes.join("\n"));
    return this.#found;
  }

  model(name: string, model: ModelConfig): void {
    const keys = ["models", name, "reference"];
    const own = model.reference === undefined ? null : this.#read(keys, model.reference, name);
    if (own !== null) this.#compareWithSettings(keys, own, model);
    for (const [version, { reference: path }] of Object.entries(model.versions ?? {})) {
      const ofVersion = ["models", name, "versions", version, "reference"];
      const reference = this.#read(ofVersion, path, name);
      if (own === null) this.#refuse(ofVersion, "only beside a reference of the model, whose bins it has");
      else if (reference !== null) this.#compareBins(ofVersion, reference, own, model.reference as string);
    }
  }

  #read(keys: KeyPath, path: string, model: string): Reference | null {
    try {
      const reference = this.#found.get(path) ?? decodeReference(readFileSync(path, "utf8"), path, { model });
      this.#found.set(path, reference);
      return reference;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (error instanceof ReferenceFileError) this.#refuse(keys, message);
      else this.#refuse(keys, `${path}: ${code === "ENOENT" ? "no such file; `reference build` makes one" : message}`);
      return null;
    }
  }

  /** What the configuration fixes has to be as in the reference: counts in other bins say nothing. */
  #compareWithSettings(keys: KeyPath, reference: Reference, model: ModelConfig): void {
    for (const [name, { type, edges, categories }] of Object.entries(model.features)) {
      const feature = reference.features.get(name);
      if (feature === undefined) continue;
      const differs = (what: string): void => {
        this.#refuse([...keys.slice(0, 2), "features", name, what], `is not what it is in ${model.reference}`);
      };
      if (type !== undefined && type !== feature.type) differs("type");
      if (edges !== undefined && !isDeepEqual(edges, feature.bins?.edges)) differs("edges");
      if (categories !== undefined && !isDeepEqual(categories, feature.categories?.names)) differs("categories");
    }
  }

  #compareBins(keys: KeyPath, reference: Reference, model: Reference, path: string): void {
    const [name] = featuresOfOtherBins(reference, model);
    if (name !== undefined) this.#refuse(keys, `feature ${name} has other bins than in ${path}: build it with --like ${path}`);
  }

  #refuse(keys: KeyPath, text: string): void {
    this.#mistakes.push(this.#loaded.document.message(keys, text));
  }
}

function isDeepEqual(some: readonly unknown[], others: readonly unknown[] | undefined): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}
