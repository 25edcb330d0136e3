// The Kafka client itself: the one file that loads it, patched, with all codecs, and speaking through our log.
// Whoever needs one of its types takes it from here.
import { createRequire } from "node:module";
import type { CompressionTypes, Consumer, ConsumerConfig, Admin as KafkajsAdmin, LogEntry, Producer, SASLOptions } from "kafkajs";
import { codecs, type Decompress } from "./codecs.ts";
import { bytesPerFetch, bytesPerPartition, type KafkaOptions, type KafkaTimes } from "./options.ts";
import { patchKafkajs } from "./patches.ts";

export type { Admin, Batch, Consumer, EachBatchPayload, Producer } from "kafkajs";

export interface SourceLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

// Loaded by require, not by import: what is to be patched has to be patched before the client loads it.
const require = createRequire(import.meta.url);
patchKafkajs(require);
const client = require("kafkajs") as typeof import("kafkajs");
const types = client.CompressionTypes;
type Compress = (encoder: unknown) => Promise<Buffer>;
const compressGzip = client.CompressionCodecs[types.GZIP]().compress as Compress;
register(types.GZIP, codecs.gzip, compressGzip);
register(types.Snappy, codecs.snappy);
register(types.LZ4, codecs.lz4);
register(types.ZSTD, codecs.zstd);

function register(type: CompressionTypes, decompress: Decompress, compress: Compress = noCompression): void {
  const codec = { compress, decompress: async (buffer: Buffer) => decompress(buffer) };
  Object.assign(client.CompressionCodecs, { [type]: () => codec });
}

function noCompression(): Promise<Buffer> {
  throw new Error("this codec is for reading only");
}

/** Heartbeats go on while a batch is worked on. */
const longestHeartbeatMillis = 3000;

export function heartbeatMillis({ sessionMillis }: KafkaTimes): number {
  return Math.min(longestHeartbeatMillis, Math.floor(sessionMillis / 3));
}

/** Makes the clients of one session, which connect when they are told to. */
export interface Clients {
  admin(): KafkajsAdmin;
  consumer(): Consumer;
  producer(): Producer;
}

export function createClients(options: KafkaOptions, times: KafkaTimes, logger: SourceLogger): Clients {
  const kafka = new client.Kafka({
    clientId: options.clientId,
    brokers: [...options.brokers],
    requestTimeout: times.requestMillis,
    connectionTimeout: Math.min(3000, times.requestMillis),
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 3 },
    logLevel: client.logLevel.WARN,
    logCreator: () => quietly(logger),
    ...(options.ssl === undefined ? {} : { ssl: options.ssl }),
    ...(options.sasl === undefined ? {} : { sasl: options.sasl as SASLOptions }),
  });
  return {
    admin: () => kafka.admin({ retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 2 } }),
    consumer: () => kafka.consumer(consumerConfig(options, times)),
    producer: () =>
      kafka.producer({
        // Records name their partition; the client asks for a choice all the same.
        createPartitioner: client.Partitioners.DefaultPartitioner,
        allowAutoTopicCreation: false,
        retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 20 },
      }),
  };
}

function consumerConfig(options: KafkaOptions, times: KafkaTimes): ConsumerConfig {
  return {
    groupId: options.group,
    sessionTimeout: times.sessionMillis,
    heartbeatInterval: heartbeatMillis(times),
    rebalanceTimeout: 2 * times.sessionMillis,
    metadataMaxAge: times.metadataMillis,
    maxWaitTimeInMs: times.fetchWaitMillis,
    maxBytesPerPartition: bytesPerPartition,
    maxBytes: bytesPerFetch,
    // A topic that was deleted is not to be made again by whoever reads it.
    allowAutoTopicCreation: false,
    // Brokers that are away for a while are waited for inside of the session; what goes on longer is the watch's.
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 60, restartOnFailure: async () => false },
  };
}

/** The client repeats itself while brokers are away: one line of a kind in ten seconds. */
const sameLineMillis = 10_000;

function quietly(logger: SourceLogger): (entry: LogEntry) => void {
  const said = new Map<string, number>();
  return ({ log: { message, logger: _own, timestamp: _time, stack: _stack, ...fields }, namespace }) => {
    const last = said.get(message) ?? Number.NEGATIVE_INFINITY;
    if (performance.now() - last < sameLineMillis) return;
    said.set(message, performance.now());
    logger.warn({ namespace, ...fields }, `kafkajs: ${message}`);
  };
}
