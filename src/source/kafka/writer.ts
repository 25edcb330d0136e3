// Writes records to topics, in the order in which they are given: for the simulator's streams. Makes topics that are not
// there; leaves those that are as they are.
import { setTimeout as rest } from "node:timers/promises";
import { type Admin, createClients, type Producer, type SourceLogger } from "./client.ts";
import { defaultKafkaTimes, type KafkaOptions } from "./options.ts";

export interface RecordToWrite {
  readonly topic: string;
  readonly partition: number;
  readonly timeMillis: number;
  readonly value: Buffer;
}

/** Records that are sent together. */
const together = 2000;
/** Records that nobody confirms are sent again so many times, with a rest before each. */
const mostTries = 20;
const restMillis = 250;

export class KafkaWriter {
  readonly #open: () => Promise<Producer>;
  readonly #patient: boolean;
  #producer: Producer;
  #waiting: RecordToWrite[] = [];

  private constructor(producer: Producer, open: () => Promise<Producer>, patient: boolean) {
    this.#producer = producer;
    this.#open = open;
    this.#patient = patient;
  }

  /**
   * @param partitions of the topics that are to be there
   * @param patient whether brokers that go away later are waited for, however long that is; some records may then come twice
   * @throws where no broker answers, or a topic that is there has fewer partitions
   */
  static async open(
    options: KafkaOptions,
    partitions: Readonly<Record<string, number>>,
    logger: SourceLogger,
    patient = false,
  ): Promise<KafkaWriter> {
    const clients = createClients(options, defaultKafkaTimes, logger);
    const admin = clients.admin();
    try {
      await admin.connect();
      await prepareTopics(admin, partitions);
    } catch (error) {
      throw new Error(`brokers ${options.brokers.join(", ")}: ${(error as Error).message}`);
    } finally {
      // Also where it could not connect: half a connection keeps the process from ending.
      await admin.disconnect();
    }
    const open = async (): Promise<Producer> => {
      const producer = clients.producer();
      await producer.connect();
      return producer;
    };
    return new KafkaWriter(await open(), open, patient);
  }

  async write(record: RecordToWrite): Promise<void> {
    this.#waiting.push(record);
    if (this.#waiting.length >= together) await this.flush();
  }

  /** Sends what was given so far. @throws where it is not taken */
  async flush(): Promise<void> {
    // Each partition by itself: where one of several is not taken yet, the client sends all of them again.
    const byLog = Map.groupBy(this.#waiting, ({ topic, partition }) => `${topic}/${partition}`);
    this.#waiting = [];
    for (const [log, records] of byLog) await this.#send(log, records);
  }

  async #send(log: string, records: readonly RecordToWrite[]): Promise<void> {
    const [{ topic }] = records as [RecordToWrite];
    const messages = records.map(({ partition, timeMillis, value }) => ({ partition, value, timestamp: String(timeMillis) }));
    for (let tries = 0; tries < mostTries; tries++) {
      // The client drops what is for a partition of which it knows no leader yet, without a word: nobody answers then.
      const answers = await this.#answered(this.#producer.send({ topic, messages }));
      if (answers === null) {
        tries = 0;
        await rest(restMillis);
        continue;
      }
      if (answers.length > 0) return;
      await rest(restMillis);
      // It would ask for leaders anew minutes later; another one asks at once.
      await this.#producer.disconnect();
      this.#producer = await this.#open();
    }
    throw new Error(`${records.length} records were not taken by ${log}`);
  }

  /** Null where brokers have not answered in all the time that the client itself tries, and are waited for. */
  async #answered<Answer>(answers: Promise<Answer>): Promise<Answer | null> {
    if (!this.#patient) return answers;
    return answers.catch(() => null);
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#producer.disconnect();
    }
  }
}

/** Makes topics that are not there. @throws where one that is there has fewer partitions */
async function prepareTopics(admin: Admin, partitions: Readonly<Record<string, number>>): Promise<void> {
  const topics = Object.entries(partitions).map(([topic, numPartitions]) => ({ topic, numPartitions }));
  await admin.createTopics({ topics, waitForLeaders: true });
  for (const { name, partitions: some } of await described(admin, Object.keys(partitions))) {
    const needed = partitions[name] ?? 0;
    if (some.length < needed) throw new Error(`topic "${name}" has ${some.length} partitions, not ${needed}`);
  }
}

/** Of several brokers, some hear of a new topic later than others. */
async function described(admin: Admin, topics: string[]) {
  for (let tries = 1; ; tries++) {
    try {
      return (await admin.fetchTopicMetadata({ topics })).topics;
    } catch (error) {
      if (tries === mostTries) throw error;
      await rest(restMillis);
    }
  }
}
