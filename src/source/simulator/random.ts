// Random numbers that follow from a seed, and hashes to derive seeds with. Only exactly specified operations, square
// root, logarithm and exponential are used (no powers, no trigonometry): the same seed gives the same stream anywhere.

const golden = 0x9e3779b9;

/** A 32-bit hash of a seed and a whole number; for one seed no two numbers of 32 bits collide. MurmurHash3's finalizer. */
export function mix(seed: number, value: number): number {
  let hash = seed ^ Math.imul((value + golden) | 0, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A 32-bit hash of a seed and a text. */
export function mixText(seed: number, text: string): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = mix(hash, text.charCodeAt(at));
  return hash;
}

/** A number with so many decimal digits. */
export function rounded(value: number, scale: 1 | 10 | 100 | 1000 | 10_000): number {
  return Math.round(value * scale) / scale;
}

/** Pseudo-random numbers: mulberry32 (Tommy Ettinger, public domain). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** In [0, 1). */
  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), 61 | bits);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** True with a probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** A whole number in [0, below). */
  below(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.uniform());
  }

  /** Standard normal; Marsaglia's polar method. */
  normal(): number {
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square < 1 && square > 0) return x * Math.sqrt((-2 * Math.log(square)) / square);
    }
  }

  logNormal(median: number, deviation: number): number {
    return median * Math.exp(deviation * this.normal());
  }

  /** How often a chance succeeds before it fails, at most `most` times. */
  successes(probability: number, most: number): number {
    let count = 0;
    while (count < most && this.uniform() < probability) count += 1;
    return count;
  }

  /** One of some things, by their weights, which sum to 1. */
  weighted<T>(choices: readonly (readonly [thing: T, weight: number])[]): T {
    let left = this.uniform();
    for (const [thing, weight] of choices) {
      left -= weight;
      if (left < 0) return thing;
    }
    return (choices.at(-1) as readonly [T, number])[0];
  }
}
