// Since when a version's windows are compared with the reference in force, in event time. Of one that was learned that follows from
// what was learned; when a configured one came is remembered.
import type { Reader, Writer } from "../primitive/bytes.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import { learnedPeriod } from "./reference-summary.ts";

export class ReferenceAdoption {
  /** Of the configured reference; "" where there was none, null where the state does not say. */
  #hash: string | null = "";
  /** Start of the first pane that closed under it; NaN where nobody knows. */
  #sinceMillis = Number.NaN;

  /** Takes the start of a pane that closes. */
  note(version: string, memory: FeatureMemory, startMillis: number): void {
    const hash = configuredHash(version, memory);
    if (hash === this.#hash) return;
    // What an older state was compared with, and since when, it did not say.
    this.#sinceMillis = this.#hash === null ? Number.NaN : startMillis;
    this.#hash = hash;
  }

  /** NaN where there is no reference, or nobody knows. */
  sinceMillis(version: string, memory: FeatureMemory): number {
    const hash = configuredHash(version, memory);
    if (hash !== "") return hash === this.#hash ? this.#sinceMillis : Number.NaN;
    const { toMillis } = learnedPeriod(memory);
    return Number.isFinite(toMillis) ? toMillis : Number.NaN;
  }

  encode(writer: Writer): void {
    writer.boolean(this.#hash !== null);
    writer.text(this.#hash ?? "");
    writer.float(this.#sinceMillis);
  }

  static decode(reader: Reader): ReferenceAdoption {
    const adoption = new ReferenceAdoption();
    adoption.#hash = null;
    if (reader.format < 3) return adoption;
    const isKnown = reader.boolean();
    const hash = reader.text();
    adoption.#hash = isKnown ? hash : null;
    adoption.#sinceMillis = reader.float();
    return adoption;
  }
}

function configuredHash(version: string, { settings }: FeatureMemory): string {
  return (settings.versionReferences.get(version) ?? settings.reference)?.hash ?? "";
}
