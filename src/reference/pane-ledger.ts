// Counts by hour in rows of one width: of recent hours each, of what lies before them by day and by hour of the day. In
// bounded memory, and in any order: an hour is given up only when enough later ones are there, so it is never missed.
import { addInto, mostDays, mostHours } from "./assemble.ts";
import { dayMillis, hourMillis, hoursOfDay } from "./periods.ts";

/** Hours beyond the limit that wait to be given up together, as they are sorted for that. */
const waitingHours = 168;

/** Rows by their start. */
type Rows = Map<number, Float64Array>;

/** What a ledger has, in ascending order. */
export interface LedgerPanes {
  readonly hours: readonly (readonly [startMillis: number, row: Float64Array])[];
  readonly days: readonly (readonly [startMillis: number, row: Float64Array])[];
  /** By hour of the day; all that there was. */
  readonly byHour: readonly Float64Array[];
  readonly leftOut: { readonly hours: number; readonly days: number };
  /** From the start of the first hour to the end of the last; 0 where there is none. */
  readonly spanMillis: number;
}

export class PaneLedger {
  readonly #width: number;
  readonly #mostHours: number;
  readonly #mostDays: number;
  readonly #hours: Rows = new Map();
  /** Of hours that were given up. */
  readonly #days: Rows = new Map();
  readonly #byHour: Float64Array[];
  readonly #startsOfHours = new Set<number>();
  #lastStart = Number.NaN;
  #lastRow: Float64Array = new Float64Array(0);

  /** @param width numbers in a row */
  constructor(width: number, limits = { hours: mostHours, days: mostDays }) {
    this.#width = width;
    this.#mostHours = limits.hours;
    this.#mostDays = limits.days;
    this.#byHour = Array.from({ length: hoursOfDay }, () => new Float64Array(width));
  }

  /** The row of an hour, to be added to at once: it may be given up when another is asked for. */
  row(timeMillis: number): Float64Array {
    const start = Math.floor(timeMillis / hourMillis) * hourMillis;
    if (start === this.#lastStart) return this.#lastRow;
    let row = this.#hours.get(start);
    if (row === undefined) {
      if (this.#hours.size >= this.#mostHours + waitingHours) this.#giveUp();
      row = new Float64Array(this.#width);
      this.#hours.set(start, row);
      this.#startsOfHours.add(start);
    }
    this.#lastStart = start;
    this.#lastRow = row;
    return row;
  }

  #giveUp(): void {
    const starts = [...this.#hours.keys()].sort((a, b) => a - b);
    for (const start of starts.slice(0, -this.#mostHours)) {
      const row = this.#hours.get(start) as Float64Array;
      this.#hours.delete(start);
      addTo(this.#days, start, row);
      addInto(this.#byHour[hourOfDay(start)] as Float64Array, row);
    }
    const days = [...this.#days.keys()].sort((a, b) => a - b);
    for (const start of days.slice(0, -this.#mostDays)) this.#days.delete(start);
    this.#lastStart = Number.NaN;
  }

  /** What there is so far. */
  panes(): LedgerPanes {
    this.#giveUp();
    const hours = sorted(this.#hours);
    const days: Rows = new Map([...this.#days].map(([start, row]) => [start, row.slice()]));
    const byHour = this.#byHour.map((row) => row.slice());
    for (const [start, row] of hours) {
      addTo(days, start, row);
      addInto(byHour[hourOfDay(start)] as Float64Array, row);
    }
    const starts = [...this.#startsOfHours].sort((a, b) => a - b);
    const daysSeen = new Set(starts.map(dayOf)).size;
    return {
      hours,
      days: sorted(days).slice(-this.#mostDays),
      byHour,
      leftOut: { hours: starts.length - hours.length, days: Math.max(0, daysSeen - this.#mostDays) },
      spanMillis: starts.length === 0 ? 0 : (starts.at(-1) as number) + hourMillis - (starts[0] as number),
    };
  }
}

function addTo(days: Rows, hourStart: number, row: Float64Array): void {
  const start = dayOf(hourStart);
  const sum = days.get(start);
  if (sum === undefined) days.set(start, row.slice());
  else addInto(sum, row);
}

function sorted(rows: Rows): [number, Float64Array][] {
  return [...rows].sort(([a], [b]) => a - b);
}

const dayOf = (hourStart: number): number => Math.floor(hourStart / dayMillis) * dayMillis;
const hourOfDay = (hourStart: number): number => Math.floor(hourStart / hourMillis) % hoursOfDay;
