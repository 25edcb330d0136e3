// A member of the consumer group: takes what the client fetches to the positions, and steers the client to them. Knows
// what it owns; what the topics hold and whether the client still reads is for others to see.
import { type Log, logKey } from "../source.ts";
import { within } from "../waiting.ts";
import { type Batch, type Consumer, type EachBatchPayload, heartbeatMillis } from "./client.ts";
import type { Message } from "./message-batch.ts";
import type { Surroundings } from "./session.ts";

/** A batch knows for which offset it was fetched, though the client's types do not say so. */
type Fetched = Batch & { readonly fetchedOffset: string };

/** What the client says of a batch of which nothing is left after control records and aborted ones were taken out. */
interface Filtered {
  readonly topic: string;
  readonly partition: number;
  readonly batchSize: number;
  readonly firstOffset: string | null;
  readonly lastOffset: string | null;
  readonly highWatermark?: string;
}

/** Whom a member tells. */
export interface MemberEvents {
  /** The group has dealt out its logs, now or again. */
  joined(): void;
  /** The client reads a log elsewhere than at its position. Called in turn. */
  misplaced(log: Log): Promise<void>;
  failed(error: Error): void;
}

export class GroupMember {
  /** Logs that the group has given to this member, by key. */
  owned: ReadonlyMap<string, Log> = new Map();
  hasJoined = false;
  readonly #around: Surroundings;
  readonly #consumer: Consumer;
  readonly #events: MemberEvents;
  #ended = false;

  constructor(around: Surroundings, consumer: Consumer, events: MemberEvents) {
    this.#around = around;
    this.#consumer = consumer;
    this.#events = events;
  }

  /** Joins the group and begins to read. */
  async join(): Promise<void> {
    const { GROUP_JOIN, CRASH, FETCH, END_BATCH_PROCESS } = this.#consumer.events;
    // Runs before the first fetch of the new generation: what is sought and paused here holds for it.
    this.#consumer.on(GROUP_JOIN, ({ payload }) => this.#own(payload.memberAssignment));
    this.#consumer.on(CRASH, ({ payload }) => this.#events.failed(payload.error));
    this.#consumer.on(FETCH, () => this.#around.silence.fetched());
    this.#consumer.on(END_BATCH_PROCESS, ({ payload }) => this.#passFiltered(payload));
    await within(this.#consumer.connect(), this.#around.times.requestMillis);
    await this.#consumer.subscribe({ topics: [...this.#around.options.topics], fromBeginning: true });
    await this.#consumer.run({
      eachBatchAutoResolve: false,
      autoCommit: false,
      eachBatch: (payload) => this.#take(payload),
    });
  }

  #own(assignment: Record<string, number[]>): void {
    const { positions, options, silence } = this.#around;
    const assigned = new Map<string, Log>();
    for (const topic of options.topics) {
      for (const partition of assignment[topic] ?? []) assigned.set(`${topic}/${partition}`, { topic, partition });
    }
    this.owned = assigned;
    this.hasJoined = true;
    silence.fetched();
    for (const log of positions.logs()) {
      if (assigned.has(logKey(log))) continue;
      // It may be given back before what is going on for it is done.
      void positions.inTurn(log, () => {
        if (!this.owned.has(logKey(log))) positions.revoke(log);
      });
    }
    for (const log of assigned.values()) this.settle(log);
    this.#events.joined();
  }

  /** Sends the client to where the log's position is now, if it has one. */
  settle(log: Log): void {
    this.#seek(log);
    this.applyPause(log);
  }

  #seek({ topic, partition }: Log): void {
    const offset = this.#around.positions.at({ topic, partition });
    if (offset !== undefined) this.#steer(() => this.#consumer.seek({ topic, partition, offset: String(offset) }));
  }

  /** Lets the client fetch a log or not: not while it is paused, nor before it is known where to begin. */
  applyPause(log: Log): void {
    if (!this.owned.has(logKey(log))) return;
    this.#around.silence.moved(log);
    const partitions = [{ topic: log.topic, partitions: [log.partition] }];
    const halt = this.#isPaused(log) || this.#around.positions.at(log) === undefined;
    this.#steer(() => (halt ? this.#consumer.pause(partitions) : this.#consumer.resume(partitions)));
  }

  #isOpen(log: Log): boolean {
    return !this.#ended && this.owned.has(logKey(log));
  }

  #isPaused(log: Log): boolean {
    return this.#around.paused.has(logKey(log));
  }

  /** A client that has crashed cannot be steered: it throws. The next one is told everything when it joins. */
  #steer(order: () => void): void {
    try {
      order();
    } catch (error) {
      this.#around.logger.warn({ reason: (error as Error).message }, "the Kafka client takes no orders");
    }
  }

  async #take(payload: EachBatchPayload): Promise<void> {
    const { positions, silence, times } = this.#around;
    const log = this.owned.get(`${payload.batch.topic}/${payload.batch.partition}`);
    if (log === undefined) return;
    // Not beyond the end: as long as this member seems to live, the next one has to wait for it.
    const beat = setInterval(() => {
      if (!this.#ended) payload.heartbeat().catch(() => undefined);
    }, heartbeatMillis(times));
    try {
      await silence.whileWorking(() => positions.inTurn(log, () => this.#handOver(log, payload)));
    } finally {
      clearInterval(beat);
    }
  }

  async #handOver(log: Log, { batch, isRunning, isStale, resolveOffset }: EachBatchPayload): Promise<void> {
    const { positions, silence } = this.#around;
    if (!this.#isOpen(log) || this.#isPaused(log) || !isRunning() || isStale()) return;
    if (Number((batch as Fetched).fetchedOffset) !== positions.at(log)) return this.#events.misplaced(log);
    const nextOffset = Number(batch.lastOffset()) + 1;
    const messages = batch.messages as readonly Message[];
    const done = await positions.hand(log, { messages, nextOffset, endOffset: Number(batch.highWatermark) });
    silence.moved(log);
    if (!done || !this.#isOpen(log)) return;
    // Where the client was sought meanwhile, that was to a position which is past.
    if (isStale()) this.#seek(log);
    else resolveOffset(batch.lastOffset());
  }

  /** Batches of control records or aborted ones only are never handed over; the position moves past them all the same. */
  #passFiltered({ topic, partition, batchSize, firstOffset, lastOffset, highWatermark }: Filtered): void {
    const log = this.owned.get(`${topic}/${partition}`);
    if (log === undefined || batchSize > 0 || firstOffset === null || lastOffset === null) return;
    const { positions, silence } = this.#around;
    const nextOffset = Number(lastOffset) + 1;
    const pass = async (): Promise<void> => {
      const position = positions.at(log);
      if (this.#ended || position === undefined || nextOffset <= position) return;
      if (Number(firstOffset) !== position) await this.#events.misplaced(log);
      const unmoved = positions.at(log) === position;
      if (unmoved) await positions.hand(log, { messages: [], nextOffset, endOffset: Number(highWatermark ?? nextOffset) });
      silence.moved(log);
    };
    positions.inTurn(log, pass).catch((error: Error) => this.#events.failed(error));
  }

  async commit(positions: ReadonlyMap<Log, number>): Promise<void> {
    const owned = [...positions].filter(([log]) => this.owned.has(logKey(log)));
    if (owned.length === 0 || this.#ended) return;
    const offsets = owned.map(([{ topic, partition }, offset]) => ({ topic, partition, offset: String(offset) }));
    try {
      await within(this.#consumer.commitOffsets(offsets), this.#around.times.requestMillis);
    } catch (error) {
      // The offsets are for lag tools only, and the next snapshot commits again.
      this.#around.logger.warn({ reason: (error as Error).message }, "group offsets not committed");
    }
  }

  /** Leaves the group. Does not wait for a sink nor a broker for longer than it is given. */
  async end(longestMillis: number): Promise<void> {
    this.#ended = true;
    await within(this.#consumer.disconnect(), longestMillis).catch(() => undefined);
  }
}
