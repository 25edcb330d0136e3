// Kafka as a source: reads all partitions of some topics as the only member of its consumer group, at positions of its
// own. Decodes nothing; group offsets are written for lag tools, never read.
//
// A session is one life of the client. It ends when the client fails or falls silent, and another one begins; positions
// outlive it. What the client does not tell (a hung broker, a reset of its position) is seen by asking for bounds.
import type { SourceLogger } from "./kafka/client.ts";
import { Health, kindOf } from "./kafka/health.ts";
import { defaultKafkaTimes, type KafkaOptions, type KafkaTimes } from "./kafka/options.ts";
import { Positions } from "./kafka/positions.ts";
import { NewPartitions, Session } from "./kafka/session.ts";
import { Silence } from "./kafka/silence.ts";
import { type Log, logKey, type Sink, type Source, type SourceStatus } from "./source.ts";
import { Rest } from "./waiting.ts";

export type { SourceLogger } from "./kafka/client.ts";

const firstBackOffMillis = 500;
/** An answer shows for so long beyond two looks that the brokers are there. */
const freshMillis = 4000;

export class KafkaSource implements Source {
  readonly #options: KafkaOptions;
  readonly #times: KafkaTimes;
  readonly #logger: SourceLogger;
  readonly #health: Health;
  readonly #paused = new Set<string>();
  readonly #rest = new Rest();
  #positions: Positions | null = null;
  #session: Session | null = null;
  #running: Promise<void> = Promise.resolve();
  #stopping = false;

  constructor(options: KafkaOptions, logger: SourceLogger, now: () => number = Date.now) {
    this.#options = options;
    this.#times = { ...defaultKafkaTimes, ...options.times };
    this.#logger = logger;
    this.#health = new Health(now, 2 * this.#times.boundsMillis + freshMillis);
  }

  async start(sink: Sink): Promise<void> {
    const positions = new Positions(sink);
    this.#positions = positions;
    this.#running = this.#live(positions);
  }

  /** One session after another until the end, with growing pauses while they fail. */
  async #live(positions: Positions): Promise<void> {
    const silence = new Silence(this.#times.silenceMillis, () => performance.now());
    let backOffMillis = firstBackOffMillis;
    while (!this.#stopping) {
      const session = new Session({
        options: this.#options,
        times: this.#times,
        logger: this.#logger,
        health: this.#health,
        positions,
        silence,
        paused: this.#paused,
      });
      this.#session = session;
      const failure = await session.run().then(
        () => new Error("the session ended"),
        (error: Error) => error,
      );
      await session.end();
      if (this.#stopping) return;
      if (failure instanceof NewPartitions) continue;
      this.#health.failed(kindOf(failure), failure.message);
      this.#logger.error({ reason: failure.message }, "the Kafka client is built anew");
      this.#health.rebuilds += 1;
      backOffMillis = session.lived ? firstBackOffMillis : Math.min(backOffMillis * 2, this.#times.backOffMillis);
      await this.#rest.of(backOffMillis);
    }
  }

  pause(log: Log): void {
    this.#paused.add(logKey(log));
    this.#session?.applyPause(log);
  }

  resume(log: Log): void {
    this.#paused.delete(logKey(log));
    this.#session?.applyPause(log);
  }

  async commit(positions: ReadonlyMap<Log, number>): Promise<void> {
    await this.#session?.commit(positions);
  }

  status(): SourceStatus {
    return this.#health.status();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#positions?.close();
    this.#rest.wake();
    await this.#session?.end();
    await this.#running;
  }
}
