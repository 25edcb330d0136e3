// A stream of predictions as a person would see it: three models with distributions of every shape, from a seed.
import { minute, prediction, type Running } from "./running.ts";

/** Uniform numbers in (0, 1): the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 + 2 ** -40;
  };
}

/** Minutes of traffic of the models `fraud` (two versions), `recommendation` and `demand-forecast`. */
export async function writeTraffic(running: Running, fromMillis: number, minutes: number, aMinute = 30): Promise<void> {
  const random = randomNumbers(7);
  const normal = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  for (let at = 0; at < minutes; at++) {
    const records = Array.from({ length: aMinute }, (_, index) => {
      const time = fromMillis + at * minute + Math.floor((index / aMinute) * minute);
      return [fraud(time, random, normal), recommendation(time, random, normal), forecast(time, random, normal)];
    }).flat();
    await running.write(0, records);
  }
}

type Numbers = () => number;

function pick(random: Numbers, choices: readonly (readonly [value: string, weight: number])[]): string {
  let left = random() * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of choices) {
    left -= weight;
    if (left <= 0) return value;
  }
  return "";
}

function fraud(time: number, random: Numbers, normal: Numbers): string {
  const features = {
    amount: Number((30 * Math.exp(normal())).toFixed(2)),
    ...(random() < 0.06 ? {} : { account_age_days: Math.floor(900 * random()) }),
    chargebacks: random() < 0.8 ? 0 : Math.ceil(4 * random()),
    hour_of_day: Math.floor(24 * random()),
    distance_km: random() < 0.02 ? null : Number((5 * Math.exp(2 * normal())).toFixed(1)),
    country: pick(random, [
      ["DE", 40],
      ["FR", 25],
      ["NL", 12],
      ["ES", 9],
      ["IT", 8],
      ["PL", 4],
      ["SE", 1],
      ["PT", 1],
    ]),
    channel: pick(random, [
      ["web", 60],
      ["app", 38],
      ["phone", 2],
    ]),
    new_device: random() < 0.15,
  };
  const score = 1 / (1 + Math.exp(3 - normal() - features.chargebacks));
  const version = random() < 0.8 ? "2026-02-20" : "2026-02-27-candidate";
  const failed = random() < 0.004 ? { status: "error" } : { score, prediction: score > 0.5 ? 1 : 0 };
  return prediction(time, { model: "fraud", version, features, latency_ms: 20 * Math.exp(normal() / 3), ...failed });
}

function recommendation(time: number, random: Numbers, normal: Numbers): string {
  const features = { session_minutes: 8 * Math.exp(normal()), items_seen: Math.floor(20 * random() * random()) };
  return prediction(time, { model: "recommendation", version: "14", features, score: random() ** 2, latency_ms: 8 });
}

function forecast(time: number, random: Numbers, normal: Numbers): string {
  const features = {
    temperature_c: 8 + 6 * normal(),
    store: `store-${Math.floor(60 * random() * random())}`,
    promotion: random() < 0.3,
  };
  return prediction(time, { model: "demand-forecast", version: "3.1", features, prediction: Math.max(0, 40 + 25 * normal()) });
}
