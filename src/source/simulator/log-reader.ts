// The records of one log, in order: what its stories put into it, told only as far as it is read.
import type { Log } from "../source.ts";
import { type Draft, DraftHeap } from "./draft-heap.ts";
import { ForecastStory } from "./forecast.ts";
import { FraudStory } from "./fraud.ts";
import type { RecordReader } from "./log-feed.ts";
import { mix } from "./random.ts";
import { RecommendationStory } from "./recommendation.ts";
import { type Outlet, partitionCounts, type Story, type StreamOptions, type Topic } from "./story.ts";

/** All logs there are. */
export const simulatedLogs: readonly Log[] = Object.entries(partitionCounts).flatMap(([topic, count]) =>
  Array.from({ length: count }, (_, partition) => ({ topic, partition })),
);

/** Ids of streams with other seeds or origins differ, should they ever meet in one topic. */
const idMarks = 36 ** 4;

export class LogReader implements RecordReader, Outlet {
  readonly log: Log;
  next = 0;
  readonly #stories: readonly Story[];
  readonly #waiting = new DraftHeap();

  constructor(log: Log, options: StreamOptions) {
    this.log = log;
    const mark = mix(mix(options.seed, options.originMillis / 1000), options.originMillis % 1000) % idMarks;
    this.#stories = storiesOf(log.topic as Topic, options, mark.toString(36).padStart(4, "0"));
  }

  wants(topic: Topic, idHash: number): boolean {
    return topic === this.log.topic && idHash % partitionCounts[topic] === this.log.partition;
  }

  put(timeMillis: number, text: () => string): void {
    this.#waiting.put(timeMillis, text);
  }

  get nextMillis(): number {
    this.#fill();
    return this.#waiting.earliestMillis;
  }

  /** Unfolds stories until the next record is known: what is put later is not earlier than the activity that puts it. */
  #fill(): void {
    for (let story = this.#soonest(); story.nextMillis < this.#waiting.earliestMillis; story = this.#soonest()) {
      story.unfold(this);
    }
  }

  read(): Draft {
    this.#fill();
    this.next += 1;
    return this.#waiting.take();
  }

  #soonest(): Story {
    let soonest = this.#stories[0] as Story;
    for (const story of this.#stories) if (story.nextMillis < soonest.nextMillis) soonest = story;
    return soonest;
  }
}

/** The stories that write to a topic. */
function storiesOf(topic: Topic, options: StreamOptions, idMark: string): Story[] {
  const forecast = new ForecastStory(options, idMark);
  if (topic === "runs") return [forecast];
  return [new FraudStory(options, idMark), new RecommendationStory(options, idMark), forecast];
}
