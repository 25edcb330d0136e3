// The recommendation story: each request of a visitor shows a ranked list of items; some are clicked within minutes,
// and of those some are ordered. Two versions serve about half of the visitors each.
import { breakSchema, clicksLeft, effectsOf, Incidents, shiftValues, slowness } from "./incident.ts";
import { once } from "./once.ts";
import { mix, mixText, Random, rounded } from "./random.ts";
import {
  clickOn,
  type Impression,
  impressionsOf,
  itemsPerRequest,
  type Visitor,
  visitorCount,
  visitorOf,
} from "./recommendation-requests.ts";
import { type Outlet, type Story, type StreamOptions, timeText } from "./story.ts";
import { Arrivals, browsingShape, recordMillis } from "./traffic.ts";

const visitsPerSecond = 0.33;
/** After each request of a visit another one follows with this chance. */
const anotherChance = 0.2;
const mostRequests = 20;
const secondsBetweenRequests = 50;
const errorChance = 0.001;
const unit = "EUR";

/** One request, and what is only known once it is asked for. */
interface Request {
  /** Number of the visit and of the request in it. */
  readonly name: string;
  readonly hash: number;
  readonly millis: number;
  readonly visitor: () => Visitor;
  readonly impressions: () => readonly Impression[];
}

export class RecommendationStory implements Story {
  readonly #seed: number;
  readonly #idMark: string;
  readonly #arrivals: Arrivals;
  readonly #incidents: Incidents;

  constructor({ seed, originMillis, incidents }: StreamOptions, idMark: string) {
    this.#seed = mixText(seed, "recommendation");
    this.#idMark = idMark;
    this.#arrivals = new Arrivals(new Random(mix(this.#seed, 0)), originMillis, browsingShape, visitsPerSecond);
    this.#incidents = new Incidents(incidents, "recommendation");
  }

  get nextMillis(): number {
    return this.#arrivals.timeMillis;
  }

  unfold(outlet: Outlet): void {
    const { number, timeMillis } = this.#arrivals;
    this.#arrivals.advance();
    const hash = mix(mix(this.#seed, 1), number);
    const random = new Random(hash);
    // A product of two: a few visitors come often.
    const visitorNumber = Math.floor(random.uniform() * random.uniform() * visitorCount);
    const visitor = once(() => visitorOf(visitorNumber));
    const requests = 1 + random.successes(anotherChance, mostRequests - 1);
    let millis = Math.ceil(timeMillis);
    for (let index = 0; index < requests; index++) {
      if (index > 0) millis += Math.ceil(random.exponential(secondsBetweenRequests * 1000));
      const requestHash = mix(hash, index);
      const impressions = once(() => impressionsOf(requestHash, visitor()));
      this.#putRequest(outlet, { name: `${this.#idMark}-${number}-${index}`, hash: requestHash, millis, visitor, impressions });
    }
  }

  #putRequest(outlet: Outlet, request: Request): void {
    const silent = effectsOf(this.#incidents.at(request.millis), "no_predictions").length > 0;
    for (let rank = 1; rank <= itemsPerRequest; rank++) {
      const hash = mix(request.hash, rank);
      if (outlet.wants("predictions", hash)) {
        if (silent) continue;
        outlet.put(recordMillis(new Random(mix(hash, 1)), request.millis), () => this.#predictionText(request, rank));
      } else if (outlet.wants("outcomes", hash)) this.#putOutcomes(outlet, request, rank, hash);
    }
  }

  #predictionText(request: Request, rank: number): string {
    const { version, platform } = request.visitor();
    const { features, score } = request.impressions()[rank - 1] as Impression;
    const incidents = this.#incidents.at(request.millis);
    const written = { ...features };
    shiftValues(written, incidents);
    breakSchema(written, incidents);
    const random = new Random(mix(request.hash, 0));
    const failed = random.chance(errorChance);
    return JSON.stringify({
      type: "prediction",
      model: "recommendation",
      version,
      id: `imp-${request.name}-${rank}`,
      time: timeText(request.millis),
      group: `req-${request.name}`,
      rank,
      features: written,
      ...(failed ? {} : { score }),
      latency_ms: rounded(random.logNormal(version === "2026-11" ? 34 : 29, 0.4) * slowness(incidents), 100),
      status: failed ? "error" : "ok",
      segment: { platform },
    });
  }

  #putOutcomes(outlet: Outlet, request: Request, rank: number, hash: number): void {
    if (new Random(mix(request.hash, 0)).chance(errorChance)) return;
    const { version } = request.visitor();
    const click = clickOn(request.impressions()[rank - 1] as Impression, rank, version, hash);
    if (click === null || !new Random(mix(hash, 4)).chance(clicksLeft(this.#incidents.at(request.millis)))) return;
    const base = { type: "outcome", model: "recommendation", version, id: `imp-${request.name}-${rank}` };
    const put = (afterMillis: number, fields: (millis: number) => object, salt: number): void => {
      const millis = Math.ceil(request.millis + afterMillis);
      if (effectsOf(this.#incidents.at(millis), "no_outcomes").length > 0) return;
      const text = (): string => JSON.stringify({ ...base, time: timeText(millis), ...fields(millis) });
      outlet.put(recordMillis(new Random(mix(hash, salt)), millis), text);
    };
    put(click.afterMillis, () => ({ clicked: true }), 2);
    const { order } = click;
    if (order === null) return;
    put(order.afterMillis, (millis) => ({ ordered: true, value: this.#worth(order.value, version, millis), unit }), 3);
  }

  #worth(value: number, version: string, orderedMillis: number): number {
    const effects = effectsOf(this.#incidents.at(orderedMillis), "cheap_orders").filter((effect) => effect.version === version);
    return rounded(
      effects.reduce((worth, { factor }) => worth * factor, value),
      100,
    );
  }
}
