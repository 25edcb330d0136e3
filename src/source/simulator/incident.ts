// Incidents: what goes wrong in a story, from when until when, and how that changes its events.
import type { FeatureValues, StoryName } from "./story.ts";

/** What an incident does to the events of its time. */
export type Effect =
  /** Numbers arrive in another unit; the fraud model scores what arrives. */
  | { readonly kind: "scaled"; readonly feature: string; readonly factor: number }
  | { readonly kind: "missing"; readonly feature: string }
  | { readonly kind: "renamed"; readonly feature: string; readonly to: string }
  /** Numbers arrive as texts. */
  | { readonly kind: "text"; readonly feature: string }
  | { readonly kind: "slow"; readonly factor: number }
  /** Nothing is predicted. */
  | { readonly kind: "no_predictions" }
  /** No outcome arrives. */
  | { readonly kind: "no_outcomes" }
  /** A share of payments is scored as fraud, whatever is known of them: few enough that only labels show it. */
  | { readonly kind: "accused"; readonly share: number }
  /** Such a share of the clicks is left, and of what follows from them. */
  | { readonly kind: "few_clicks"; readonly share: number }
  /** Orders of one version are worth less. */
  | { readonly kind: "cheap_orders"; readonly version: string; readonly factor: number }
  /** Jobs that are due start only when the incident ends. */
  | { readonly kind: "late_job" }
  /** Jobs that are due start and fail. */
  | { readonly kind: "failed_job" };

export interface Incident {
  readonly story: StoryName;
  readonly effect: Effect;
  /** First event time that is touched. */
  readonly startMillis: number;
  /** First event time that is not. */
  readonly endMillis: number;
}

const none: readonly Incident[] = [];

/** The incidents of one story. */
export class Incidents {
  readonly #incidents: readonly Incident[];

  constructor(incidents: readonly Incident[], story: StoryName) {
    this.#incidents = incidents.filter((incident) => incident.story === story);
  }

  /** Those that touch an event of some time. */
  at(eventMillis: number): readonly Incident[] {
    const touches = (incident: Incident): boolean => eventMillis >= incident.startMillis && eventMillis < incident.endMillis;
    return this.#incidents.some(touches) ? this.#incidents.filter(touches) : none;
  }
}

/** The effects of one kind among some incidents. */
export function effectsOf<K extends Effect["kind"]>(incidents: readonly Incident[], kind: K): Extract<Effect, { kind: K }>[] {
  return incidents.map(({ effect }) => effect).filter((effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind);
}

/** Changes values before the model sees them. */
export function shiftValues(features: FeatureValues, incidents: readonly Incident[]): void {
  for (const { feature, factor } of effectsOf(incidents, "scaled")) {
    const value = features[feature];
    if (typeof value === "number") features[feature] = Math.round(value * factor * 100) / 100;
  }
}

/** Changes what is written of the features, not what the model saw. */
export function breakSchema(features: FeatureValues, incidents: readonly Incident[]): void {
  for (const { effect } of incidents) {
    if (effect.kind !== "missing" && effect.kind !== "renamed" && effect.kind !== "text") continue;
    const value = features[effect.feature];
    if (value === undefined || value === null) continue;
    if (effect.kind === "text") features[effect.feature] = String(value);
    else delete features[effect.feature];
    if (effect.kind === "renamed") features[effect.to] = value;
  }
}

/** The share of clicks that is left. */
export function clicksLeft(incidents: readonly Incident[]): number {
  return effectsOf(incidents, "few_clicks").reduce((left, { share }) => left * share, 1);
}

/** The share of payments that are scored as fraud. */
export function accusedShare(incidents: readonly Incident[]): number {
  return effectsOf(incidents, "accused").reduce((accused, { share }) => Math.max(accused, share), 0);
}

/** By how much everything takes longer. */
export function slowness(incidents: readonly Incident[]): number {
  return effectsOf(incidents, "slow").reduce((product, { factor }) => product * factor, 1);
}
