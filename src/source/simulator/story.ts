// What a story is: a model with its traffic, told to one log at a time. A story unfolds one activity after another (a
// visit of a customer, a run of a job); each puts its records into the log's outlet, never earlier than its own time.
//
// Whatever happens in an activity follows from the seed and the activity's number alone. So every log can be told
// without the others, and an incident changes nothing but what it is meant to change.
import type { Incident } from "./incident.ts";

export const storyNames = ["fraud", "recommendation", "forecast"] as const;
export type StoryName = (typeof storyNames)[number];

/** Topics by their number of partitions. */
export const partitionCounts = { predictions: 4, outcomes: 2, runs: 1 } as const;
export type Topic = keyof typeof partitionCounts;

/** Everything that the records follow from. */
export interface StreamOptions {
  readonly seed: number;
  /** When the streams begin. */
  readonly originMillis: number;
  readonly incidents: readonly Incident[];
}

/** Takes what belongs to one log. */
export interface Outlet {
  /** Whether the log is the one of a topic that an id is dealt to by its hash. */
  wants(topic: Topic, idHash: number): boolean;
  put(timeMillis: number, text: () => string): void;
}

export interface Story {
  /** When the next activity begins: no later `unfold` puts records before. */
  readonly nextMillis: number;
  /** Puts the records of the next activity. */
  unfold(outlet: Outlet): void;
}

/**
 * Who and what there is (customers, visitors, stores) follows from this, whatever the seed of the streams: seeds differ in what
 * happens, and what is normal of one is normal of all.
 */
export const populationSeed = 1;

/** Values of features by name. */
export type FeatureValues = Record<string, number | string | boolean | null>;

/** A time as events carry it. */
export function timeText(millis: number): string {
  return new Date(millis).toISOString();
}
