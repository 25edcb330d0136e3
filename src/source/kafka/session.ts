// One life of the client: a member of the group that reads, and a watch that looks at what the topics hold and whether
// reading goes on. Ends with whatever fails; the next one begins at the same positions.
import { type Log, type LogBounds, logKey } from "../source.ts";
import { Rest } from "../waiting.ts";
import { createClients, type SourceLogger } from "./client.ts";
import { GroupMember } from "./group-member.ts";
import { type Health, kindOf } from "./health.ts";
import type { KafkaOptions, KafkaTimes } from "./options.ts";
import type { OffsetAt, Positions } from "./positions.ts";
import type { Silence } from "./silence.ts";
import { TopicBounds, type View } from "./topic-bounds.ts";

/** The longest that the end of a session may take. */
const longestEndMillis = 4000;
/** Looks at bounds that may fail before the client is built anew. */
const failuresOfBounds = 5;
/** A topic that is missing in so many looks on end has been deleted; one of its name is another one. */
const looksUntilGone = 3;

/** Ends a session so that the next one reads partitions that were added; the client would look for them much later. */
export class NewPartitions extends Error {}

/** What a session lives on; all of it outlives the session. */
export interface Surroundings {
  readonly options: KafkaOptions;
  readonly times: KafkaTimes;
  readonly logger: SourceLogger;
  readonly health: Health;
  readonly positions: Positions;
  readonly silence: Silence;
  /** Keys of the logs that nothing is to be handed over of. */
  readonly paused: ReadonlySet<string>;
}

export class Session {
  readonly #around: Surroundings;
  readonly #topicBounds: TopicBounds;
  readonly #member: GroupMember;
  readonly #offsetAt: OffsetAt;
  readonly #rest = new Rest();
  #view: View = { logs: new Map(), missing: new Set() };
  /** Keys of the partitions that there were when the client joined. */
  #known: ReadonlySet<string> = new Set();
  readonly #missedLooks = new Map<string, number>();
  #othersHold = "";
  #ended = false;
  #fail: (error: Error) => void = () => undefined;

  constructor(around: Surroundings) {
    const { options, times, logger } = around;
    const clients = createClients(options, times, logger);
    this.#around = around;
    this.#topicBounds = new TopicBounds(clients.admin, options.topics, times.requestMillis);
    this.#offsetAt = (log, timeMillis, bounds) => this.#topicBounds.offsetAt(log, timeMillis, bounds);
    this.#member = new GroupMember(around, clients.consumer(), {
      joined: () => this.#rest.wake(),
      misplaced: (log) => this.#findPlace(log),
      failed: (error) => this.#fail(error),
    });
  }

  /** Whether it came as far as reading. */
  get lived(): boolean {
    return this.#member.hasJoined;
  }

  /** Reads until something fails. @throws what failed */
  async run(): Promise<void> {
    const failure = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    await Promise.race([this.#read(), failure]);
  }

  async #read(): Promise<void> {
    await this.#awaitTopics();
    if (this.#ended) return;
    this.#known = new Set(this.#view.logs.keys());
    this.#around.silence.begin();
    await Promise.all([this.#member.join(), this.#watch()]);
  }

  async #awaitTopics(): Promise<void> {
    while (!this.#ended) {
      await this.#look();
      await this.#countMissing();
      if (this.#view.missing.size === 0) return;
      await this.#rest.of(this.#around.times.boundsMillis);
    }
  }

  /** Looks at bounds again and again; ends when the session does. @throws when the client has to be built anew */
  async #watch(): Promise<void> {
    let failures = 0;
    while (!this.#ended) {
      await this.#rest.of(this.#around.times.boundsMillis);
      if (this.#ended) return;
      try {
        const before = this.#positionsNow();
        await this.#look();
        await this.#countMissing();
        await this.#placeAll(before);
        failures = 0;
      } catch (error) {
        this.#around.health.failed(kindOf(error), `brokers: ${(error as Error).message}`);
        failures += 1;
        if (failures >= failuresOfBounds) throw error;
        continue;
      }
      this.#checkPartitions();
      this.#tellWhoHoldsWhat();
      this.#checkSilence();
    }
  }

  #positionsNow(): Map<string, number | undefined> {
    return new Map([...this.#member.owned].map(([key, log]) => [key, this.#around.positions.at(log)]));
  }

  /** Looks at what the topics hold, and tells the sink of the logs that it has started. */
  async #look(): Promise<void> {
    const { health, options, positions } = this.#around;
    this.#view = await this.#topicBounds.look();
    health.answered();
    for (const topic of options.topics) {
      const missing = this.#view.missing.has(topic);
      health.problem(`topic ${topic}`, missing ? `topic "${topic}" does not exist yet` : null);
    }
    for (const { log, bounds } of this.#view.logs.values()) positions.bounds(log, bounds);
  }

  async #countMissing(): Promise<void> {
    for (const topic of this.#around.options.topics) {
      const looks = this.#view.missing.has(topic) ? (this.#missedLooks.get(topic) ?? 0) + 1 : 0;
      this.#missedLooks.set(topic, looks);
      if (looks === looksUntilGone) await this.#startOver(topic);
    }
  }

  /** A topic is gone: whatever comes by its name holds nothing yet. */
  async #startOver(topic: string): Promise<void> {
    const { positions } = this.#around;
    for (const log of positions.logs()) {
      if (log.topic === topic) await positions.inTurn(log, () => this.#place(log, { low: 0, end: 0 }));
    }
  }

  #checkPartitions(): void {
    const added = [...this.#view.logs.keys()].filter((key) => !this.#known.has(key) && !this.#member.owned.has(key));
    if (added.length === 0) return;
    this.#around.logger.info({ added }, "new partitions");
    throw new NewPartitions("new partitions");
  }

  /**
   * Finds a place to begin at for every log that has none, or whose place is gone. A log that has moved since before the
   * look is being read, wherever it is: its bounds are older than its position.
   */
  async #placeAll(before: ReadonlyMap<string, number | undefined>): Promise<void> {
    const { positions } = this.#around;
    for (const [key, log] of this.#member.owned) {
      const found = this.#view.logs.get(key);
      if (found === undefined || positions.isBusy(log)) continue;
      await positions.inTurn(log, async () => {
        const position = positions.at(log);
        const isGone = position !== undefined && isOutside(position, found.bounds);
        if (position === undefined || (isGone && before.get(key) === position)) await this.#place(log, found.bounds);
      });
    }
  }

  /** Asks the sink where to begin, and has the client begin there. To be called in turn. */
  async #place(log: Log, bounds: LogBounds): Promise<void> {
    if (this.#ended) return;
    await this.#around.positions.place(log, bounds, this.#offsetAt);
    this.#member.settle(log);
  }

  /**
   * The client reads elsewhere than at the position: it was reset silently. Where records were deleted or the topic was
   * created anew, the sink is asked; otherwise the client is sent back. To be called in turn.
   */
  async #findPlace(log: Log): Promise<void> {
    const position = this.#around.positions.at(log);
    await this.#look();
    const bounds = this.#view.logs.get(logKey(log))?.bounds;
    if (bounds === undefined || position === undefined) return;
    if (isOutside(position, bounds)) await this.#place(log, bounds);
    else this.#member.settle(log);
  }

  /** One process needs every partition: another member of the group is a mistake that has to be seen. */
  #tellWhoHoldsWhat(): void {
    const { health, logger, options, positions } = this.#around;
    const { hasJoined, owned } = this.#member;
    if (!hasJoined) return;
    const missing = [...this.#view.logs.keys()].filter((key) => !owned.has(key));
    const message = `another member of group "${options.group}" holds ${missing.join(", ")}; one process needs all partitions`;
    const problem = missing.length === 0 ? null : message;
    health.problem("group", problem);
    if (problem !== null && problem !== this.#othersHold) logger.error({ missing }, message);
    this.#othersHold = problem ?? "";
    const areStarted = [...owned.values()].every((log) => positions.at(log) !== undefined);
    health.assigned = missing.length === 0 && this.#view.missing.size === 0 && areStarted;
  }

  /** A client that holds logs and does not read them, though the brokers answer, is of no use. */
  #checkSilence(): void {
    const { health, positions, silence, paused } = this.#around;
    const ofClient = silence.ofClient();
    if (ofClient !== null) throw this.#silent(ofClient);
    for (const [key, log] of this.#member.owned) {
      const found = this.#view.logs.get(key);
      const position = positions.at(log);
      if (found === undefined || position === undefined || paused.has(key)) {
        silence.moved(log);
        continue;
      }
      const still = silence.ofLog(found, position);
      const message = `${key} has records and does not move`;
      health.problem(`still ${key}`, still === "again" ? `${message}, with another client neither` : null);
      if (still === "first") throw this.#silent(message);
    }
  }

  #silent(message: string): Error {
    this.#around.health.failed("silence", message);
    return new Error(message);
  }

  /** Has the client heed whether a log is paused. */
  applyPause(log: Log): void {
    this.#member.applyPause(log);
  }

  async commit(positions: ReadonlyMap<Log, number>): Promise<void> {
    await this.#member.commit(positions);
  }

  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#around.health.assigned = false;
    this.#topicBounds.close();
    this.#fail(new Error("ended"));
    this.#rest.wake();
    await this.#member.end(longestEndMillis);
  }
}

function isOutside(position: number, { low, end }: LogBounds): boolean {
  return position < low || position > end;
}
