// Sums of an event's target (its score, or another quantity that a change is explained for), exact in any order: a target
// is rounded to 2^-16, and a sum is kept as whole multiples of 2^10 and a rest in [0, 2^10).
//
// Why it is exact: weights are multiples of 2^-8, so rests are multiples of 2^-24 and have 34 bits; multiples of 2^10 are
// integers, exact while the sum of weight x |target| stays below 2^63. The rest is brought back below 2^10 at every step,
// so equal sums have equal parts.

import type { Reader, Writer } from "./bytes.ts";

/** Rests are written in these steps, as they mostly are a small number of them. */
export const targetStep = 2 ** -16;
/** Targets beyond are taken as this, and counted by whoever sets them. */
export const mostTarget = 2 ** 37;
/** What the high part counts. */
export const targetUnit = 2 ** 10;

export class TargetSum {
  /** Weighted number of events that had a target. */
  count = 0;
  /** In units of 2^10. */
  high = 0;
  /** In [0, 2^10). */
  low = 0;

  get sum(): number {
    return this.high * targetUnit + this.low;
  }

  /** Makes this the target of one event; NaN: it has none. @returns whether it was clipped */
  set(target: number, weight: number): boolean {
    this.count = 0;
    this.high = 0;
    this.low = 0;
    if (Number.isNaN(target)) return false;
    this.count = weight;
    const clipped = Math.min(Math.max(target, -mostTarget), mostTarget);
    const rounded = Math.round(clipped / targetStep) * targetStep;
    const units = Math.floor(rounded / targetUnit);
    const weighted = units * weight;
    this.high = Math.floor(weighted);
    this.low = (weighted - this.high) * targetUnit + (rounded - units * targetUnit) * weight;
    this.#carry();
    return clipped !== target;
  }

  add({ count, high, low }: Pick<TargetSum, "count" | "high" | "low">): void {
    this.count += count;
    this.high += high;
    this.low += low;
    if (this.low >= targetUnit) this.#carry();
  }

  subtract({ count, high, low }: Pick<TargetSum, "count" | "high" | "low">): void {
    this.count -= count;
    this.high -= high;
    this.low -= low;
    if (this.low < 0) this.#carry();
  }

  encode(writer: Writer): void {
    writer.amount(this.count);
    if (this.count === 0) return;
    writer.amount(this.high);
    writer.amount(this.low / targetStep);
  }

  static decode(reader: Reader): TargetSum {
    const sum = new TargetSum();
    sum.combineEncoded(reader, 1);
    return sum;
  }

  /** Adds what was encoded, or with the sign -1 takes it away. */
  combineEncoded(reader: Reader, sign: 1 | -1): void {
    const count = reader.amount();
    if (count === 0) return;
    this.count += sign * count;
    this.high += sign * reader.amount();
    this.low += sign * reader.amount() * targetStep;
    this.#carry();
  }

  #carry(): void {
    const carried = Math.floor(this.low / targetUnit);
    this.low -= carried * targetUnit;
    this.high += carried;
  }
}

/** By bin: the weighted count of the events that had a target, and the sum of their weighted targets. */
export interface BinTargets {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
}

/** Of an event without a target. */
export const noTarget: Readonly<TargetSum> = new TargetSum();
