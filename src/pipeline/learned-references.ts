// References that were learned, as files beside the snapshots: readable, and there when a snapshot can no longer be read.
// One a model, written when features were frozen, when it is known how well the model does, and once a day after that, as hours go on being learned.
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FeatureMemory } from "../monitor/feature-memory.ts";
import { learnedPeriod } from "../monitor/reference-summary.ts";
import { ReferenceEncoder } from "../reference/encoder.ts";
import { decodeReference } from "../reference/file.ts";
import type { FeatureReference, Reference } from "../reference/reference.ts";
import { writeDurably } from "../state/durable-file.ts";
import type { Fold } from "../state/fold.ts";
import type { Logger } from "./logger.ts";
import { featureMemoryOf } from "./of-features.ts";
import { performanceMemoryOf } from "./of-performance.ts";
import { inSlices } from "./turns.ts";

const folder = "references";
const suffix = ".json";

export interface LearnedReferencesOptions {
  /** Where the state is. */
  readonly directory: string;
  /** Of this program. */
  readonly version: string;
  readonly now: () => number;
}

export class LearnedReferences {
  readonly #fold: Fold;
  readonly #options: LearnedReferencesOptions;
  readonly #logger: Logger;
  /** By model: what was written. */
  readonly #written = new Map<string, string>();

  constructor(fold: Fold, options: LearnedReferencesOptions, logger: Logger) {
    this.#fold = fold;
    this.#options = options;
    this.#logger = logger;
  }

  /** Writes those that have changed. A failure is logged, and the next time tries again. */
  async save(): Promise<void> {
    for (const [name, model] of this.#fold.models) {
      const memory = featureMemoryOf(model);
      const learned = learnedOf(memory);
      const performance = performanceMemoryOf(model).learned;
      const state = JSON.stringify([performance !== null, learned.map(({ name, days }) => [name, days.length])]);
      if (learned.length === 0 || this.#written.get(name) === state) continue;
      try {
        await this.#write(name, memory, learned, performance);
        this.#written.set(name, state);
      } catch (error) {
        this.#logger.error({ model: name, reason: (error as Error).message }, "learned reference not written");
      }
    }
  }

  async #write(
    model: string,
    memory: FeatureMemory,
    learned: readonly FeatureReference[],
    performance: Reference["performance"],
  ): Promise<void> {
    const { directory, version, now } = this.#options;
    const provenance = {
      kind: "learned" as const,
      source: [],
      ...learnedPeriod(memory),
      madeMillis: now(),
      madeBy: version,
      history: [],
    };
    const byName = new Map(learned.map((feature) => [feature.name, feature]));
    const encoder = new ReferenceEncoder({ model, version: null, provenance, features: byName, performance });
    await inSlices(encoder.parts());
    const path = join(directory, folder, encodeURIComponent(model) + suffix);
    await mkdir(join(directory, folder), { recursive: true });
    await writeDurably(path, encoder.text());
    const before = memory.learnedHash;
    memory.learnedHash = encoder.hash;
    this.#logger.info({ model, reference: encoder.hash, before, features: learned.length, path }, "learned reference written");
  }
}

/** The features whose reference was learned, as they are now: what goes on growing is copied. */
function learnedOf({ features: known }: FeatureMemory): FeatureReference[] {
  return [...known.values()].flatMap(({ panes, reference }) => {
    // The last hour and day may not be over.
    return panes === null || reference === null
      ? []
      : [{ ...reference, hours: panes.hours.slice(0, -1), days: panes.days.slice(0, -1) }];
  });
}

/** The references that were written beside a state, by model; one that cannot be read is left out, and that is logged. */
export async function readLearnedReferences(directory: string, logger: Logger): Promise<ReadonlyMap<string, Reference>> {
  const found = new Map<string, Reference>();
  const names = await readdir(join(directory, folder)).catch(() => []);
  for (const name of names.filter((one) => one.endsWith(suffix) && !one.startsWith("."))) {
    const path = join(directory, folder, name);
    try {
      const reference = decodeReference(await readFile(path, "utf8"), path);
      found.set(reference.model, reference);
    } catch (error) {
      logger.error({ path, reason: (error as Error).message }, "learned reference not used");
    }
  }
  return found;
}
