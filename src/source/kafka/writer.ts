// Writes records to topics, in the order in which they are given: for the simulator's streams. Makes topics that are not
// there; leaves those that are as they are.
import { createClients, type Producer, type SourceLogger } from "./client.ts";
import { defaultKafkaTimes, type KafkaOptions } from "./options.ts";

export interface RecordToWrite {
  readonly topic: string;
  readonly partition: number;
  readonly timeMillis: number;
  readonly value: Buffer;
}

/** Records that are sent together. */
const together = 2000;
/** A record that nobody confirms is sent again so many times. */
const mostTries = 20;

export class KafkaWriter {
  readonly #producer: Producer;
  #waiting: RecordToWrite[] = [];

  private constructor(producer: Producer) {
    this.#producer = producer;
  }

  /** @param partitions of the topics that are to be there */
  static async open(
    options: KafkaOptions,
    partitions: Readonly<Record<string, number>>,
    logger: SourceLogger,
  ): Promise<KafkaWriter> {
    const clients = createClients(options, defaultKafkaTimes, logger);
    const admin = clients.admin();
    await admin.connect();
    const topics = Object.entries(partitions).map(([topic, numPartitions]) => ({ topic, numPartitions }));
    await admin.createTopics({ topics, waitForLeaders: true });
    await admin.disconnect();
    const producer = clients.producer();
    await producer.connect();
    return new KafkaWriter(producer);
  }

  async write(record: RecordToWrite): Promise<void> {
    this.#waiting.push(record);
    if (this.#waiting.length >= together) await this.flush();
  }

  /** Sends what was given so far. @throws where it is not taken */
  async flush(): Promise<void> {
    const byTopic = Map.groupBy(this.#waiting, ({ topic }) => topic);
    this.#waiting = [];
    for (const [topic, records] of byTopic) await this.#send(topic, records);
  }

  async #send(topic: string, records: readonly RecordToWrite[]): Promise<void> {
    const messages = records.map(({ partition, timeMillis, value }) => ({ partition, value, timestamp: String(timeMillis) }));
    for (let tries = 0; tries < mostTries; tries++) {
      // The client drops what is for a partition of which it knows no leader yet, without a word: nobody answers then.
      const answers = await this.#producer.send({ topic, messages });
      if (answers.length > 0) return;
    }
    throw new Error(`${records.length} records were not taken by topic "${topic}"`);
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#producer.disconnect();
  }
}
