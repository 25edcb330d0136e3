// A fold of events given as objects, and what its windows say of one feature.
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Replay } from "../../src/pipeline/replay.ts";
import { Fold } from "../../src/state/fold.ts";
import { applyLines } from "../state/lines.ts";

export const start = Date.parse("2026-03-01T00:00:00Z");
const minute = 60_000;

export interface Line {
  readonly time: string;
  readonly version: string;
  readonly segment: string;
  readonly feature: string;
  readonly window: string;
  readonly metric?: string;
  readonly value?: number;
  readonly samples: number;
  readonly bins?: readonly number[];
}

export class Folded {
  readonly fold: Fold;
  readonly lines: Line[] = [];
  readonly #replay: Replay;

  /** @param text the configuration without source */
  constructor(text = "defaults: {windows: [1h], learn: 1h}") {
    this.fold = new Fold(foldSettings(parseConfig(`source: {file: {paths: [none]}}\n${text}`, "test")));
    this.#replay = new Replay(this.fold, { everyMillis: minute, bins: true }, (line) =>
      this.lines.push(JSON.parse(line) as Line),
    );
  }

  /** Predictions of one minute after the start. */
  minute(minutes: number, events: readonly object[]): this {
    const about = { type: "prediction", model: "m", version: "1", time: start + minutes * minute };
    return this.raw(...events.map((event) => JSON.stringify({ ...about, ...event })));
  }

  raw(...lines: readonly string[]): this {
    // So late that the log itself never closes anything.
    applyLines(this.fold, this.fold.log("t", 0, 365 * 24 * 60 * minute), decoderFor("native"), lines);
    return this;
  }

  /** Closes all that is open. */
  close(): this {
    this.#replay.finish();
    return this;
  }

  /** The newest value of a metric of a feature (of version 1 and all traffic) in the hour; undefined where there is none. */
  value(feature: string, metric: string, of: Partial<Line> = {}): number | undefined {
    return this.#newest(feature, of, (line) => line.metric === metric)?.value;
  }

  bins(feature: string, of: Partial<Line> = {}): readonly number[] | undefined {
    return this.#newest(feature, of, (line) => line.bins !== undefined)?.bins;
  }

  #newest(feature: string, of: Partial<Line>, holds: (line: Line) => boolean): Line | undefined {
    const wanted = { feature, version: "1", segment: "", window: "1h", ...of };
    const last = this.lines.at(-1)?.time;
    return this.lines.findLast((line) => {
      const mine = Object.entries(wanted).every(([key, value]) => line[key as keyof Line] === value);
      return mine && line.time === last && holds(line);
    });
  }
}

/** As many predictions with these features. */
export function times(count: number, features: object, more: object = {}): object[] {
  return Array.from({ length: count }, () => ({ features, ...more }));
}
