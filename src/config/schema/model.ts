// The shape of `models.*`: what is known of a model.
import { alertsOfModel } from "./alerts.ts";
import { driftOfModel } from "./drift.ts";
import { features, segments } from "./feature.ts";
import { slos } from "./objectives.ts";
import { outcomesOfModel } from "./outcomes.ts";
import { choice, count, duration, named, path, period, section, text, z } from "./terms.ts";

const fairness = section({ attribute: text, reference_group: text });

const business = section({
  cost_per_prediction: z.number("a number, 0 or above").min(0, "a number, 0 or above").optional(),
  unit: text.optional(),
});

const batch = section({ every: period, grace: duration.prefault("0s"), min_rows: count.optional() });

const model = section({
  task: choice(["binary", "multiclass", "regression", "ranking", "forecast", "embedding", "llm"]).optional(),
  team: text.optional(),
  /** What an alert does: of a critical model it wakes someone, of a standard one it opens a ticket. */
  tier: choice(["critical", "standard"]).default("standard"),
  /** A file that `reference build` made; without it, one is learned from the stream. */
  reference: path.optional(),
  learn: duration.optional(),
  drift: driftOfModel.exactOptional(),
  /** Versions that have a reference of their own, of the same bins. */
  versions: named(section({ reference: path })).optional(),
  features: features.prefault({}),
  segments: segments.optional(),
  outcomes: outcomesOfModel.optional(),
  fairness: fairness.optional(),
  business: business.optional(),
  slos: slos.optional(),
  batch: batch.optional(),
  alerts: alertsOfModel.exactOptional(),
});

export const models = named(model);

export type ModelConfig = z.output<typeof model>;
