// Streams of events for benchmarks: 20 features (15 numeric, 5 categorical), about 600 bytes, seeded.

const cities = ["Berlin", "Hamburg", "Munich", "Cologne", "Frankfurt", "Stuttgart", "Dusseldorf", "Leipzig"];
const words = ["web", "app", "store", "partner"];

/** A small generator of pseudo-random numbers in [0, 1): Marsaglia's xorshift32. */
export function random(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** One prediction as JSON. */
export function predictionLine(next: () => number, index: number, timeMillis: number): string {
  const features: Record<string, number | string> = {};
  for (let feature = 0; feature < 15; feature++) {
    const value = feature % 3 === 0 ? Math.exp(normal(next)) * 50 : normal(next) * 10 + feature;
    features[`numeric_feature_${feature}`] = Number(value.toFixed(feature % 4));
  }
  for (let feature = 0; feature < 5; feature++) {
    const from = feature % 2 === 0 ? cities : words;
    features[`category_${feature}`] = from[Math.floor(next() * from.length)] as string;
  }
  const score = Number(next().toFixed(4));
  return JSON.stringify({
    type: "prediction",
    model: "bench",
    version: index % 10 === 0 ? "2" : "1",
    id: `id-${index}`,
    time: timeMillis,
    features,
    score,
    prediction: score > 0.5 ? 1 : 0,
    latency_ms: Number((5 + 20 * next()).toFixed(2)),
  });
}
