// Weights by hour of the day, in UTC. A minute has one hour only, so one is kept as a pair until there is another.
import type { Reader, Writer } from "./bytes.ts";

const hoursOfDay = 24;
const hourMillis = 3_600_000;

/** The hour of the day, in UTC, that a time lies in. */
export function hourOf(timeMillis: number): number {
  const hours = Math.floor(timeMillis / hourMillis);
  return hours - Math.floor(hours / hoursOfDay) * hoursOfDay;
}

export class HourWeights {
  #hour: number;
  #weight: number;
  /** Of all hours, once there are several. A plain array: as long a typed one takes more than twice as much memory. */
  #all: number[] | null = null;

  /** A weight that is all of one hour. */
  constructor(hour = 0, weight = 0) {
    this.#hour = hour;
    this.#weight = weight;
  }

  /** A copy: 24 weights. */
  get byHour(): number[] {
    if (this.#all !== null) return this.#all.slice();
    const all = new Array<number>(hoursOfDay).fill(0);
    all[this.#hour] = this.#weight;
    return all;
  }

  /** The weight of all hours. */
  get total(): number {
    return this.#all === null ? this.#weight : this.#all.reduce((sum, weight) => sum + weight, 0);
  }

  copy(): HourWeights {
    const copy = new HourWeights(this.#hour, this.#weight);
    copy.#all = this.#all === null ? null : this.#all.slice();
    return copy;
  }

  merge(other: HourWeights): void {
    if (other.#all !== null) for (const [hour, weight] of other.#all.entries()) this.add(hour, weight);
    else this.add(other.#hour, other.#weight);
  }

  add(hour: number, weight: number): void {
    if (weight === 0) return;
    if (this.#all === null) {
      if (this.#weight === 0) this.#hour = hour;
      if (this.#hour === hour) {
        this.#weight += weight;
        return;
      }
      this.#all = this.byHour;
    }
    this.#all[hour] = (this.#all[hour] as number) + weight;
  }

  encode(writer: Writer): void {
    if (this.#all === null) {
      writer.unsigned(this.#weight === 0 ? 0 : 1);
      writeHour(this.#hour, this.#weight, writer);
      return;
    }
    writer.unsigned(this.#all.reduce((filled, weight) => filled + (weight === 0 ? 0 : 1), 0));
    for (let hour = 0; hour < hoursOfDay; hour++) writeHour(hour, this.#all[hour] as number, writer);
  }

  static decode(reader: Reader): HourWeights {
    const hours = new HourWeights();
    hours.combineEncoded(reader, 1);
    return hours;
  }

  /** Adds what was encoded, or with the sign -1 takes it away. */
  combineEncoded(reader: Reader, sign: 1 | -1): void {
    for (let left = reader.unsigned(); left > 0; left--) {
      const hour = reader.unsigned();
      if (hour >= hoursOfDay) throw new RangeError(`hour ${hour}`);
      this.add(hour, sign * reader.amount());
    }
  }
}

/** Hours without a weight are left out. */
function writeHour(hour: number, weight: number, writer: Writer): void {
  if (weight === 0) return;
  writer.unsigned(hour);
  writer.amount(weight);
}
