// One simulated model: twenty features with their references, and its one alarm over months without drift.
import { detectorShare, testsOf, windowAlpha } from "../../src/monitor/alarm-budget.ts";
import { DriftAlarm, type Evidence, type Signal } from "../../src/monitor/drift-alarm.ts";
import { DriftReference } from "../../src/monitor/drift-reference.ts";
import type { DriftSettings } from "../../src/monitor/monitor.ts";
import { mixText } from "../../src/source/simulator/random.ts";
import type { Sample } from "../../src/stats/sample.ts";
import { dayMillis, hourMillis, minuteMillis } from "../../src/window/ladder.ts";
import { Bits } from "./bits.ts";
import { FeatureLooks, windowsMillis } from "./feature-looks.ts";
import { RuleAlarm, rules, rulesThatHold } from "./fixed-rules.ts";
import type { Kind } from "./kinds.ts";
import { type Looked, tests } from "./looks.ts";
import { atBoundary, normally, toleratedRate } from "./regime.ts";
import type { Shape } from "./shape.ts";
import { simulatedReference, startMillis } from "./simulated-reference.ts";
import type { FeatureStream } from "./streams.ts";

export interface ModelPlan {
  readonly kind: Kind;
  readonly minEffect: number;
  readonly referenceDays: number;
  readonly samplesPerDegree: number;
  readonly features: number;
  readonly months: number;
  readonly seed: number;
}

export const [hourMinutes, dayHours, dayMinutes, monthDays, warmUpDays] = [60, 24, 1440, 30, 7] as const;

/** Windows of these lengths as the configuration names them. */
export function settingsOfWindows(lengths: readonly number[]): DriftSettings["windows"] {
  return lengths.map((millis) => ({ millis, name: `${millis / hourMillis}h` }));
}

/** What the product is told; all else as it is by default. */
export function settingsOf({ minEffect, samplesPerDegree }: Pick<ModelPlan, "minEffect" | "samplesPerDegree">): DriftSettings {
  // Whoever accepts no drift accepts no higher rates either: the hardest case.
  const rate = minEffect === 0 ? 0 : toleratedRate;
  return {
    minEffect,
    falseAlarms: { count: 1, millis: monthDays * dayMillis },
    windows: settingsOfWindows(windowsMillis),
    minSamples: 500,
    minSamplesPerDegree: samplesPerDegree,
    dispersion: true,
    methods: [],
    tests: ["min_effect"],
    tolerance: { missing: rate, null: rate, wrong_type: minEffect === 0 ? 0 : 0.001, unseen: rate },
  };
}

/** As `AlarmBudget` divides it over features of one kind, without segments. */
export function alphaOf(settings: DriftSettings, features: number, shape: Shape): (windowMillis: number) => number {
  const share = 1 / (features * testsOf({ type: shape.bins === null ? "categorical" : "numeric" }));
  return (windowMillis) =>
    windowAlpha(settings.falseAlarms, windowMillis, ((1 - detectorShare) * share) / settings.windows.length);
}

export interface ModelResult {
  readonly alarms: number;
  /** Share of the time that the alarm was on. */
  readonly on: number;
  /** By window and test: signals that were raised. */
  readonly raised: Readonly<Record<string, number>>;
  /** By configured window: looks at features, and how many of them have a p-value. */
  readonly looks: readonly number[];
  readonly published: readonly number[];
  /** By rule. */
  readonly ruleAlarms: readonly number[];
  readonly ruleOn: readonly number[];
}

/** What features of a kind are compared with; models of different settings may share it. */
export interface KnownFeature {
  readonly shape: Shape;
  readonly reference: DriftReference;
}

export function knownFeatures({ kind, referenceDays, features, seed }: ModelPlan): KnownFeature[] {
  return Array.from({ length: features }, (_, index) => {
    const shape = kind.shape(seed + index);
    const stream = kind.stream(new Bits(seed, index), shape);
    stream.enter(normally);
    const reference = simulatedReference(`f${index}`, shape, stream, referenceDays * dayHours);
    return { shape, reference: new DriftReference(reference, "", reference.all) };
  });
}

interface SimulatedFeature {
  readonly shape: Shape;
  readonly stream: FeatureStream;
  readonly looks: FeatureLooks;
  readonly minuteCounts: Uint8Array;
  /** The tested bins of the reference. */
  readonly whole: Sample;
  /** By configured window, by test. */
  readonly signals: readonly (readonly Signal[])[];
}

function featureOf(plan: ModelPlan, { shape, reference }: KnownFeature, index: number): SimulatedFeature {
  const { kind, features, minEffect } = plan;
  const seed = mixText(plan.seed, `stream ${minEffect} ${plan.samplesPerDegree}`);
  const stream = kind.stream(new Bits(seed, 2 * index), shape);
  stream.enter(atBoundary(minEffect, index));
  const settings = settingsOf(plan);
  const looks = new FeatureLooks(shape, reference, settings, alphaOf(settings, features, shape), new Bits(seed, 2 * index + 1));
  const counts = Float64Array.from(reference.sample.counts).slice(0, shape.testedBins);
  const feature = reference.feature.name;
  const signals = windowsMillis.map((windowMillis) => tests.map((test) => ({ segment: "", feature, windowMillis, test })));
  const whole = { counts, size: counts.reduce((sum, count) => sum + count, 0) };
  return { shape, stream, looks, minuteCounts: new Uint8Array(shape.binCount + 2), whole, signals };
}

export class SimulatedModel {
  readonly #alarm = new DriftAlarm();
  readonly #features: readonly SimulatedFeature[];
  readonly #raised: Record<string, number> = {};
  readonly #looks = windowsMillis.map(() => 0);
  readonly #published = windowsMillis.map(() => 0);
  readonly #rules = rules.map(() => new RuleAlarm());
  readonly #months: number;
  readonly #firstMinute: number;
  #minutesOn = 0;
  /** Looks of the hour that is simulated. */
  readonly #notCalm = new Map<number, Looked>();

  constructor(plan: ModelPlan, known: readonly KnownFeature[]) {
    this.#features = known.map((one, index) => featureOf(plan, one, index));
    this.#months = plan.months;
    this.#firstMinute = plan.referenceDays * dayMinutes;
  }

  run(): ModelResult {
    const warm = this.#firstMinute + warmUpDays * dayMinutes;
    const end = warm + this.#months * monthDays * dayMinutes;
    for (let minute = this.#firstMinute; minute < end; minute += hourMinutes) this.#runHour(minute, minute >= warm);
    return this.#result(end - warm);
  }

  /** Feature by feature, as that is kinder to caches; the alarm hears of it minute by minute afterwards. */
  #runHour(first: number, looked: boolean): void {
    for (const [index, feature] of this.#features.entries()) {
      const { stream, looks, minuteCounts } = feature;
      for (let minute = first; minute < first + hourMinutes; minute++) {
        stream.addMinute(minute, minuteCounts);
        // Sequential detectors would take these counts here; their share of the budget is left to them.
        looks.push(minute, minuteCounts);
        if (looked) this.#note(index, 0, minute, looks.lookAtHour(minute));
      }
      const last = first + hourMinutes - 1;
      if (looked) this.#note(index, 1, last, looks.lookAtDay());
      if (looked && (last + 1) % dayMinutes === 0) this.#note(index, 2, last, looks.lookAtWeek());
    }
    if (looked) this.#tellAlarm(first);
    if (looked) this.#lookByRules();
  }

  #note(feature: number, window: number, minute: number, looked: Looked): void {
    this.#looks[window] = (this.#looks[window] as number) + 1;
    if (looked.published) this.#published[window] = (this.#published[window] as number) + 1;
    if (looked.findings !== null) this.#notCalm.set(keyOf(feature, window, minute), looked);
  }

  #tellAlarm(first: number): void {
    if (this.#notCalm.size === 0 && !this.#alarm.on) return;
    for (let minute = first; minute < first + hourMinutes; minute++) {
      const due = [true, (minute + 1) % hourMinutes === 0, (minute + 1) % dayMinutes === 0];
      for (const [index, { signals }] of this.#features.entries()) {
        for (const [window, isDue] of due.entries()) {
          if (isDue) this.#take(signals[window] as readonly Signal[], this.#notCalm.get(keyOf(index, window, minute)), minute);
        }
      }
      if (this.#alarm.on) this.#minutesOn += 1;
    }
    this.#notCalm.clear();
  }

  /** @param looked undefined: all was calm */
  #take(signals: readonly Signal[], looked: Looked | undefined, minute: number): void {
    if (looked === undefined && !this.#alarm.on) return;
    const timeMillis = startMillis + (minute + 1) * minuteMillis;
    for (const [test, signal] of signals.entries()) {
      const finding = looked?.findings?.[test] ?? "calm";
      // How long it is held is asked for when it is raised.
      const holdMillis = looked?.windowMillis ?? signal.windowMillis;
      const change = this.#alarm.look(signal, { timeMillis, holdMillis, finding, evidence: () => noEvidence });
      if (change?.raised) this.#count(`${signal.windowMillis / hourMillis} h ${signal.test}`);
    }
  }

  #count(signal: string): void {
    this.#raised[signal] = (this.#raised[signal] ?? 0) + 1;
  }

  #lookByRules(): void {
    const holds = rules.map(() => false);
    for (const { shape, whole, looks } of this.#features) {
      for (const counts of [looks.windows.hour, looks.windows.day]) {
        rulesThatHold(shape, whole, counts).forEach((one, rule) => {
          if (one) holds[rule] = true;
        });
      }
    }
    this.#rules.forEach((rule, at) => {
      rule.look(holds[at] as boolean);
    });
  }

  #result(minutes: number): ModelResult {
    return {
      alarms: this.#alarm.alarms,
      on: this.#minutesOn / minutes,
      raised: this.#raised,
      looks: this.#looks,
      published: this.#published,
      ruleAlarms: this.#rules.map(({ alarms }) => alarms),
      ruleOn: this.#rules.map(({ looksOn }) => looksOn / (minutes / 60)),
    };
  }
}

function keyOf(feature: number, window: number, minute: number): number {
  return (minute * windowsMillis.length + window) * 2 ** 10 + feature;
}

const noEvidence: Evidence = {
  value: 0,
  limit: 0,
  samples: 0,
  effect: 0,
  before: 0,
  after: 0,
  bin: -1,
  binBefore: 0,
  binAfter: 0,
};
