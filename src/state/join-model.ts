// What the join keeps of a model beside the rows of its events: how ids are hashed, which texts rows refer to, and of each
// version what became of its predictions and outcomes.
import { otherName } from "../event/event.ts";
import { addDuration, type DurationHistogram, decodeDurations, encodeDurations, zeroDurations } from "../monitor/duration.ts";
import type { Reader, Writer } from "../primitive/bytes.ts";
import { IdHash } from "../primitive/id-hash.ts";
import { Names } from "../primitive/names.ts";
import { LabelCohorts } from "./label-cohorts.ts";
import type { FoldSettings, OutcomeSettings } from "./settings.ts";

/** Distinct labels, predictions and horizons of a model that are texts, among events that wait; more are one. */
const mostTexts = 4096;
/** Distinct combinations of segments of a model; predictions of more are in none. */
const mostSegmentSets = 4096;

/** Distinct sets of classes that predictions have scores of. */
const mostClassSets = 4096;

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
/** From a click to a loan that is not repaid. */
export const delayBoundsSeconds = [
  1,
  10,
  minute,
  5 * minute,
  15 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  3 * day,
  7 * day,
  14 * day,
  30 * day,
] as const;

/** What became of outcomes, and of predictions. Outcomes that are joined count for the version of their prediction. */
export const joinCounts = ["joined", "orphaned", "duplicate", "late", "absent", "expired", "repeated"] as const;

export class JoinVersion {
  readonly model: JoinModel;
  readonly version: string;
  /** Its number in rows. */
  readonly number: number;
  /** Rows that refer to it. */
  rows = 0;
  latestMillis = Number.NEGATIVE_INFINITY;
  joined = 0;
  /** Outcomes without a prediction. */
  orphaned = 0;
  /** Outcomes that repeat another's id. */
  duplicate = 0;
  /** Outcomes that came after their minute was closed. */
  late = 0;
  /** Predictions whose horizon passed without an outcome, which means a label. */
  absent = 0;
  /** Predictions whose horizon passed without an outcome. */
  expired = 0;
  /** Predictions that repeat another's id. */
  repeated = 0;
  /** From a prediction to its outcome. */
  delays: DurationHistogram = zeroDurations(delayBoundsSeconds);
  readonly cohorts = new LabelCohorts();

  constructor(model: JoinModel, version: string, number: number) {
    this.model = model;
    this.version = version;
    this.number = number;
  }

  see(timeMillis: number): void {
    if (timeMillis > this.latestMillis) this.latestMillis = timeMillis;
  }

  /** An outcome before its prediction, by the clocks of those who sent them, counts as at once. */
  delayed(millis: number): void {
    addDuration(this.delays, delayBoundsSeconds, Math.max(0, millis));
  }

  encode(writer: Writer): void {
    writer.text(this.version);
    writer.float(this.latestMillis);
    for (const name of joinCounts) writer.unsigned(this[name]);
    encodeDurations(this.delays, writer);
    this.cohorts.encode(writer);
  }

  /** Fills this (new) version with what is behind its name. */
  decode(reader: Reader): void {
    this.latestMillis = reader.float();
    for (const name of joinCounts) this[name] = reader.unsigned();
    this.delays = decodeDurations(reader);
    this.cohorts.decode(reader);
  }
}

export class JoinModel {
  readonly name: string;
  readonly hash: IdHash;
  readonly texts = new Names(mostTexts, otherName);
  /** Names of segments, one to a line, in their order; none: "". */
  readonly segmentSets = new Names(mostSegmentSets, "");
  /** Names of classes, one to a line, in their order. */
  readonly classSets = new Names(mostClassSets, "");
  readonly versions = new Map<string, JoinVersion>();
  /** Predictions that wait for an outcome. */
  waiting = 0;
  #lastClasses = "";
  #lastClassNames: readonly string[] = [];
  #under: FoldSettings | null = null;
  #settings: OutcomeSettings | null = null;

  constructor(name: string) {
    this.name = name;
    this.hash = new IdHash(name);
  }

  /** How the model is joined under settings; null: it is not. */
  settingsUnder(settings: FoldSettings): OutcomeSettings | null {
    if (settings !== this.#under) {
      this.#under = settings;
      this.#settings = outcomesOf(this.name, settings);
    }
    return this.#settings;
  }

  /** The names of classes that a number stands for. */
  classesOf(number: number): readonly string[] {
    const classes = this.classSets.text(number);
    if (classes !== this.#lastClasses) {
      this.#lastClasses = classes;
      this.#lastClassNames = classes.split("\n");
    }
    return classes === "" ? [] : this.#lastClassNames;
  }

  /** Of which attributes of predictions the values are segments; null: of all. */
  attributesUnder({ models, defaults }: FoldSettings): readonly string[] | null {
    return (models.get(this.name) ?? defaults).segments;
  }
}

/** How a model is joined; null: it is not. */
export function outcomesOf(model: string, { models, defaults, discover }: FoldSettings): OutcomeSettings | null {
  const own = models.get(model);
  if (own !== undefined) return own.outcomes;
  return discover && model !== otherName ? defaults.outcomes : null;
}
