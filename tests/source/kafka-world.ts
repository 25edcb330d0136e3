// Kafka for tests of its source: sources with short times, records by topic.
import type { KafkaOptions } from "../../src/source/kafka/options.ts";
import { KafkaSource, type SourceLogger } from "../../src/source/kafka.ts";
import type { Log, Source } from "../../src/source/source.ts";
import type { KafkaServer } from "../servers/kafka.ts";
import { until } from "../until.ts";
import type { World, Written } from "./contract.ts";

/** What a source has logged; a test that fails shows it. */
export class Lines implements SourceLogger {
  readonly all: string[] = [];

  info(fields: object, message: string): void {
    this.#keep("info", fields, message);
  }

  warn(fields: object, message: string): void {
    this.#keep("warn", fields, message);
  }

  error(fields: object, message: string): void {
    this.#keep("error", fields, message);
  }

  #keep(level: string, fields: object, message: string): void {
    this.all.push(`${level} ${message} ${JSON.stringify(fields)}`);
    if (process.env.SHOW_LOG === "1") process.stderr.write(`${new Date().toISOString()} ${this.all.at(-1)}\n`);
  }
}

/** A group for itself each time. */
let groups = 0;

export function kafkaSource(kafka: Pick<KafkaServer, "brokers">, topics: readonly string[], options: Partial<KafkaOptions> = {}) {
  groups += 1;
  return new KafkaSource(
    { brokers: kafka.brokers, clientId: "source", group: `group-${groups}`, topics, ...options },
    new Lines(),
  );
}

/** Short times, for tests that do not look at how long something takes. */
export const shortTimes = { fetchWaitMillis: 100, boundsMillis: 300, sessionMillis: 6000 } as const;

export async function openKafkaWorld(kafka: KafkaServer, topic: string, logs: readonly (readonly Written[])[]): Promise<World> {
  await kafka.createTopic(topic, logs.length);
  const append = async ({ partition }: Log, records: readonly Written[]): Promise<void> => {
    const messages = records.map(({ value, timeMillis }) => ({ value, timestamp: String(timeMillis) }));
    await kafka.produce(topic, partition, messages);
  };
  for (const [partition, records] of logs.entries()) await append({ topic, partition }, records);
  const source = (): Source => kafkaSource(kafka, [topic], { times: shortTimes });
  return { logs: logs.map((_, partition) => ({ topic, partition })), source, append, turn: () => undefined };
}

/** Waits for what a test is about; half a minute is enough for anything that goes well. */
export function reached(what: string, holds: () => boolean | Promise<boolean>, deadlineMillis = 30_000): Promise<void> {
  return until(holds, { deadlineMillis, what });
}
