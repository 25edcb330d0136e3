// Random bits for long simulations: `Random` of the simulator repeats after 2^32 numbers, and a cell draws more than that.

/** Steps after which nothing is left of how it was seeded. */
const warmUpSteps = 12;

/** sfc32 (Chris Doty-Humphrey, PractRand 0.94, public domain): 128 bits of state, of which 32 are a counter. */
export class Bits {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed, stream two whole numbers: other ones give other bits */
  constructor(seed: number, stream: number) {
    this.#a = seed | 0;
    this.#b = stream | 0;
    this.#c = 0x9e3779b9 | 0;
    for (let step = 0; step < warmUpSteps; step++) this.next();
  }

  /** 32 bits, as a signed whole number. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum;
  }

  /** A whole number in [0, below), of up to 2^16. */
  below(below: number): number {
    return ((this.next() >>> 16) * below) >>> 16;
  }
}
