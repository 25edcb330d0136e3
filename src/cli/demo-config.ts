// The configuration of the demo: what a team would write for the three models that the simulator plays.
import { fileURLToPath } from "node:url";
import type { StoryName } from "../source/simulator.ts";

/** Where the reference of a model is: `npm run demo:references` makes it. */
export function demoReferencePath(model: StoryName): string {
  return fileURLToPath(new URL(`../../examples/demo/${model}.json`, import.meta.url));
}

const reference = (model: StoryName): string => JSON.stringify(demoReferencePath(model));

/** @param state a directory for the state */
export function demoConfig(listen: string, seed: number, state: string): string {
  return `
source:
  simulator: {seed: ${seed}}
  idle: 5s                # jobs run every quarter of an hour: nobody waits for their stream
state: {directory: ${JSON.stringify(state)}}
web: {listen: ${JSON.stringify(listen)}, zero_for: 0s}
defaults:
  windows: [5m, 1h, 24h]
  learn: 6h               # how well models do at first; what values are like is in their references
  # By day 5 minutes have some hundred values, at night one hundred, and half of that while a feature is missing. With so few
  # they are judged nonetheless: over a longer window, of which an incident is a small part, it would be found late.
  drift: {min_samples: 40, min_samples_per_degree: 2}
  # The references are of a week of January 2026, and of these streams no time is unlike another: they do not grow old.
  alerts: {reference_age: 3650d}
models:
  fraud:
    reference: ${reference("fraud")}
    task: binary
    team: payments
    tier: critical
    segments: [channel]
    features:
      amount: {type: numeric, range: [0, 1000000], required: true, observations: true, importance: 0.5}
      country: {type: categorical, required: true}
      channel: {type: categorical, required: true}
      merchant_category: {type: categorical, required: true}
      account_age_days: {type: numeric}
      transactions_24h: {type: numeric, required: true, observations: true}
      is_foreign: {type: categorical}
      new_device: {type: categorical}
    # A third of the payments is reviewed within hours. Of the others frauds are charged back within three days: what was not
    # by then was none. Until that is known windows by the time of predictions are not judged.
    outcomes: {horizon: 4d, threshold: [0.5, 0.8], absent: 0, confusion: true}
    slos:
      latency: {objective: 0.99, below_ms: 100}
      availability: {objective: 0.995}
  recommendation:
    reference: ${reference("recommendation")}
    task: ranking
    team: shop
    features:
      item_category: {type: categorical, required: true}
      item_price: {type: numeric, required: true, observations: true}
      similarity: {type: numeric, range: [0, 1], required: true}
      visits_30d: {type: numeric, required: true}
      days_since_last_visit: {type: numeric, required: true, observations: true}
      is_mobile: {type: categorical}
    outcomes: {horizon: 15m, absent: 0}  # what was not clicked by then is not going to be
    slos:
      latency: {objective: 0.95, below_ms: 100}
  forecast:
    reference: ${reference("forecast")}
    task: forecast
    team: supply
    features:
      # All runs are about the same stores, so region and square_metres never vary: nobody can tell what would be unusual, and
      # there is no p-value.
      region: {type: categorical, required: true}
      square_metres: {type: numeric, required: true}
      promotion: {type: categorical}
      price_index: {type: numeric, required: true, observations: true}
      temperature: {type: numeric}
      sales_last_period: {type: numeric}
    outcomes: {horizon: 1h}  # actual sales come when the quarter of an hour that was predicted is over
    batch: {every: 15m, grace: 2m, min_rows: 200}
`;
}
