// The forecast story: a job that runs again and again and predicts the sales of each store in the time until its next
// run. It tells when it started and how it ended; what was really sold is known a horizon later.
import { breakSchema, effectsOf, Incidents, shiftValues } from "./incident.ts";
import { mix, mixText, Random, rounded } from "./random.ts";
import { type FeatureValues, type Outlet, populationSeed, type Story, type StreamOptions, timeText } from "./story.ts";
import { paymentShape, relativeRate } from "./traffic.ts";

const minuteMillis = 60_000;
/** A run falls due this often, from the origin on, and predicts as far ahead. Short enough to be seen in a demo. */
export const batchEveryMillis = 15 * minuteMillis;
const horizon = "15m";
const version = "7";
export const storeCount = 200;
/** The job computes for so long before the first store, from one store to the next, and after the last one. */
const prepareMillis = 5000;
const storeMillis = 150;
const finishMillis = 2000;
/** Actual sales of a store come within this time. */
const collectMillis = 80_000;
const deliveryMillis = 400;

interface Run {
  readonly id: string;
  readonly hash: number;
  readonly name: string;
  readonly startedMillis: number;
}

interface Sales {
  readonly features: FeatureValues;
  readonly predicted: number;
  readonly actual: number;
}

export class ForecastStory implements Story {
  readonly #seed: number;
  readonly #idMark: string;
  readonly #originMillis: number;
  readonly #incidents: Incidents;
  #run = 1;

  constructor({ seed, originMillis, incidents }: StreamOptions, idMark: string) {
    this.#seed = mixText(seed, "forecast");
    this.#idMark = idMark;
    this.#originMillis = originMillis;
    this.#incidents = new Incidents(incidents, "forecast");
  }

  /** When the next run falls due. */
  get nextMillis(): number {
    return this.#originMillis + this.#run * batchEveryMillis;
  }

  unfold(outlet: Outlet): void {
    const dueMillis = this.nextMillis;
    const hash = mix(this.#seed, this.#run);
    const name = `${this.#idMark}-${this.#run}`;
    this.#run += 1;
    const late = this.#incidents.at(dueMillis).filter(({ effect }) => effect.kind === "late_job");
    const waitsUntil = Math.max(dueMillis, ...late.map(({ endMillis }) => endMillis));
    const startedMillis = waitsUntil + Math.ceil(new Random(hash).between(1000, 4000));
    const run = { id: timeText(dueMillis), hash, name, startedMillis };
    const failed = effectsOf(this.#incidents.at(dueMillis), "failed_job").length > 0;
    const endedMillis = startedMillis + prepareMillis + (failed ? 0 : storeCount * storeMillis + finishMillis);
    if (outlet.wants("runs", hash)) {
      putRun(outlet, run, startedMillis, { state: "started" });
      putRun(outlet, run, endedMillis, failed ? { state: "failed", rows: 0 } : { state: "succeeded", rows: storeCount });
    }
    if (failed) return;
    for (let store = 0; store < storeCount; store++) this.#putStore(outlet, run, store);
  }

  #putStore(outlet: Outlet, run: Run, store: number): void {
    const hash = mix(run.hash, store);
    const id = `fc-${run.name}-${store}`;
    const predictedMillis = run.startedMillis + prepareMillis + store * storeMillis;
    const random = new Random(mix(hash, 1));
    if (outlet.wants("predictions", hash)) {
      if (effectsOf(this.#incidents.at(predictedMillis), "no_predictions").length > 0) return;
      outlet.put(delivered(random, predictedMillis), () => this.#predictionText(run, store, id, predictedMillis));
    } else if (outlet.wants("outcomes", hash)) {
      const actualMillis = Math.ceil(predictedMillis + batchEveryMillis + random.between(0, collectMillis));
      if (effectsOf(this.#incidents.at(actualMillis), "no_outcomes").length > 0) return;
      outlet.put(delivered(random, actualMillis), () => {
        const { actual } = this.#sales(run, store);
        const time = timeText(actualMillis);
        return JSON.stringify({ type: "outcome", model: "forecast", version, id, time, label: actual });
      });
    }
  }

  #predictionText(run: Run, store: number, id: string, millis: number): string {
    const { features, predicted } = this.#sales(run, store);
    const incidents = this.#incidents.at(millis);
    shiftValues(features, incidents);
    breakSchema(features, incidents);
    return JSON.stringify({
      type: "prediction",
      model: "forecast",
      version,
      id,
      time: timeText(millis),
      features,
      prediction: predicted,
      horizon,
      run_id: run.id,
      segment: { region: features.region },
    });
  }

  /** What a store sells in the time after a run. */
  #sales({ hash, startedMillis }: Run, store: number): Sales {
    const { region, squareMetres } = stores[store] as Store;
    const random = new Random(mix(hash, store));
    const promotion = random.chance(0.12);
    const priceIndex = rounded(1 + 0.04 * random.normal(), 1000);
    const temperature = rounded(8 + 3 * relativeRate(paymentShape, startedMillis) + 2 * random.normal(), 10);
    const usual = squareMetres * 0.4 * relativeRate(paymentShape, startedMillis);
    const expected = usual * (promotion ? 1.35 : 1) * (2 - priceIndex);
    const features = {
      region,
      square_metres: squareMetres,
      promotion,
      price_index: priceIndex,
      temperature,
      sales_last_period: rounded(usual * random.logNormal(1, 0.1), 10),
    };
    const predicted = rounded(expected * random.logNormal(1, 0.05), 10);
    return { features, predicted, actual: rounded(expected * random.logNormal(1, 0.08), 10) };
  }
}

interface Store {
  readonly region: string;
  readonly squareMetres: number;
}

const regions = [
  ["north", 0.3],
  ["south", 0.3],
  ["east", 0.15],
  ["west", 0.25],
] as const;

const storesSeed = mixText(populationSeed, "stores");
const stores = Array.from({ length: storeCount }, (_, number): Store => {
  const random = new Random(mix(storesSeed, number));
  return { region: random.weighted(regions), squareMetres: Math.round(random.logNormal(600, 0.5)) };
});

function putRun(outlet: Outlet, run: Run, millis: number, fields: object): void {
  const event = { type: "run", model: "forecast", version, run_id: run.id, time: timeText(millis), ...fields };
  outlet.put(delivered(new Random(mix(run.hash, millis % minuteMillis)), millis), () => JSON.stringify(event));
}

/** Jobs have a fast and steady network. */
function delivered(random: Random, eventMillis: number): number {
  return eventMillis + Math.ceil(random.uniform() * deliveryMillis);
}
