// Asks the brokers what the topics hold: which partitions there are, from where to where. Keeps no position.
import { type Log, type LogBounds, logKey } from "../source.ts";
import { within } from "../waiting.ts";
import type { Admin } from "./client.ts";

export interface BoundedLog {
  readonly log: Log;
  readonly bounds: LogBounds;
}

/** What one look has found. */
export interface View {
  readonly logs: ReadonlyMap<string, BoundedLog>;
  /** Topics that do not exist. */
  readonly missing: ReadonlySet<string>;
}

interface Partition {
  readonly partitionId: number;
  readonly leader: number;
}

const unknownTopic = "UNKNOWN_TOPIC_OR_PARTITION";

export class TopicBounds {
  readonly #connect: () => Admin;
  readonly #topics: readonly string[];
  readonly #requestMillis: number;
  #admin: Admin | null = null;
  /** Which partitions there are and who leads them. */
  #layout = "";
  /** One look after another: each has the connection for itself. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param connect makes an admin client, not connected yet */
  constructor(connect: () => Admin, topics: readonly string[], requestMillis: number) {
    this.#connect = connect;
    this.#topics = topics;
    this.#requestMillis = requestMillis;
  }

  /** @throws where the brokers do not answer, or refuse */
  look(): Promise<View> {
    const look = this.#last.then(() => this.#look());
    this.#last = look.catch(() => this.close());
    return look;
  }

  async #look(): Promise<View> {
    const partitions = await this.#partitions();
    const layout = JSON.stringify(
      [...partitions].map(([topic, all]) => [topic, all.map((one) => [one.partitionId, one.leader])]),
    );
    // The client asks by the layout that it saw first, for five minutes: partitions that were added since, and other
    // leaders, are none of its business.
    if (this.#layout !== "" && layout !== this.#layout) this.close();
    this.#layout = layout;
    const admin = await this.#connected();
    const found = await Promise.all([...partitions.keys()].map((topic) => this.#boundsOf(admin, topic)));
    const logs = new Map(found.flat().map((one) => [logKey(one.log), one]));
    return { logs, missing: new Set(this.#topics.filter((topic) => !partitions.has(topic))) };
  }

  async #boundsOf(admin: Admin, topic: string): Promise<BoundedLog[]> {
    const offsets = await this.#within(admin.fetchTopicOffsets(topic));
    return offsets.map(({ partition, low, high }) => ({
      log: { topic, partition },
      bounds: { low: Number(low), end: Number(high) },
    }));
  }

  /** The partitions of the topics that exist. All topics are asked for at once; one by one only where that fails. */
  async #partitions(): Promise<Map<string, readonly Partition[]>> {
    const admin = await this.#connected();
    const found = new Map<string, readonly Partition[]>();
    const ask = async (asked: Admin, topics: readonly string[]): Promise<void> => {
      const { topics: answers } = await this.#within(asked.fetchTopicMetadata({ topics: [...topics] }));
      for (const { name, partitions } of answers) found.set(name, byNumber(partitions));
    };
    try {
      await ask(admin, this.#topics);
    } catch (error) {
      if (!saysNothing(error) && !saysUnknownTopic(error)) throw error;
      // A client that has known a topic does not say that it is gone: one that never knew it does.
      this.close();
      for (const topic of this.#topics) {
        await ask(await this.#connected(), [topic]).catch((failure: unknown) => {
          if (!saysUnknownTopic(failure)) throw failure;
        });
      }
    }
    return found;
  }

  /** The offset of the first record of a log that is not older than a time; its end where there is none. */
  async offsetAt(log: Log, timeMillis: number, { low, end }: LogBounds): Promise<number> {
    const admin = await this.#connected();
    const offsets = await this.#within(admin.fetchTopicOffsetsByTimestamp(log.topic, timeMillis));
    const found = offsets.find(({ partition }) => partition === log.partition);
    return found === undefined ? low : Math.min(Math.max(Number(found.offset), low), end);
  }

  async #connected(): Promise<Admin> {
    if (this.#admin !== null) return this.#admin;
    const admin = this.#connect();
    this.#admin = admin;
    await this.#within(admin.connect());
    return admin;
  }

  /** Lets the connection go; the next question makes a new one. Waits for nothing: the brokers may hang. */
  close(): void {
    const admin = this.#admin;
    this.#admin = null;
    admin?.disconnect().catch(() => undefined);
  }

  #within<T>(exchange: Promise<T>): Promise<T> {
    return within(exchange, this.#requestMillis);
  }
}

function byNumber(partitions: readonly Partition[]): readonly Partition[] {
  return [...partitions].sort((one, other) => one.partitionId - other.partitionId);
}

/** The client's metadata request answers null, and fails over it, when every broker has answered with an error. */
function saysNothing(error: unknown): boolean {
  return error instanceof TypeError;
}

function saysUnknownTopic(error: unknown): boolean {
  return (error as { type?: unknown }).type === unknownTopic;
}
