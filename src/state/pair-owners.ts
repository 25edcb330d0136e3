// Whose a prediction is of which the join tells when a minute closes: the version that takes it, of the model whose minute it is.
import { otherName, unversioned } from "../event/event.ts";
import type { JoinedPair } from "./joined-pair.ts";
import type { ModelRegistry } from "./model-registry.ts";
import type { ModelState } from "./model-state.ts";
import type { VersionState } from "./version-state.ts";

interface Owner {
  readonly model: ModelState;
  /** Null where a limit turned it away. */
  readonly version: VersionState | null;
}

export class PairOwners {
  readonly #registry: ModelRegistry;
  /** Of the pair that was asked for last, as most that follow are of the same. */
  #last: Owner | null = null;
  #model = "";
  #version = "";
  #closingMillis = Number.NaN;

  constructor(registry: ModelRegistry) {
    this.#registry = registry;
  }

  of({ model, version, closingMillis }: JoinedPair): Owner {
    const last = this.#last;
    const isSame = model === this.#model && version === this.#version && closingMillis === this.#closingMillis;
    if (last !== null && isSame) return last;
    const found = this.#find(model, version === "" ? unversioned : version, closingMillis);
    // Each that is turned away is counted.
    this.#last = found.version === null ? null : found;
    this.#model = model;
    this.#version = version;
    this.#closingMillis = closingMillis;
    return found;
  }

  #find(name: string, versionName: string, closingMillis: number): Owner {
    const model = this.#registry.model(name);
    if (model.name === otherName) return { model, version: null };
    const version = this.#registry.version(model, versionName);
    if (version.version === otherName) return { model, version: null };
    const successor = closingMillis >= this.#registry.pendingMillis ? model.successor : null;
    return successor === null ? { model, version } : { model: successor, version: model.succeeding(version) };
  }

  /** A minute is closed: models and versions may go, and others come. */
  forget(): void {
    this.#last = null;
  }
}
