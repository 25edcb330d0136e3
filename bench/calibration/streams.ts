// Streams of one feature's events, as counts of outcomes minute by minute: counted bins, then missing, then null.
import type { Bits } from "./bits.ts";
import { highShift, lowMask, normalTable, outcomeTable, poissonTable } from "./law.ts";
import { minutePool, minutesOfSeason } from "./minute-pool.ts";
import { outcomeProbabilities, type Regime } from "./regime.ts";
import type { Shape } from "./shape.ts";

const hourMinutes = 60;

export interface FeatureStream {
  /** From the next minute on. */
  enter(regime: Regime): void;
  /** Adds the events of the next minute, which begins at a time of simulation. */
  addMinute(minute: number, into: Uint8Array): void;
}

/** How the mixture and the rate depend on the time. */
export interface Seasons {
  readonly count: number;
  of(minute: number): number;
  /** Of the latent variable, in its standard deviations. */
  mean(season: number): number;
  /** In units of the average rate. */
  rate(season: number): number;
}

/** Events that are independent of each other. */
export class IndependentStream implements FeatureStream {
  readonly #bits: Bits;
  readonly #shape: Shape;
  readonly #seasons: Seasons;
  readonly #eventsAnHour: number;
  #pools: readonly Uint8Array[] = [];

  constructor(bits: Bits, shape: Shape, seasons: Seasons, eventsAnHour: number) {
    this.#bits = bits;
    this.#shape = shape;
    this.#seasons = seasons;
    this.#eventsAnHour = eventsAnHour;
  }

  enter(regime: Regime): void {
    const seasons = this.#seasons;
    this.#pools = bySeason(seasons, (season) => {
      const bins = regime.move(this.#shape.probabilities(seasons.mean(season) + regime.shift));
      const outcomes = outcomeProbabilities(bins, this.#shape.binCount, regime);
      const mean = (seasons.rate(season) * this.#eventsAnHour) / hourMinutes;
      return minutePool(this.#bits, outcomes, mean, minutesOfSeason(seasons.count));
    });
  }

  addMinute(minute: number, into: Uint8Array): void {
    const pool = this.#pools[this.#seasons.of(minute)] as Uint8Array;
    const minutes = pool.length / into.length;
    const from = ((this.#bits.next() >>> 1) & (minutes - 1)) * into.length;
    for (let outcome = 0; outcome < into.length; outcome++) {
      into[outcome] = (into[outcome] as number) + (pool[from + outcome] as number);
    }
  }
}

function bySeason<T>({ count }: Seasons, make: (season: number) => T): T[] {
  return Array.from({ length: count }, (_, season) => make(season));
}

/** Users of 10 to 30 events within ten minutes; with probability sqrt(0.2) an event is as the user's first: intra-class correlation 0.2. */
const [fewestEvents, mostEvents, sessionMinutes] = [10, 30, 10];
const ownOutcome = Math.round(Math.sqrt(0.2) * 2 ** 16);

export class ClusteredStream implements FeatureStream {
  readonly #bits: Bits;
  readonly #shape: Shape;
  readonly #users: Uint8Array;
  /** Outcomes of events that are still to come, by minute modulo the length of a session. */
  readonly #coming: readonly Uint8Array[];
  #outcomes: Uint8Array = new Uint8Array(0);

  constructor(bits: Bits, shape: Shape, eventsAnHour: number) {
    this.#bits = bits;
    this.#shape = shape;
    this.#users = poissonTable(eventsAnHour / hourMinutes / ((fewestEvents + mostEvents) / 2));
    this.#coming = Array.from({ length: sessionMinutes }, () => new Uint8Array(shape.binCount + 2));
  }

  enter(regime: Regime): void {
    const bins = regime.move(this.#shape.probabilities(regime.shift));
    this.#outcomes = outcomeTable(outcomeProbabilities(bins, this.#shape.binCount, regime));
  }

  addMinute(minute: number, into: Uint8Array): void {
    const users = this.#users[this.#bits.next() >>> highShift] as number;
    for (let user = 0; user < users; user++) this.#addUser(minute);
    const now = this.#coming[minute % sessionMinutes] as Uint8Array;
    for (let outcome = 0; outcome < now.length; outcome++) {
      into[outcome] = (into[outcome] as number) + (now[outcome] as number);
    }
    now.fill(0);
  }

  #addUser(minute: number): void {
    const bits = this.#bits;
    const own = this.#outcomes[bits.next() >>> highShift] as number;
    const events = fewestEvents + bits.below(mostEvents - fewestEvents + 1);
    for (let event = 0; event < events; event++) {
      const word = bits.next();
      const outcome = (word & 0xffff) < ownOutcome ? own : (this.#outcomes[word >>> highShift] as number);
      const coming = this.#coming[(minute + bits.below(sessionMinutes)) % sessionMinutes] as Uint8Array;
      coming[outcome] = (coming[outcome] as number) + 1;
    }
  }
}

/** Of the latent variable of one event with that of the next. */
const correlation = 0.9;
const innovation = Math.sqrt(1 - correlation * correlation);
/** Cells of the latent variable over [-6, 6], in which its bin is looked up. */
const [cells, reach] = [2 ** 12, 6];

export class AutoregressiveStream implements FeatureStream {
  readonly #bits: Bits;
  readonly #shape: Shape;
  readonly #totals: Uint8Array;
  readonly #binOfCell: Uint8Array;
  #latent = 0;
  #shift = 0;
  /** By bin: the share of its events (of 2^16) that go elsewhere. */
  #leaving = new Uint32Array(0);
  #elsewhere: Uint8Array = new Uint8Array(0);
  #lost: Uint8Array = new Uint8Array(0);

  constructor(bits: Bits, shape: Shape, eventsAnHour: number) {
    this.#bits = bits;
    this.#shape = shape;
    this.#totals = poissonTable(eventsAnHour / hourMinutes);
    const edges = shape.latentEdges ?? [];
    this.#binOfCell = Uint8Array.from({ length: cells }, (_, cell) => {
      const middle = ((cell + 0.5) / cells) * 2 * reach - reach;
      return edges.filter((edge) => edge < middle).length;
    });
    this.#latent = normalTable[bits.next() >>> highShift] as number;
  }

  /** Moves as few events as there have to be for bins to be as likely as they are asked to be. */
  enter(regime: Regime): void {
    this.#shift = regime.shift;
    const before = this.#shape.probabilities(regime.shift);
    const after = regime.move(before);
    const [less, more] = [
      before.map((share, bin) => share - (after[bin] as number)),
      after.map((share, bin) => share - (before[bin] as number)),
    ];
    this.#leaving = Uint32Array.from(less, (share, bin) => Math.round((Math.max(0, share) / (before[bin] as number)) * 2 ** 16));
    const gained = more.reduce((sum, share) => sum + Math.max(0, share), 0);
    this.#elsewhere = outcomeTable(gained > 0 ? more.map((share) => Math.max(0, share) / gained) : before);
    // 0: it has a value; 1: missing; 2: null.
    this.#lost = outcomeTable([1 - regime.missing - regime.null, regime.missing, regime.null]);
  }

  addMinute(_minute: number, into: Uint8Array): void {
    const bits = this.#bits;
    const many = this.#totals[bits.next() >>> highShift] as number;
    const { binCount } = this.#shape;
    for (let event = 0; event < many; event++) {
      const word = bits.next();
      this.#latent = correlation * this.#latent + innovation * (normalTable[word & lowMask] as number);
      const lost = this.#lost[word >>> highShift] as number;
      const outcome = lost === 0 ? this.#bin() : binCount + lost - 1;
      into[outcome] = (into[outcome] as number) + 1;
    }
  }

  #bin(): number {
    const cell = (((this.#latent + this.#shift + reach) / (2 * reach)) * cells) | 0;
    const bin = this.#binOfCell[Math.min(cells - 1, Math.max(0, cell))] as number;
    const leaving = this.#leaving[bin] as number;
    if (leaving === 0) return bin;
    const word = this.#bits.next();
    return (word & 0xffff) < leaving ? (this.#elsewhere[word >>> highShift] as number) : bin;
  }
}
