// The shape of `defaults`: what holds for every model that says nothing else.
import { alerts } from "./alerts.ts";
import { drift, scores } from "./drift.ts";
import { outcomes } from "./outcomes.ts";
import { count, lasting, list, section, unlessRepeated, window, z } from "./terms.ts";

export const defaults = section({
  windows: list(window, "a list of at least one window, as in [1h, 24h]").superRefine(unlessRepeated).prefault(["1h", "24h"]),
  /** How much event time bins are learned from. */
  learn: lasting("24h"),
  observations: z
    .union([z.enum(["outputs", "all"]), section({ top: count })], "outputs, all, or {top: a whole number}")
    .default("outputs"),
  /** An event later than its record's timestamp by more than this is rejected. */
  future: lasting("5m"),
  /** A window that ended longer ago than this (and the step by which it slides) is withheld. */
  stale: lasting("15m"),
  /** A version without events for this long, in event time, is forgotten. */
  expire: lasting("7d"),
  drift: drift.prefault({}),
  /** Which scores of drift are exported. */
  scores: scores.prefault(["psi_adjusted", "total_variation", "wasserstein"]),
  /** Outcomes of all models are joined where this is there; else those of models that say so. */
  outcomes: outcomes.optional(),
  alerts: alerts.prefault({}),
});
