// The source that a configuration asks for.
import { readFileSync } from "node:fs";
import { ConfigError } from "../config/load.ts";
import type { Config, KafkaConfig } from "../config/schema.ts";
import type { Logger } from "../pipeline/logger.ts";
import { FileSource } from "../source/file.ts";
import { defaultKafkaTimes } from "../source/kafka/options.ts";
import { KafkaSource } from "../source/kafka.ts";
import { SimulatorSource } from "../source/simulator.ts";
import type { Source } from "../source/source.ts";
import { type Clock, realClock } from "./clock.ts";
import { simulation } from "./simulation.ts";

/** Between two looks at what the logs hold, however fast time goes. */
const leastBoundsMillis = 100;

/** @throws ConfigError where a file of secrets or certificates cannot be read */
export function createSource(config: Config, logger: Logger, clock: Clock = realClock): Source {
  const { kafka, file, simulator } = config.source;
  if (kafka !== undefined) return new KafkaSource(kafkaOptions(kafka, clock), logger);
  if (simulator !== undefined) return new SimulatorSource(simulation(simulator, clock.now(), clock.now));
  return new FileSource((file?.paths ?? []).map((path) => ({ path, topic: path })));
}

/** In a rehearsal it asks more often what the logs hold, as windows wait for that; all else between it and the brokers is real. */
export function kafkaOptions(kafka: KafkaConfig, { pace }: Clock = realClock) {
  return {
    brokers: kafka.brokers,
    clientId: kafka.client_id,
    group: kafka.group,
    topics: Object.keys(kafka.topics),
    times: { boundsMillis: Math.max(defaultKafkaTimes.boundsMillis / pace, leastBoundsMillis) },
    ...ssl(kafka.ssl),
    ...sasl(kafka.sasl),
  };
}

function ssl(options: KafkaConfig["ssl"]) {
  if (options === undefined || options === false) return {};
  if (options === true) return { ssl: true };
  return {
    ssl: {
      ...read("ca", "ca_file", options.ca_file),
      ...read("cert", "cert_file", options.cert_file),
      ...read("key", "key_file", options.key_file),
    },
  };
}

function sasl(options: KafkaConfig["sasl"]) {
  if (options === undefined) return {};
  const { mechanism, username } = options;
  const password = readSecret("source.kafka.sasl.password_file", options.password_file).replace(/\r?\n$/, "");
  return { sasl: { mechanism, username, password } };
}

function read(name: string, key: string, path: string | undefined) {
  return path === undefined ? {} : { [name]: readSecret(`source.kafka.ssl.${key}`, path) };
}

function readSecret(key: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError(`${key}: ${(error as Error).message}`);
  }
}
