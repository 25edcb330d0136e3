// What quiet weeks came to: which alerts fired, how often, of what and for how long, and whether that is few enough.
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { type Firing, firings, joined } from "./quiet-weeks-alerts.ts";
import { type Condition, stepSeconds } from "./quiet-weeks-evaluation.ts";
import type { Alerting, Labels } from "./quiet-weeks-rules.ts";

export const promisedWeeks = 20;
/** In so many weeks of three models, of each of which one false alarm in 30 days is accepted. */
const mostOfBudget = 14;
/** Fires all the time, on purpose. */
const watchdog = "Watchdog";
const budgeted = new URL("../prometheus/false-alarms.yml", import.meta.url);

export interface Fired extends Firing {
  readonly alert: string;
  readonly severity: string;
  readonly labels: Labels;
  /** The least and the greatest value that the expression had in all the time. */
  readonly values: readonly [number, number];
}

export interface Verdict {
  /** Of alerts that pass on what was tested at an accepted rate of false alarms: prometheus/false-alarms.yml. */
  readonly ofBudget: readonly Fired[];
  readonly others: readonly Fired[];
  readonly holds: boolean;
}

/** @param stretches conditions of stretches of time that follow one another */
export function firedIn(stretches: readonly (readonly Condition[])[], rules: readonly Alerting[]): Fired[] {
  const whole = new Map<string, Condition>();
  for (const condition of stretches.flat()) {
    const key = JSON.stringify([condition.alert, Object.entries(condition.labels).sort()]);
    const before = whole.get(key);
    whole.set(key, before === undefined ? condition : following(before, condition));
  }
  const fired = [...whole.values()].flatMap(({ alert, labels, spans, values }) => {
    const rule = rules.find((one) => one.alert === alert);
    if (rule === undefined) throw new Error(`no rule ${alert}`);
    return firings(spans, rule, stepSeconds).map((firing) => ({ alert, severity: rule.severity, labels, values, ...firing }));
  });
  return fired.sort((a, b) => a.from - b.from);
}

function following(before: Condition, { spans, values }: Condition): Condition {
  const [least, greatest] = before.values;
  return {
    ...before,
    spans: joined(before.spans, spans, stepSeconds),
    values: [Math.min(least, values[0]), Math.max(greatest, values[1])],
  };
}

export function verdictOf(fired: readonly Fired[]): Verdict {
  const accepted = Object.keys(load(readFileSync(budgeted, "utf8")) as object);
  const ofBudget = fired.filter(({ alert }) => accepted.includes(alert));
  const others = fired.filter(({ alert }) => alert !== watchdog && !accepted.includes(alert));
  return { ofBudget, others, holds: ofBudget.length <= mostOfBudget && others.length === 0 };
}

export function verdictText({ ofBudget, others }: Verdict): string {
  return `drift alerts: ${ofBudget.length} of at most ${mostOfBudget}; others: ${others.length} of 0`;
}

/** One line: when, for how long, of what. */
export function firedText({ alert, severity, labels, values, from, until }: Fired): string {
  return `${momentOf(from)} ${alert} (${severity}) for ${lasting(until - from)}, ${subjectOf(labels)}: ${values.map(number).join(" to ")}`;
}

/** To the minute, in UTC. */
export function momentOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
}

export function dayOf(seconds: number): string {
  return momentOf(seconds).slice(0, 10);
}

export function subjectOf(labels: Labels): string {
  const shown = Object.entries(labels).filter(([label]) => !["team", "tier", "job", "instance"].includes(label));
  return shown.map(([label, value]) => `${label} ${value}`).join(", ");
}

export function lasting(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

const number = (value: number): string => String(Number(value.toPrecision(4)));
