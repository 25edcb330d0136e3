// A hash of 64 bits of a text, as two integers: two runs of 32 bits over its UTF-16 code units, each with a multiplier and a
// seed of its own. Two given texts have the same with a probability of 2^-64, so among the 2 million that may wait at once
// two have with one of 10^-7, and one text in a billion that come one after another meets another's with one of 10^-4. Not
// for texts of people who search for two that collide.

const evenMultiplier = 0x85ebca6b;
const oddMultiplier = 0x9e3779b1;
const lastMultiplier = 0xc2b2ae35;

export class IdHash {
  /** The two halves of the last text's hash, as signed integers. */
  high = 0;
  low = 0;
  readonly #highSeed: number;
  readonly #lowSeed: number;

  /** @param space what texts are of: the same text has another hash in another space */
  constructor(space: string) {
    this.#highSeed = run(space, 0x243f6a88);
    this.#lowSeed = run(space, 0x13198a2e);
  }

  set(text: string): void {
    let high = this.#highSeed;
    let low = this.#lowSeed;
    const { length } = text;
    let at = 0;
    // Two code units a step; every step can be undone, so it loses nothing of what came before.
    for (; at + 1 < length; at += 2) {
      const units = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
      high = Math.imul(high ^ units, evenMultiplier);
      high ^= high >>> 15;
      low = Math.imul(low ^ units, oddMultiplier);
      low ^= low >>> 13;
    }
    if (at < length) {
      const unit = text.charCodeAt(at);
      high = Math.imul(high ^ unit, evenMultiplier);
      high ^= high >>> 15;
      low = Math.imul(low ^ unit, oddMultiplier);
      low ^= low >>> 13;
    }
    this.high = finished(high ^ length);
    this.low = finished(low ^ Math.imul(length, oddMultiplier));
  }
}

function run(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), evenMultiplier);
    hash ^= hash >>> 15;
  }
  return finished(hash ^ text.length);
}

/** MurmurHash3's last steps: each bit depends on every one before. */
function finished(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), evenMultiplier);
  mixed = Math.imul(mixed ^ (mixed >>> 13), lastMultiplier);
  return mixed ^ (mixed >>> 16);
}
