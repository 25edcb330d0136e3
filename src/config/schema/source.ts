// The shape of `source`: where events come from.
import { mapping } from "./mapping.ts";
import { choice, duration, flag, inAnyCase, lasting, list, named, path, section, text, unlessRepeated, z } from "./terms.ts";

/** What is said of a stream of records. */
const stream = {
  format: text.default("native"),
  lateness: lasting("1m"),
  map: mapping.optional(),
};

const mapsJson = ({ format, map }: { format: string; map?: unknown }): boolean => map === undefined || format === "native";
const mapRefused = { message: "only with format native", path: ["map"] };

/** A topic of which nothing is said has the defaults. */
const topic = z
  .codec(z.unknown(), z.unknown(), { decode: (written) => written ?? {}, encode: (read) => read })
  .pipe(section(stream).refine(mapsJson, mapRefused));

const sasl = section({
  mechanism: choice(["plain", "scram-sha-256", "scram-sha-512"]),
  username: text,
  password_file: path,
});

const ssl = z.union(
  [flag, section({ ca_file: path.optional(), cert_file: path.optional(), key_file: path.optional() })],
  "true, false, or some of ca_file, cert_file and key_file",
);

/** No user and password as in a URL: those are for `sasl`. */
const broker = z.string("a broker is host:port").regex(/^[^\s@/]+:\d{1,5}$/, "a broker is host:port");

const kafka = section({
  brokers: list(broker, "a list of at least one broker, as in [localhost:9092]"),
  group: text.default("prediction-exporter"),
  client_id: text.default("prediction-exporter"),
  topics: named(topic).refine((topics) => Object.keys(topics).length > 0, "at least one topic, as in {predictions: {}}"),
  /** Where to begin without a snapshot: auto goes back as far as learning, the longest window and the longest horizon of outcomes need. */
  start: z
    .union([z.enum(["auto", "earliest", "latest"]), duration], "auto, earliest, latest, or how far back, such as 12h")
    .default("auto"),
  ssl: ssl.optional(),
  sasl: sasl.optional(),
});

const file = section({
  paths: list(path, "a list of at least one file, as in [events.jsonl]").superRefine(unlessRepeated),
  ...stream,
}).refine(mapsJson, mapRefused);

/** The streams of the demo: three models that do not exist. */
const simulator = section({
  seed: z.int("a whole number").default(1),
  /** How much of the past they have when the exporter starts. */
  history: lasting("25h"),
  incidents: flag.default(true),
});

export const source = section(
  {
    kafka: kafka.optional(),
    file: file.optional(),
    simulator: simulator.optional(),
    /** A log that is fully read and has been silent for this long is not waited for. */
    idle: lasting("30s"),
    /** A log that has records but has made no progress for this long is left behind. */
    stuck: lasting("10m"),
    /** A log that is further ahead of the slowest than this, in event time, is paused. */
    ahead: lasting("1h"),
  },
  "kafka: {brokers: [...], topics: {...}}, file: {paths: [...]} or simulator: {}",
).refine((value) => [value.kafka, value.file, value.simulator].filter((one) => one !== undefined).length === 1, {
  message: "exactly one of kafka, file and simulator",
  ...inAnyCase,
});

export type KafkaConfig = z.output<typeof kafka>;
export type SimulatorConfig = z.output<typeof simulator>;
