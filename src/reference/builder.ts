// Builds a reference from rows that are gone through twice: a first time to choose types and bins, a second time to count.
// In bounded memory; the order of rows does not matter, nor how they are dealt over files or logs.
import { Frame } from "../event/frame.ts";
import { Schema } from "../event/schema.ts";
import { isScore, type LabelledPair, noList, type PairSettings } from "../performance/labelled-pair.ts";
import { compareText, Dictionary } from "../primitive/dictionary.ts";
import { TargetSum } from "../primitive/target.ts";
import { quantisedWeight } from "../primitive/weight.ts";
import { Counting, type Segment, segmentNames } from "./counting.ts";
import { LabelledRows } from "./labelled-rows.ts";
import type { ConfiguredFeature } from "./learning.ts";
import type { FeatureReference, Reference } from "./reference.ts";
import { type Frozen, ValueSurvey } from "./value-survey.ts";

export interface BuilderSettings {
  readonly features: ReadonlyMap<string, ConfiguredFeature>;
  /** How labels of rows are read. */
  readonly pairs: PairSettings;
  /** Attributes whose values become segments with all features; null: every attribute, outputs only. */
  readonly segments: readonly string[] | null;
  /** Features and outputs at most; segments at most; distinct texts of one feature that are remembered. */
  readonly limits: { readonly features: number; readonly segments: number; readonly texts: number };
  /** A reference whose bins are taken where it has the feature. */
  readonly like: Reference | null;
}

/** A feature that there is no reference of, and why. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

/** Segments that are told apart while it is seen which are the commonest. */
const mostSegmentsSeen = 10_000;

/** What outputs are called that are scores of a class. */
const classScore = "$score.";

export class ReferenceBuilder {
  /** Where rows are put: `frame` is filled by slots of `schema`, then `survey` or `count` is called. */
  readonly schema: Schema;
  readonly frame = new Frame();
  /** How well the model did; pairs that are no rows are put here. */
  readonly labelled: LabelledRows;
  readonly leftOut: LeftOut[] = [];
  /** Of the first look. */
  rows = 0;
  firstMillis = Number.POSITIVE_INFINITY;
  lastMillis = Number.NEGATIVE_INFINITY;
  /** Rows without a time. */
  timeless = 0;
  /** Rows whose target was too large, and taken as the largest. */
  clippedTargets = 0;
  readonly #settings: BuilderSettings;
  /** Of the row at hand. */
  readonly #target = new TargetSum();
  readonly #surveys: ValueSurvey[] = [];
  readonly #segmentsSeen = new Dictionary(mostSegmentsSeen);
  #counting: Counting | null = null;

  constructor(settings: BuilderSettings) {
    this.#settings = settings;
    this.labelled = new LabelledRows(settings.pairs);
    this.schema = new Schema(settings.limits.features, { left: settings.limits.features });
    for (const name of settings.features.keys()) this.schema.slot(name);
  }

  /** First look: takes the row that the frame holds. Its time is NaN where it has none. */
  survey(segment: Segment): void {
    const { frame } = this;
    this.rows += 1;
    if (this.#weigh()) this.clippedTargets += 1;
    if (Number.isNaN(frame.timeMillis)) this.timeless += 1;
    else {
      this.firstMillis = Math.min(this.firstMillis, frame.timeMillis);
      this.lastMillis = Math.max(this.lastMillis, frame.timeMillis);
    }
    for (let at = 0; at < frame.present; at++) {
      const slot = frame.slots[at] as number;
      this.#surveyAt(slot).add(frame, slot, this.#target);
    }
    for (const name of segmentNames(segment, this.#settings.segments)) this.#segmentsSeen.add(name);
    this.labelled.survey(frame);
  }

  /** Rounds the row's weight and target as the stream's are. @returns whether the target was clipped */
  #weigh(): boolean {
    const { frame } = this;
    frame.weight = quantisedWeight(frame.weight);
    return this.#target.set(frame.target, frame.weight);
  }

  #surveyAt(slot: number): ValueSurvey {
    let survey = this.#surveys[slot];
    if (survey === undefined) {
      const name = this.schema.slots[slot]?.name as string;
      survey = new ValueSurvey(name, this.#settings.features.get(name) ?? {}, this.#settings.like?.features.get(name) ?? null);
      this.#surveys[slot] = survey;
    }
    return survey;
  }

  /** Values in no bin, because a limit of the first look turned them away. */
  get turnedAway(): number {
    return this.schema.overflow + this.#surveys.reduce((sum, survey) => sum + survey.turnedAway, 0);
  }

  /** Between the looks: chooses types and bins. */
  freeze(): void {
    this.labelled.freeze();
    const frozen = new Map<number, Frozen>();
    for (const { index, name } of this.schema.slots) {
      const chosen = this.#surveys[index]?.freeze(this.#settings.limits.texts) ?? "has no values";
      if (typeof chosen === "string") this.leftOut.push({ name, why: chosen });
      else frozen.set(index, chosen);
    }
    const segments = this.#segmentsSeen.commonest().slice(0, this.#settings.limits.segments);
    this.#counting = new Counting(
      frozen,
      segments.map(([name]) => name),
      this.#settings,
      (slot) => this.#surveys[slot]?.numbers ?? null,
    );
  }

  /** Second look: takes the row that the frame holds. */
  count(segment: Segment): void {
    this.#weigh();
    this.#counting?.count(this.frame, segment, this.#target);
    if (this.frame.label !== null) this.labelled.count(this.#pair());
  }

  /** The row that the frame holds, with its label. */
  #pair(): LabelledPair {
    const { weight, score, prediction, label, horizon } = this.frame;
    return { weight, score, prediction, label, horizon, ...noList, ...this.#classScores() };
  }

  /** Scores by class, in the order of their names. */
  #classScores(): Pick<LabelledPair, "classes" | "scores"> {
    const { frame, schema } = this;
    const found: [name: string, score: number][] = [];
    for (let at = 0; at < frame.present; at++) {
      const slot = frame.slots[at] as number;
      const name = schema.slots[slot]?.name as string;
      const number = frame.numbers[slot] as number;
      if (name.startsWith(classScore) && isScore(number)) found.push([name.slice(classScore.length), number]);
    }
    found.sort(([one], [other]) => compareText(one, other));
    return { classes: found.map(([name]) => name), scores: found.map(([, score]) => score) };
  }

  /** The features, after the second look. */
  features(): FeatureReference[] {
    const counting = this.#counting;
    if (counting === null) throw new Error("rows were not counted");
    return counting.features();
  }

  /** Rows that were counted: as many as were surveyed, unless what was read has changed in between. */
  get counted(): number {
    return this.#counting?.rows ?? 0;
  }
}
