// What a Kafka source is told, and the times by which it lives.

export interface KafkaSasl {
  readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
  readonly username: string;
  readonly password: string;
}

export interface KafkaTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface KafkaTimes {
  /** How long a broker may wait for records: bounds how long pauses, rebalances and the end take. */
  readonly fetchWaitMillis: number;
  /** Between two looks at what the logs hold. */
  readonly boundsMillis: number;
  /** An exchange that takes longer has failed. */
  readonly requestMillis: number;
  readonly sessionMillis: number;
  /** How often partitions that were added are looked for. */
  readonly metadataMillis: number;
  /** A client that fetches nothing for this long, though the broker answers, is built anew. */
  readonly silenceMillis: number;
  /** The longest pause before the client is built anew. */
  readonly backOffMillis: number;
}

export const defaultKafkaTimes: KafkaTimes = {
  fetchWaitMillis: 250,
  boundsMillis: 2000,
  requestMillis: 10_000,
  sessionMillis: 10_000,
  metadataMillis: 20_000,
  silenceMillis: 20_000,
  backOffMillis: 3000,
};

export interface KafkaOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly group: string;
  readonly topics: readonly string[];
  readonly ssl?: boolean | KafkaTls;
  readonly sasl?: KafkaSasl;
  readonly times?: Partial<KafkaTimes>;
}

/** Small fetches keep the event loop free: some 430 records of 600 bytes a partition. */
export const bytesPerPartition = 262_144;
export const bytesPerFetch = 4_194_304;
