// What a model knows of its features for all of its versions, and which settings hold for them.
// Grows by closed panes only, in the order of their starts, so it does not depend on how logs were interleaved.
import type { Slot } from "../event/schema.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { SketchPool } from "../primitive/sketch-pool.ts";
import type { Reference } from "../reference/reference.ts";
import {
  adoptLearned,
  adoptReference,
  decodeKnowledge,
  encodeKnowledge,
  type FeatureKnowledge,
  learnAnew,
  newKnowledge,
} from "./feature-knowledge.ts";
import type { ModelSettings } from "./monitor.ts";

export class FeatureMemory {
  settings: ModelSettings;
  readonly features = new Map<string, FeatureKnowledge>();
  /** Values of closed panes that were only counted: of categories and of buckets beyond their limits. */
  readonly turnedAway = new Map<string, number>();
  /** Features whose bins a change of settings has just replaced: what panes have of them is of no use. Empty when they are converted. */
  readonly replaced = new Set<string>();
  /** Of the learned reference as it was last written to a file; for people, nothing is decided by it. */
  learnedHash: string | null = null;
  readonly #sketches = new SketchPool();
  readonly #bySlot: FeatureKnowledge[] = [];
  readonly #byIndex: FeatureKnowledge[] = [];

  constructor(settings: ModelSettings) {
    this.settings = settings;
    for (const name of configured(settings)) this.of(name);
  }

  /** What is known of a feature; it is unknown so far where it was never asked for. */
  of(name: string): FeatureKnowledge {
    let known = this.features.get(name);
    if (known === undefined) {
      known = this.#begin(name);
      const reference = this.settings.reference?.features.get(name);
      const learned = this.settings.learned?.features.get(name);
      if (reference !== undefined) adoptReference(known, reference);
      else if (learned !== undefined) adoptLearned(known, learned, this.settings.learned as Reference);
    }
    return known;
  }

  /** A feature of which nothing is known but what is configured, in the place of one that may be there. */
  #begin(name: string): FeatureKnowledge {
    const index = this.features.get(name)?.index ?? this.features.size;
    const known = newKnowledge(name, index, this.settings.features.get(name) ?? {}, this.#sketches);
    this.features.set(name, known);
    this.#byIndex[index] = known;
    return known;
  }

  /** The feature of this place. */
  byIndex(index: number): FeatureKnowledge {
    const known = this.#byIndex[index];
    if (known === undefined) throw new RangeError(`feature ${index}`);
    return known;
  }

  /** As `of`, by position. */
  at(slot: Slot): FeatureKnowledge {
    let known = this.#bySlot[slot.index];
    if (known === undefined) {
      known = this.of(slot.name);
      this.#bySlot[slot.index] = known;
    }
    return known;
  }

  noteTurnedAway(limit: string, count: number): void {
    if (count > 0) this.turnedAway.set(limit, (this.turnedAway.get(limit) ?? 0) + count);
  }

  /**
   * Goes on under settings of the same fingerprint, maybe with another reference.
   * @returns whether it has bins that it did not have before (see `replaced`), so that panes have to be converted
   */
  adapt(settings: ModelSettings): boolean {
    this.settings = settings;
    let any = false;
    for (const feature of this.features.values()) {
      const reference = settings.reference?.features.get(feature.name);
      if (reference === undefined) {
        if (feature.learning === null && feature.panes === null) learnAnew(feature);
        continue;
      }
      if (feature.reference === reference) continue;
      const first = feature.bins === null && feature.categories === null;
      const replaced = adoptReference(feature, reference);
      if (replaced) this.replaced.add(feature.name);
      if (replaced || first) any = true;
    }
    for (const name of configured(settings)) this.of(name);
    return any;
  }

  /** A feature at a time, so that others can have a turn between them. */
  *encode(writer: Writer): Iterable<void> {
    writeAll(
      writer,
      [...this.turnedAway].sort(([a], [b]) => compareText(a, b)),
      ([limit, count]) => {
        writer.text(limit);
        writer.unsigned(count);
      },
    );
    writer.unsigned(this.features.size);
    for (const feature of [...this.features.values()].sort((a, b) => compareText(a.name, b.name))) {
      encodeKnowledge(feature, writer);
      yield;
    }
  }

  /** As it was written: `adapt` it to the settings that hold now. */
  static decode(reader: Reader, settings: ModelSettings): FeatureMemory {
    const memory = new FeatureMemory(settings);
    for (const [limit, count] of readAll(reader, () => [reader.text(), reader.unsigned()] as const)) {
      memory.turnedAway.set(limit, count);
    }
    const begin = (name: string): FeatureKnowledge => memory.#begin(name);
    readAll(reader, () => decodeKnowledge(reader, begin, settings.textLimit));
    return memory;
  }
}

/** Names of features that settings speak of: all of a reference, so that what is tested does not depend on what came first. */
function configured({ features, reference, learned }: ModelSettings): Set<string> {
  return new Set([...features.keys(), ...(reference?.features.keys() ?? []), ...(learned?.features.keys() ?? [])]);
}
