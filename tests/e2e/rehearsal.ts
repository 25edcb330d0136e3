// A rehearsal: the simulator writes to a real Kafka, the exporter reads it, a real Prometheus evaluates the shipped rules, a real
// Alertmanager tells by the shipped routes, and what stands for PagerDuty, Slack, mail and webhooks keeps what it is told. Time
// runs faster for all of them: docs/rehearsal.md.
import { parseDuration } from "../../src/config/duration.ts";
import { partitionCounts, type StoryName, storyPredictions } from "../../src/source/simulator.ts";
import { type ShippedAlertmanager, startShipped } from "../alertmanager/shipped.ts";
import type { Lapse } from "../prometheus/time-lapse.ts";
import { type KafkaServer, startKafka } from "../servers/kafka.ts";
import { eventsPath, type PagerDutyEvent } from "../servers/notifications.ts";
import type { PrometheusServer } from "../servers/prometheus.ts";
import { until } from "../until.ts";
import { awaitReady, ExporterHome, type ExporterProcess, freeAddress, samples } from "./exporter.ts";
import { exporterConfig, prometheusWith, type RehearsedIncident, settingOf, simulate } from "./rehearsal-servers.ts";

const minuteMillis = 60_000;
/** An exporter that has caught up closes minutes when they are so old. */
const usualMinutes = 5;

export interface RehearsalOptions {
  /** How many times faster than the real one time runs. */
  readonly pace: number;
  /** What time it is when it begins: a moment of a day of the past, as RFC 3339. */
  readonly from: string;
  /** How much past the streams have when it begins, such as 6h. */
  readonly history: string;
  readonly incidents: readonly RehearsedIncident[];
  /** Changes the demo's configuration, of which only the source is another. */
  readonly configure?: (config: string) => string;
}

/** Somebody was told of something. */
export interface Told {
  /** Since the beginning. */
  readonly minutes: number;
  /** As in "PagerDuty payments", "Slack payments", "mail payments-ml@example.org", "webhook supply-tickets". */
  readonly to: string;
  /** As in "trigger ModelDriftAlarm fraud" or what a message has as its title. */
  readonly what: string;
  readonly body: unknown;
}

export class Rehearsal {
  readonly kafka: KafkaServer;
  readonly prometheus: PrometheusServer;
  exporter: ExporterProcess;
  readonly #history: string;
  readonly #lapse: Lapse;
  readonly #notified: ShippedAlertmanager;
  readonly #startExporter: () => Promise<ExporterProcess>;
  readonly #end: () => Promise<void>;

  private constructor(parts: Parts) {
    this.kafka = parts.kafka;
    this.prometheus = parts.prometheus;
    this.exporter = parts.exporter;
    this.#history = parts.history;
    this.#lapse = parts.lapse;
    this.#notified = parts.notified;
    this.#startExporter = parts.startExporter;
    this.#end = parts.end;
  }

  /** Starts everything; resolves when the exporter has read the history, and Prometheus reads the exporter. */
  static async start({ pace, from, history, incidents, configure = (config) => config }: RehearsalOptions): Promise<Rehearsal> {
    const ends: (() => Promise<unknown> | unknown)[] = [];
    const end = async (): Promise<void> => {
      for (const one of ends.splice(0).reverse()) await one();
    };
    try {
      const kafka = await startKafka();
      ends.push(() => kafka.close());
      // The records are of another time: the broker is not to delete them for their age. One that has just begun may refuse.
      for (const [topic, partitions] of Object.entries(partitionCounts)) {
        const made = (): Promise<boolean> => kafka.createTopic(topic, partitions, { "retention.ms": "-1" }).then(() => true);
        await until(made, { deadlineMillis: 60_000, what: `topic ${topic}` });
      }
      const notified = await startShipped({ speed: pace });
      ends.push(() => notified.stop());
      const lapse = { pace, fromMillis: Date.parse(from), atMillis: Date.now() };
      const home = new ExporterHome();
      ends.push(() => home.close());
      // An exporter that starts again is there sooner: starting takes real time, of which three seconds are a page here.
      const environment = { PREDICTION_EXPORTER_TIME_LAPSE: settingOf(lapse), NODE_COMPILE_CACHE: `${home.directory}/compiled` };
      ends.push(await simulate(kafka, history, incidents, environment));
      const listen = await freeAddress();
      const config = configure(exporterConfig(kafka, listen));
      const startExporter = (): Promise<ExporterProcess> => home.start(config, listen, environment);
      const exporter = await startExporter();
      const { prometheus, evaluate } = await prometheusWith(lapse, listen, notified.alertmanager.url, ends);
      await awaitReady(exporter, 120_000);
      const rehearsal = new Rehearsal({ kafka, prometheus, exporter, history, lapse, notified, startExporter, end });
      // What it takes to close three hours is real time, many minutes here, in which nothing is as it is for others.
      await rehearsal.#awaitFrontier();
      await evaluate();
      return rehearsal;
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** Minutes since the beginning. */
  get minutes(): number {
    return this.#minutesAt(Date.now());
  }

  #minutesAt(realMillis: number): number {
    return ((realMillis - this.#lapse.atMillis) * this.#lapse.pace) / minuteMillis;
  }

  /** Waits until the exporter's newest closed minute is as old as it usually is. */
  async #awaitFrontier(): Promise<void> {
    const isNear = async (): Promise<boolean> => {
      const frontierSeconds = (await samples(this.exporter)).get("ml_exporter_frontier_timestamp_seconds") ?? Number.NaN;
      return this.minutes - (frontierSeconds * 1000 - this.#lapse.fromMillis) / minuteMillis < usualMinutes;
    };
    await until(isNear, { deadlineMillis: 60_000, what: "the frontier is near" });
  }

  /** The real time, in seconds, of so many minutes since the beginning: for questions to Prometheus. */
  realSeconds(minutes: number): number {
    return (this.#lapse.atMillis + (minutes * minuteMillis) / this.#lapse.pace) / 1000;
  }

  /** When it is so many minutes since the beginning. */
  async at(minutes: number): Promise<void> {
    const deadlineMillis = Math.max(0, this.realSeconds(minutes) * 1000 - Date.now()) + 5000;
    await until(() => this.minutes >= minutes, { deadlineMillis, what: `minute ${minutes}` });
  }

  /** All that anybody was told so far, but for the signs of life, in the order in which it came. */
  told(): Told[] {
    const { notifications, mail } = this.#notified;
    const posted = notifications.received
      .filter(({ path }) => path !== "/dead-mans-switch-url")
      .map(({ path, body, atMillis }) => ({ ...saidBy(path, body), body, minutes: this.#minutesAt(atMillis) }));
    const mailed = mail.mails.map(({ to, text, atMillis }) => {
      const what = /^Subject: (.*(?:\n[ \t].*)*)/m.exec(text)?.[1] ?? "";
      return { to: `mail ${to.join(" ")}`, what, body: text, minutes: this.#minutesAt(atMillis) };
    });
    return [...posted, ...mailed].sort((a, b) => a.minutes - b.minutes);
  }

  /** Of what was told from a moment on: what began then, or began again. What was open already may be told again, or be over. */
  begun(fromMinute: number): Told[] {
    const told = this.told();
    const open = new Set<string>();
    for (const { minutes, to, what } of told) {
      if (minutes >= fromMinute) break;
      if (isOver(what)) open.delete(`${to} ${alertOf(what)}`);
      else open.add(`${to} ${alertOf(what)}`);
    }
    return told.filter(({ minutes, to, what }) => minutes >= fromMinute && !isOver(what) && !open.has(`${to} ${alertOf(what)}`));
  }

  /** Waits until somebody was told of something. @param byMinute until when */
  async awaitTold(to: string, what: RegExp, byMinute: number): Promise<Told> {
    const found = (): Told | undefined => this.told().find((one) => one.to === to && what.test(one.what));
    const deadlineMillis = Math.max(0, this.realSeconds(byMinute) * 1000 - Date.now());
    await until(() => found() !== undefined, { deadlineMillis, what: `${to}: ${what} by minute ${byMinute}; told:\n${this}` });
    return found() as Told;
  }

  /** Names of the alerts that fired between two moments, but for those that are told to nobody, with the first of these minutes. */
  async fired(fromMinute: number, toMinute: number): Promise<Map<string, number>> {
    const step = 15 / this.#lapse.pace;
    const range = { start: this.realSeconds(fromMinute), end: this.realSeconds(toMinute), step };
    const series = await this.prometheus.queryRange('ALERTS{alertstate="firing", severity!~"none|info"}', range);
    return new Map(
      series.map(({ metric, points }) => [
        [metric.alertname, metric.model, metric.version].filter((part) => part !== undefined).join(" "),
        Math.round(this.#minutesAt((points[0]?.time as number) * 1000)),
      ]),
    );
  }

  /** When the first prediction of a story came after a moment. @returns minutes */
  firstPredictionAfter(story: StoryName, minute: number): number {
    const { fromMillis } = this.#lapse;
    const afterMillis = fromMillis + minute * minuteMillis;
    const streams = { seed: 1, originMillis: fromMillis - parseDuration(this.#history), incidents: [] };
    let first = Number.POSITIVE_INFINITY;
    for (const text of storyPredictions(story, streams, afterMillis + minuteMillis)) {
      const millis = Date.parse((JSON.parse(text) as { time: string }).time);
      if (millis >= afterMillis) first = Math.min(first, millis);
    }
    return (first - fromMillis) / minuteMillis;
  }

  /** Scrapes of the exporter that failed so far, by the minute: a machine that is too slow, or an exporter that was not there. */
  async failedScrapes(): Promise<number[]> {
    const range = { start: this.realSeconds(0), end: Date.now() / 1000, step: 15 / this.#lapse.pace };
    const series = await this.prometheus.queryRange('up{job="prediction-exporter"} == 0', range);
    return [...new Set(series.flatMap(({ points }) => points.map(({ time }) => Math.floor(this.#minutesAt(time * 1000)))))];
  }

  /** Starts the exporter again after it has ended. */
  async restartExporter(): Promise<void> {
    this.exporter = await this.#startExporter();
  }

  /** What was told, a line each: for whoever reads a test's output. */
  toString(): string {
    return this.told()
      .map(({ minutes, to, what }) => `${minutes.toFixed(1).padStart(7)} min  ${to}: ${what}`)
      .join("\n");
  }

  /** Prints who was told what, and whether the machine kept up. */
  async report(): Promise<void> {
    process.stdout.write(`who was told what, by the rehearsal's clock:\n${this}\n`);
    process.stdout.write(`minutes in which a scrape failed: ${await this.failedScrapes()}\n`);
  }

  end(): Promise<void> {
    return this.#end();
  }
}

interface Parts {
  readonly kafka: KafkaServer;
  readonly prometheus: PrometheusServer;
  readonly exporter: ExporterProcess;
  readonly history: string;
  readonly lapse: Lapse;
  readonly notified: ShippedAlertmanager;
  readonly startExporter: () => Promise<ExporterProcess>;
  readonly end: () => Promise<void>;
}

/** The alert that somebody was told of, with its model where it has one. */
export function alertOf(what: string): string {
  return /\b(Model|Exporter|Kafka|Prometheus|Alertmanager)[A-Z]\w+( (fraud|recommendation|forecast))?/.exec(what)?.[0] ?? what;
}

function isOver(what: string): boolean {
  return /^resolved? /i.test(what) || what.startsWith("Resolved: ");
}

function saidBy(path: string, body: unknown): Pick<Told, "to" | "what"> {
  if (path === eventsPath) {
    const { routing_key, event_action, payload } = body as PagerDutyEvent;
    return { to: routing_key.replace("pagerduty-", "PagerDuty "), what: `${event_action} ${payload.class} ${payload.source}` };
  }
  const slack = /^\/slack-(.*)-url$/.exec(path)?.[1];
  if (slack !== undefined) {
    const { attachments } = body as { attachments: { title: string }[] };
    return { to: `Slack ${slack}`, what: attachments.map(({ title }) => title).join(", ") };
  }
  const { status, groupLabels } = body as { status: string; groupLabels: Record<string, string> };
  return { to: `webhook ${path.slice(1).replace(/-url$/, "")}`, what: `${status} ${Object.values(groupLabels).join(" ")}` };
}
