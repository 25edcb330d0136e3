// Counting rows by types and bins that are known: of everything by hour, and of segments.
import type { Frame } from "../event/frame.ts";
import { kind } from "../event/value.ts";
import { addInto, type ByTime, leastDaysByHour, timeless } from "./assemble.ts";
import type { BuilderSettings } from "./builder.ts";
import { type LedgerPanes, PaneLedger } from "./pane-ledger.ts";
import { dayMillis } from "./periods.ts";
import type { FeatureReference } from "./reference.ts";
import { countEvent, looked, SegmentTally, type Tally, tallies } from "./tally.ts";
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
  readonly #all: Float64Array;
  readonly #ledger: PaneLedger;
  readonly #segments: ReadonlyMap<string, SegmentTally>;
  readonly #attributes: readonly string[] | null;
  readonly #into: SegmentTally[] = [];

  constructor(frozen: ReadonlyMap<number, Frozen>, segments: readonly string[], settings: BuilderSettings) {
    const made = tallies([...frozen.values()], (name) => settings.features.get(name)?.range);
    this.#slots = [...frozen.keys()];
    this.#bySlot = new Int32Array(settings.limits.features).fill(-1);
    for (const [index, slot] of this.#slots.entries()) this.#bySlot[slot] = index;
    this.#tallies = made.tallies;
    this.#all = new Float64Array(made.width);
    this.#ledger = new PaneLedger(made.width);
    this.#segments = new Map(segments.map((name) => [name, new SegmentTally(made.width, made.tallies.length)]));
    this.#attributes = settings.segments;
  }

  count(frame: Frame, segment: Segment): void {
    this.rows += 1;
    const hour = Number.isNaN(frame.timeMillis) ? this.#all : this.#ledger.row(frame.timeMillis);
    this.#findSegments(segment);
    countEvent(hour, frame);
    for (const { row } of this.#into) countEvent(row, frame);
    for (let at = 0; at < frame.present; at++) {
      const slot = frame.slots[at] as number;
      const index = this.#bySlot[slot] as number;
      if (index >= 0) this.#countValue(frame, slot, index, hour);
    }
  }

  #countValue(frame: Frame, slot: number, index: number, hour: Float64Array): void {
    const tally = this.#tallies[index] as Tally;
    tally.look(frame, slot);
    tally.count(hour);
    for (const into of this.#into) {
      if (this.#attributes === null && !tally.isOutput) continue;
      tally.count(into.row);
      if (looked.kind === kind.number) into.addNumber(index, tally, frame.numbers[slot] as number);
    }
  }

  #findSegments(segment: Segment): void {
    this.#into.length = 0;
    for (const name of segmentNames(segment, this.#attributes)) {
      const into = this.#segments.get(name);
      if (into !== undefined) this.#into.push(into);
    }
  }

  features(sketchOf: (slot: number) => Parameters<Tally["distribution"]>[1]): FeatureReference[] {
    const panes = this.#ledger.panes();
    const all = this.#all.slice();
    for (const row of panes.byHour) addInto(all, row);
    return this.#tallies.map((tally, index) => ({
      ...tally.frozen,
      all: tally.distribution(all, sketchOf(this.#slots[index] as number)),
      ...byTimeOf(tally, panes),
      segments: this.#segmentsOf(tally, index),
    }));
  }

  #segmentsOf(tally: Tally, index: number): FeatureReference["segments"] {
    if (this.#attributes === null && !tally.isOutput) return new Map();
    return new Map(
      [...this.#segments].map(([name, { row, sketches }]) => [name, tally.distribution(row, sketches[index] ?? null)]),
    );
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
