// The one alarm of a version: on while any tested signal is, an episode from off to on and off again. It decides nothing about
// a signal; whoever looks says what a look showed. All of it is state: the same for any order in which events came.
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";

/** One thing that is tested. */
export interface Signal {
  /** "" is all traffic. */
  readonly segment: string;
  readonly feature: string;
  /** Length of the window that is tested; 0: a sequential detector, which has none. */
  readonly windowMillis: number;
  /** The test of the distribution, or the state whose rate is tested. */
  readonly test: string;
}

/**
 * What a look at a signal showed. `near`: not against what is normal at its limit, but not well either; `unknown`: too few
 * values to say anything.
 */
export type Finding = "rejects" | "near" | "calm" | "unknown";

/** Why a signal was raised, as numbers: words are made of them where they are shown. */
export interface Evidence {
  /** The p-value; of a sequential detector the common logarithm of its evidence. */
  readonly value: number;
  /** What the value was compared with. */
  readonly limit: number;
  /** Values that it rests on. */
  readonly samples: number;
  /** PSI, or of a state its rate; NaN where it has neither. */
  readonly effect: number;
  /** Of a state its rate in the reference, of a number its mean there; NaN else. */
  readonly before: number;
  /** Of a state its rate, of a number its mean; NaN else. */
  readonly after: number;
  /** The bin whose share changed most, and its shares; -1 and NaN where there is none. */
  readonly bin: number;
  readonly binBefore: number;
  readonly binAfter: number;
}

export interface RaisedSignal extends Signal {
  readonly sinceMillis: number;
  readonly evidence: Evidence;
}

/** A signal was raised or has ended; `alarm`: and with it the version's alarm began or ended. */
export interface AlarmChange {
  readonly timeMillis: number;
  readonly raised: boolean;
  readonly alarm: boolean;
  readonly signal: RaisedSignal;
}

/** How a signal is looked at. */
export interface Look {
  /** End of what was looked at. */
  readonly timeMillis: number;
  /** A raised signal ends when looks have been calm for so long. */
  readonly holdMillis: number;
  readonly finding: Finding;
  /** Asked for when the signal is raised. */
  evidence(): Evidence;
}

/** A raised signal ends when its p-value has been greater than so many times alpha for one window, or its evidence as much less. */
export const calmFactor = 10;

/** A look that was made. */
export interface Seen {
  readonly signal: Signal;
  readonly look: Look;
}

/** More than the longest window: a segment that was silent for so long is as one that is new. */
const forgottenMillis = 40 * 86_400_000;
/** Changes that are remembered. */
const remembered = 20;

interface Held {
  readonly signal: RaisedSignal;
  readonly holdMillis: number;
  /** From when on looks have been calm; NaN while they are not. */
  calmMillis: number;
  lookedMillis: number;
}

export class DriftAlarm {
  /** Episodes since the version was first seen. */
  alarms = 0;
  /** The latest changes, oldest first. */
  readonly recent: AlarmChange[] = [];
  readonly #held = new Map<string, Held>();
  /** By segment: up to when it was looked at. */
  readonly #looked = new Map<string, number>();

  get on(): boolean {
    return this.#held.size > 0;
  }

  /** In the order in which they were raised. */
  get raised(): RaisedSignal[] {
    return Array.from(this.#held.values(), ({ signal }) => signal);
  }

  /** The end of the pane of a segment that was looked at last. */
  lookedMillis(segment: string): number | undefined {
    return this.#looked.get(segment);
  }

  noteLook(segment: string, endMillis: number): void {
    this.#looked.set(segment, endMillis);
  }

  /** Takes what a look showed. @returns what it changed; null where nothing did */
  look(signal: Signal, look: Look): AlarmChange | null {
    if (look.finding !== "rejects" && this.#held.size === 0) return null;
    const key = keyOf(signal);
    const held = this.#held.get(key);
    if (held !== undefined) return this.#lookAgain(key, held, look);
    return look.finding === "rejects" ? this.#raise(key, signal, look) : null;
  }

  #raise(key: string, signal: Signal, { timeMillis, holdMillis, evidence }: Look): AlarmChange {
    const raised = { ...signal, sinceMillis: timeMillis, evidence: evidence() };
    const begins = !this.on;
    if (begins) this.alarms += 1;
    this.#held.set(key, { signal: raised, holdMillis, calmMillis: Number.NaN, lookedMillis: timeMillis });
    return this.#note({ timeMillis, raised: true, alarm: begins, signal: raised });
  }

  #lookAgain(key: string, held: Held, { timeMillis, finding }: Look): AlarmChange | null {
    held.lookedMillis = timeMillis;
    if (finding === "unknown") return null;
    if (finding !== "calm") {
      held.calmMillis = Number.NaN;
      return null;
    }
    if (Number.isNaN(held.calmMillis)) held.calmMillis = timeMillis;
    return timeMillis - held.calmMillis >= held.holdMillis ? this.#end(key, held.signal, timeMillis) : null;
  }

  /** Forgets segments that are gone. @returns their names */
  *forgetSegments(timeMillis: number): Iterable<string> {
    for (const [segment, looked] of this.#looked) {
      if (timeMillis - looked <= forgottenMillis) continue;
      this.#looked.delete(segment);
      yield segment;
    }
  }

  /** Ends signals that are not looked at any more, as those of a feature that vanished. */
  *endForgotten(timeMillis: number): Iterable<AlarmChange> {
    for (const [key, held] of this.#held) {
      if (timeMillis - held.lookedMillis > held.holdMillis) yield this.#end(key, held.signal, timeMillis);
    }
  }

  #end(key: string, signal: RaisedSignal, timeMillis: number): AlarmChange {
    this.#held.delete(key);
    return this.#note({ timeMillis, raised: false, alarm: !this.on, signal });
  }

  #note(change: AlarmChange): AlarmChange {
    this.recent.push(change);
    if (this.recent.length > remembered) this.recent.shift();
    return change;
  }

  encode(writer: Writer): void {
    writer.unsigned(this.alarms);
    writeAll(writer, this.recent, (change) => {
      writer.integer(change.timeMillis);
      writer.boolean(change.raised);
      writer.boolean(change.alarm);
      encodeSignal(change.signal, writer);
    });
    writeAll(
      writer,
      [...this.#looked].sort(([a], [b]) => compareText(a, b)),
      ([segment, millis]) => {
        writer.text(segment);
        writer.integer(millis);
      },
    );
    // In the order in which they were raised, which is the same for any order of events; of one look by name.
    writeAll(writer, [...this.#held.values()], ({ signal, holdMillis, calmMillis, lookedMillis }) => {
      encodeSignal(signal, writer);
      for (const millis of [holdMillis, calmMillis, lookedMillis]) writer.float(millis);
    });
  }

  static decode(reader: Reader): DriftAlarm {
    const alarm = new DriftAlarm();
    alarm.alarms = reader.unsigned();
    const changes = readAll(reader, (): AlarmChange => {
      const [timeMillis, raised, begins] = [reader.integer(), reader.boolean(), reader.boolean()];
      return { timeMillis, raised, alarm: begins, signal: decodeSignal(reader) };
    });
    alarm.recent.push(...changes);
    for (const [segment, millis] of readAll(reader, () => [reader.text(), reader.integer()] as const)) {
      alarm.#looked.set(segment, millis);
    }
    for (const held of readAll(reader, () => decodeHeld(reader))) alarm.#held.set(keyOf(held.signal), held);
    return alarm;
  }
}

function keyOf({ segment, feature, windowMillis, test }: Signal): string {
  return JSON.stringify([segment, feature, windowMillis, test]);
}

/** In the order of looks: two signals raised by one look are in the order of this. */
export function compareSignals(a: Signal, b: Signal): number {
  return (
    compareText(a.segment, b.segment) ||
    a.windowMillis - b.windowMillis ||
    compareText(a.feature, b.feature) ||
    compareText(a.test, b.test)
  );
}

/** As they are written. */
const evidenceNumbers = [
  "value",
  "limit",
  "samples",
  "effect",
  "before",
  "after",
  "bin",
  "binBefore",
  "binAfter",
] as const satisfies readonly (keyof Evidence)[];

function encodeSignal({ segment, feature, windowMillis, test, sinceMillis, evidence }: RaisedSignal, writer: Writer): void {
  for (const text of [segment, feature, test]) writer.text(text);
  for (const millis of [windowMillis, sinceMillis]) writer.integer(millis);
  for (const name of evidenceNumbers) writer.float(evidence[name]);
}

function decodeSignal(reader: Reader): RaisedSignal {
  const [segment, feature, test] = [reader.text(), reader.text(), reader.text()];
  const [windowMillis, sinceMillis] = [reader.integer(), reader.integer()];
  const evidence = Object.fromEntries(evidenceNumbers.map((name) => [name, reader.float()])) as unknown as Evidence;
  return { segment, feature, test, windowMillis, sinceMillis, evidence };
}

function decodeHeld(reader: Reader): Held {
  const signal = decodeSignal(reader);
  return { signal, holdMillis: reader.float(), calmMillis: reader.float(), lookedMillis: reader.float() };
}
