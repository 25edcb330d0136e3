// Kafka's history for `reference build`: read by a consumer group of its own, so that the exporter's is not disturbed.
import { randomUUID } from "node:crypto";
import { setTimeout as rest } from "node:timers/promises";
import { parseDuration } from "../config/duration.ts";
import { ConfigError } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { topicSettings } from "../pipeline/exporter.ts";
import { History, type HistorySink } from "../pipeline/reference/history.ts";
import { KafkaSource } from "../source/kafka.ts";
import { createLogger } from "./logger.ts";
import type { Origin } from "./reference-build.ts";
import { kafkaOptions } from "./source.ts";

/** Between two looks at how far it is. */
const lookMillis = 100;
/** Without progress for this long it has failed: brokers that come back take less. */
const longestStillMillis = 60_000;

/** @throws ConfigError where there is no such duration, or no Kafka in the configuration */
export function kafkaRows(config: Config, back: string): Origin {
  const backMillis = parseDuration(back);
  if (!(backMillis > 0)) throw new ConfigError(`--from-kafka ${back}: a duration such as 28d`);
  const { kafka } = config.source;
  if (kafka === undefined) throw new ConfigError("--from-kafka needs source.kafka, which says where the brokers are");
  const logger = createLogger("warn");
  const options = { ...kafkaOptions(kafka), group: `${kafka.group}-reference-${randomUUID()}` };
  const history = new History({
    fromMillis: Date.now() - backMillis,
    topics: topicSettings(config),
    decode: { messageBytes: config.limits.message_bytes, futureMillis: config.defaults.future },
  });
  return {
    kind: "kafka",
    source: options.topics,
    close: async () => undefined,
    async rows(pass) {
      const sink = history.pass(pass);
      const source = new KafkaSource(options, logger);
      await source.start(sink);
      try {
        await untilDone(sink, source);
      } finally {
        await source.stop();
      }
      history.complete();
    },
  };
}

/** @throws where the history cannot be read to its end */
async function untilDone(sink: HistorySink, source: KafkaSource): Promise<void> {
  let read = -1;
  let movedAt = performance.now();
  for (;;) {
    const { assigned, problems } = source.status();
    if (sink.failure !== "") throw new Error(sink.failure);
    if (assigned && sink.isDone) return;
    if (sink.read !== read) {
      read = sink.read;
      movedAt = performance.now();
    }
    if (performance.now() - movedAt > longestStillMillis) {
      throw new Error(problems.length > 0 ? problems.join("; ") : "Kafka hands over no records, though there are some");
    }
    await rest(lookMillis);
  }
}
