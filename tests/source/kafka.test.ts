// The Kafka source runs through the contract with a real broker.
import { afterAll, beforeAll } from "vitest";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { sourceContract } from "./contract.ts";
import { openKafkaWorld } from "./kafka-world.ts";

let kafka: KafkaServer;
beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(() => kafka.close());

let topics = 0;
sourceContract(
  (records) => {
    topics += 1;
    return openKafkaWorld(kafka, `contract-${topics}`, records);
  },
  { ends: "a topic may always be written to" },
);
