// The fraud story: a binary classifier of card payments. Some payments are reviewed within minutes to hours, the frauds
// among the others come back as chargebacks within hours to days.
import { type Customer, customerCount, customerOf } from "./fraud-customers.ts";
import { fraudLogOdds, fraudProbability, fraudScore, fraudThreshold, listedChance } from "./fraud-model.ts";
import { accusedShare, breakSchema, effectsOf, Incidents, shiftValues, slowness } from "./incident.ts";
import { once } from "./once.ts";
import { mix, mixText, Random, rounded } from "./random.ts";
import { type FeatureValues, type Outlet, type Story, type StreamOptions, timeText } from "./story.ts";
import { Arrivals, paymentShape, recordMillis } from "./traffic.ts";

const minuteMillis = 60_000;
const hourMillis = 60 * minuteMillis;
const visitsPerSecond = 0.92;
/** After each payment of a visit another one follows with this chance. */
const anotherChance = 0.4;
const mostPayments = 12;
const secondsBetweenPayments = 45;
const canaryChance = 0.1;
const errorChance = 0.002;
const reviewChance = 0.35;
const usualChannelChance = 0.85;
const newDeviceChance = 0.05;
const leastAmount = 0.5;
const medianLatencyMillis: Readonly<Record<string, number>> = { "3": 18, "4": 23 };
/** Of a payment that is taken for fraud whatever is known of it. */
const accusedScore = 0.93;
/** What fails has waited for something. */
const failedSlowness = 10;
/** A reviewer needs so long at least, mostly so long, and at most so long. */
const review = { leastMillis: minuteMillis, medianMillis: 20 * minuteMillis, mostMillis: 8 * hourMillis };
const chargeback = { leastMillis: 6 * hourMillis, mostMillis: 72 * hourMillis };

/** A customer's visit: some payments, one after another, through one channel. */
interface Visit {
  readonly customer: Customer;
  readonly channel: string;
  readonly foreign: boolean;
  readonly newDevice: boolean;
}

interface Payment {
  readonly version: string;
  readonly failed: boolean;
  readonly features: FeatureValues;
  readonly listed: boolean;
  readonly fraud: boolean;
  readonly reviewed: boolean;
  readonly latencyMillis: number;
}

export class FraudStory implements Story {
  readonly #seed: number;
  readonly #idPrefix: string;
  readonly #arrivals: Arrivals;
  readonly #incidents: Incidents;

  constructor({ seed, originMillis, incidents }: StreamOptions, idMark: string) {
    this.#seed = mixText(seed, "fraud");
    this.#idPrefix = `tx-${idMark}-`;
    this.#arrivals = new Arrivals(new Random(mix(this.#seed, 0)), originMillis, paymentShape, visitsPerSecond);
    this.#incidents = new Incidents(incidents, "fraud");
  }

  get nextMillis(): number {
    return this.#arrivals.timeMillis;
  }

  unfold(outlet: Outlet): void {
    const { number, timeMillis } = this.#arrivals;
    this.#arrivals.advance();
    const hash = mix(mix(this.#seed, 1), number);
    const random = new Random(hash);
    const payments = 1 + random.successes(anotherChance, mostPayments - 1);
    const visit = once(() => visitOf(new Random(mix(hash, mostPayments))));
    let paidMillis = Math.ceil(timeMillis);
    for (let index = 0; index < payments; index++) {
      if (index > 0) paidMillis += Math.ceil(random.exponential(secondsBetweenPayments * 1000));
      const payment = { id: `${this.#idPrefix}${number}-${index}`, hash: mix(hash, index), index, millis: paidMillis, visit };
      if (outlet.wants("predictions", payment.hash)) this.#putPrediction(outlet, payment);
      else if (outlet.wants("outcomes", payment.hash)) this.#putOutcome(outlet, payment);
    }
  }

  #putPrediction(outlet: Outlet, place: Place): void {
    if (effectsOf(this.#incidents.at(place.millis), "no_predictions").length > 0) return;
    outlet.put(recordMillis(new Random(mix(place.hash, 1)), place.millis), () => this.#predictionText(place));
  }

  #predictionText(place: Place): string {
    const { version, failed, features, listed, latencyMillis } = paymentAt(place);
    const incidents = this.#incidents.at(place.millis);
    shiftValues(features, incidents);
    const accused = new Random(mix(place.hash, 3)).chance(accusedShare(incidents));
    const score = accused ? accusedScore : rounded(fraudScore(version, fraudLogOdds(features), listed), 10_000);
    const channel = features.channel;
    breakSchema(features, incidents);
    return JSON.stringify({
      type: "prediction",
      model: "fraud",
      version,
      id: place.id,
      time: timeText(place.millis),
      features,
      ...(failed ? {} : { score, prediction: score >= fraudThreshold ? 1 : 0 }),
      latency_ms: rounded(latencyMillis * slowness(incidents), 100),
      status: failed ? "error" : "ok",
      segment: { channel },
    });
  }

  #putOutcome(outlet: Outlet, place: Place): void {
    const { failed, reviewed, fraud, version } = paymentAt(place);
    if (failed || !(reviewed || fraud)) return;
    const random = new Random(mix(place.hash, 2));
    const afterMillis = reviewed
      ? review.leastMillis + Math.min(random.logNormal(review.medianMillis, 1), review.mostMillis)
      : random.between(chargeback.leastMillis, chargeback.mostMillis);
    const knownMillis = Math.ceil(place.millis + afterMillis);
    if (effectsOf(this.#incidents.at(knownMillis), "no_outcomes").length > 0) return;
    outlet.put(recordMillis(random, knownMillis), () =>
      JSON.stringify({
        type: "outcome",
        model: "fraud",
        version,
        id: place.id,
        time: timeText(knownMillis),
        label: fraud ? 1 : 0,
        source: reviewed ? "review" : "chargeback",
      }),
    );
  }
}

function visitOf(random: Random): Visit {
  // A product of two: a few customers come often.
  const customer = customerOf(Math.floor(random.uniform() * random.uniform() * customerCount));
  const channel = random.chance(usualChannelChance) ? customer.channel : random.weighted(customer.cluster.channels);
  return { customer, channel, foreign: random.chance(customer.cluster.foreign), newDevice: random.chance(newDeviceChance) };
}

/** Where a payment stands in the stream. */
interface Place {
  readonly id: string;
  readonly hash: number;
  /** Of the payment in its visit. */
  readonly index: number;
  readonly millis: number;
  readonly visit: () => Visit;
}

/** What really happened, before any incident. */
function paymentAt({ hash, index, visit }: Place): Payment {
  const { customer, channel, foreign, newDevice } = visit();
  const { cluster } = customer;
  const random = new Random(hash);
  const version = random.chance(canaryChance) ? "4" : "3";
  const failed = random.chance(errorChance);
  const features: FeatureValues = {
    amount: Math.max(leastAmount, rounded(random.logNormal(customer.medianAmount, 0.7), 100)),
    country: customer.country,
    channel,
    merchant_category: random.weighted(cluster.categories),
    account_age_days: customer.accountDays,
    transactions_24h: index + Math.floor(random.exponential(cluster.paymentsPerDay)),
    is_foreign: foreign,
    new_device: newDevice,
  };
  const listed = random.chance(listedChance);
  const fraud = random.chance(fraudProbability(fraudLogOdds(features), listed));
  const reviewed = random.chance(reviewChance);
  const latencyMillis = random.logNormal(medianLatencyMillis[version] as number, 0.5) * (failed ? failedSlowness : 1);
  return { version, failed, features, listed, fraud, reviewed, latencyMillis };
}
