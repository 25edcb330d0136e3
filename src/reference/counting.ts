// The second look at rows, by types and bins that are known: counts of everything by hour, and of segments.
import type { Frame } from "../event/frame.ts";
import { kind } from "../event/value.ts";
import type { NumberSketch } from "../primitive/sketch.ts";
import type { TargetSum } from "../primitive/target.ts";
import { addInto, type ByTime, leastDaysByHour, timeless } from "./assemble.ts";
import type { BuilderSettings } from "./builder.ts";
import { type LedgerPanes, PaneLedger } from "./pane-ledger.ts";
import { Part } from "./part.ts";
import { dayMillis } from "./periods.ts";
import type { FeatureReference } from "./reference.ts";
import { countEvent, looked, type Tally, tallies } from "./tally.ts";
import type { Frozen } from "./value-survey.ts";

/** A segment's name longer than this is cut. */
const longestSegment = 128;

export type Segment = Readonly<Record<string, unknown>> | null;

/** The state of the second look. */
export class Counting {
  rows = 0;
  readonly #tallies: readonly Tally[];
  /** By slot: which tally; -1 where the feature has none. */
  readonly #bySlot: Int32Array;
  readonly #slots: readonly number[];
  readonly #numbersOf: (slot: number) => NumberSketch | null;
  /** By tally: whether numbers of all rows are added up now. */
  readonly #counted: readonly boolean[];
  /** Its row is of events without a time; those with one are in the ledger. */
  readonly #all: Part;
  readonly #ledger: PaneLedger;
  readonly #segments: ReadonlyMap<string, Part>;
  readonly #attributes: readonly string[] | null;
  readonly #into: Part[] = [];

  /** @param numbersOf what the first look has added up of a slot; where that is null, it is done now */
  constructor(
    frozen: ReadonlyMap<number, Frozen>,
    segments: readonly string[],
    settings: BuilderSettings,
    numbersOf: (slot: number) => NumberSketch | null,
  ) {
    this.#numbersOf = numbersOf;
    this.#counted = [...frozen.keys()].map((slot) => numbersOf(slot) === null);
    const made = tallies([...frozen.values()], (name) => settings.features.get(name)?.range);
    this.#slots = [...frozen.keys()];
    this.#bySlot = new Int32Array(settings.limits.features).fill(-1);
    for (const [index, slot] of this.#slots.entries()) this.#bySlot[slot] = index;
    this.#tallies = made.tallies;
    this.#all = new Part(made.width, made.tallies.length);
    this.#ledger = new PaneLedger(made.width);
    this.#segments = new Map(segments.map((name) => [name, new Part(made.width, made.tallies.length)]));
    this.#attributes = settings.segments;
  }

  /** @param target of the row */
  count(frame: Frame, segment: Segment, target: Readonly<TargetSum>): void {
    this.rows += 1;
    const hour = Number.isNaN(frame.timeMillis) ? this.#all.row : this.#ledger.row(frame.timeMillis);
    this.#findSegments(segment);
    countEvent(hour, frame);
    this.#all.targets.add(target);
    for (const into of this.#into) {
      countEvent(into.row, frame);
      into.targets.add(target);
    }
    for (let at = 0; at < frame.present; at++) {
      const slot = frame.slots[at] as number;
      const index = this.#bySlot[slot] as number;
      if (index >= 0) this.#countValue(frame, slot, index, hour, target);
    }
  }

  #countValue(frame: Frame, slot: number, index: number, hour: Float64Array, target: Readonly<TargetSum>): void {
    const tally = this.#tallies[index] as Tally;
    tally.look(frame, slot);
    const { weight } = frame;
    tally.count(hour, weight);
    this.#all.addText(index, tally, weight, target);
    const isNumber = looked.kind === kind.number;
    if (isNumber && this.#counted[index] === true)
      this.#all.addNumber(index, tally, frame.numbers[slot] as number, weight, target);
    for (const into of this.#into) {
      if (this.#attributes === null && !tally.isOutput) continue;
      tally.count(into.row, weight);
      into.addText(index, tally, weight, target);
      if (isNumber) into.addNumber(index, tally, frame.numbers[slot] as number, weight, target);
    }
  }

  #findSegments(segment: Segment): void {
    this.#into.length = 0;
    for (const name of segmentNames(segment, this.#attributes)) {
      const into = this.#segments.get(name);
      if (into !== undefined) this.#into.push(into);
    }
  }

  features(): FeatureReference[] {
    const panes = this.#ledger.panes();
    const all = this.#all.row.slice();
    for (const row of panes.byHour) addInto(all, row);
    return this.#tallies.map((tally, index) => ({
      ...tally.frozen,
      all: this.#all.distribution(index, tally, all, this.#numbersOf(this.#slots[index] as number) ?? undefined),
      ...byTimeOf(tally, panes),
      segments: this.#segmentsOf(tally, index),
    }));
  }

  #segmentsOf(tally: Tally, index: number): FeatureReference["segments"] {
    if (this.#attributes === null && !tally.isOutput) return new Map();
    return new Map([...this.#segments].map(([name, part]) => [name, part.distribution(index, tally)]));
  }
}

function byTimeOf(tally: Tally, { hours, days, byHour, leftOut, spanMillis }: LedgerPanes): ByTime {
  if (hours.length === 0) return timeless;
  const pane = ([startMillis, row]: readonly [number, Float64Array]) => {
    return { startMillis, kinds: tally.kinds(row), counts: tally.counts(row) };
  };
  return {
    byHour: spanMillis < leastDaysByHour * dayMillis ? null : byHour.map((row) => tally.counts(row)),
    hours: hours.map(pane),
    days: days.map(pane),
    leftOut,
  };
}

/** The segments of an event, as in `channel=web`. @param attributes those that count; null: all */
export function* segmentNames(segment: Segment, attributes: readonly string[] | null): Iterable<string> {
  if (segment === null) return;
  for (const attribute in segment) {
    if (attributes?.includes(attribute) === false) continue;
    const name = `${attribute}=${String(segment[attribute])}`;
    yield name.length > longestSegment ? name.slice(0, longestSegment).toWellFormed() : name;
  }
}
