// Listeners that ask for a password or for TLS, and what is told of those that are refused.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KafkaOptions } from "../../src/source/kafka/options.ts";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { makeCertificate } from "../servers/kafka-properties.ts";
import { kafkaSource, reached, shortTimes } from "./kafka-world.ts";
import { Recorder } from "./recorder.ts";

const account = { name: "alice", password: "s3cret" };
const topic = "guarded";
const log = { topic, partition: 0 };
const identity = await makeCertificate();
const tls = { ca: identity.certificate };
let kafka: KafkaServer;
beforeAll(async () => {
  kafka = await startKafka({ security: { accounts: [account], ...identity } });
  await kafka.createTopic(topic);
  await kafka.produce(topic, 0, ["a", "b"]);
});
afterAll(() => kafka.close());

const login = (mechanism: "plain" | "scram-sha-256", password = account.password) => {
  return { sasl: { mechanism, username: account.name, password } };
};
type Listener = keyof KafkaServer["secure"];
const cases: readonly [string, Listener, Partial<KafkaOptions>][] = [
  ["PLAIN", "sasl", login("plain")],
  ["SCRAM-SHA-256", "sasl", login("scram-sha-256")],
  ["TLS", "tls", { ssl: tls }],
  ["SCRAM-SHA-256 over TLS", "saslTls", { ssl: tls, ...login("scram-sha-256") }],
];

describe("is let in", () => {
  test.each(cases)("by %s", async (_name, listener, options) => {
    const sink = new Recorder();
    const source = kafkaSource({ brokers: [kafka.secure[listener]] }, [topic], { times: shortTimes, ...options });
    await source.start(sink);
    await reached("the records", () => sink.position(log) === 2 && source.status().assigned);
    expect(sink.values(log)).toEqual(["a", "b"]);
    expect(source.status()).toMatchObject({ up: true, problems: [] });
    await source.stop();
    expect(sink.faults).toEqual([]);
  });
});

const refused: readonly [string, Listener, Partial<KafkaOptions>, string, RegExp][] = [
  ["a wrong password (PLAIN)", "sasl", login("plain", "wrong"), "authentication", /authentication failed/i],
  ["a wrong password (SCRAM)", "sasl", login("scram-sha-256", "wrong"), "authentication", /authentication failed/i],
  ["a certificate that nobody knows", "tls", { ssl: true }, "connection", /certificate/i],
  ["no password", "sasl", {}, "connection", /closed connection/i],
];

describe("is refused, told, and tried again", () => {
  test.each(refused)("for %s", async (_name, listener, options, kind, problem) => {
    const sink = new Recorder();
    const source = kafkaSource({ brokers: [kafka.secure[listener]] }, [topic], { times: shortTimes, ...options });
    await source.start(sink);
    await reached("the problem is told", () => problem.test(source.status().problems.join()));
    await reached("another attempt", () => source.status().rebuilds >= 2);
    expect(source.status()).toMatchObject({ up: false, assigned: false });
    expect([...source.status().errors].filter(([, count]) => count > 0).map(([name]) => name)).toEqual([kind]);
    await source.stop();
    expect([sink.starts, sink.faults]).toEqual([[], []]);
  });
});
