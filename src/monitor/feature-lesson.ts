// What closed panes have taught of features: types, bins, references. All of them hold at once.
import type { FeatureKnowledge } from "./feature-knowledge.ts";
import { type ClosedFeatures, convertFeature } from "./feature-pane.ts";
import type { Lesson } from "./monitor.ts";

interface Change {
  readonly feature: FeatureKnowledge;
  /** What is to be known of it. */
  readonly change: Partial<FeatureKnowledge>;
  /** What it will be with that. */
  readonly changed: FeatureKnowledge;
}

export class FeatureLesson implements Lesson<ClosedFeatures> {
  readonly #changes: Change[] = [];

  /** @param change null: nothing was learned. @returns whether something was */
  note(feature: FeatureKnowledge, change: Partial<FeatureKnowledge> | null): boolean {
    if (change !== null) this.#changes.push({ feature, change, changed: { ...feature, ...change } });
    return change !== null;
  }

  /** Null where nothing was learned. */
  get orNull(): FeatureLesson | null {
    return this.#changes.length === 0 ? null : this;
  }

  *convert({ features }: ClosedFeatures): Iterable<void> {
    for (const { changed } of this.#changes) {
      const part = features.get(changed.name);
      if (part === undefined) continue;
      convertFeature(part, changed);
      yield;
    }
  }

  adopt(): void {
    for (const { feature, change } of this.#changes) Object.assign(feature, change);
  }
}
