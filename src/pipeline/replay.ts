// The fold in virtual time: evaluates the windows at every multiple of an interval of event time, one line each value.
import { formatDuration } from "../config/duration.ts";
import { paneMonitors } from "../monitor/index.ts";
import { compareText } from "../primitive/dictionary.ts";
import type { Fold } from "../state/fold.ts";
import { type WindowResult, windowAt, windowOf } from "../state/window-of.ts";
import { stepOf } from "../window/resolution.ts";
import { tellAlarms } from "./alarm-lines.ts";

export interface ReplayOptions {
  /** Evaluations are at the multiples of this, in event time. */
  readonly everyMillis: number;
  /** Whether counts by bin are written too. */
  readonly bins: boolean;
}

export class Replay {
  readonly #fold: Fold;
  readonly #options: ReplayOptions;
  readonly #write: (line: string) => void;

  constructor(fold: Fold, options: ReplayOptions, write: (line: string) => void) {
    this.#fold = fold;
    this.#options = options;
    this.#write = write;
    // Between the evaluations: each at its own time.
    tellAlarms(fold, (line) => write(JSON.stringify(line)));
  }

  /** Evaluates up to what every log has closed. */
  advance(): void {
    this.#evaluateThrough(this.#fold.target);
  }

  /** Closes everything; the last evaluation is at the first multiple that no event lies behind. */
  finish(): void {
    const every = this.#options.everyMillis;
    this.#evaluateThrough(Math.ceil(this.#fold.lastOpenEnd / every) * every);
  }

  #evaluateThrough(targetMillis: number): void {
    const every = this.#options.everyMillis;
    const from = Number.isNaN(this.#fold.frontierMillis) ? this.#fold.firstOpenStart : this.#fold.frontierMillis;
    for (let time = Math.floor(from / every) * every + every; time <= targetMillis; time += every) {
      this.#fold.closeThrough(time);
      this.#evaluate(time);
    }
  }

  #evaluate(timeMillis: number): void {
    const time = new Date(timeMillis).toISOString();
    for (const [model, modelState] of sorted(this.#fold.models)) {
      for (const [version, versionState] of sorted(modelState.versions)) {
        for (const [segment, segmentState] of sorted(versionState.segments)) {
          for (const length of this.#fold.settings.windowsMillis) {
            // A window is evaluated when it ends: one of a day once an hour, however often the others are.
            if (timeMillis % stepOf(length) !== 0) continue;
            const result = windowAt(modelState, versionState, segmentState, segment, length, timeMillis);
            this.#writeWindow({ time, model, version, segment }, result);
          }
        }
      }
    }
  }

  #writeWindow(labels: object, result: WindowResult): void {
    const window = formatDuration(result.windowMillis);
    paneMonitors.forEach((monitor, index) => {
      for (const { feature, ...rest } of monitor.rows(windowOf(result, index), result.model.memories[index])) {
        if ("bins" in rest && !this.#options.bins) continue;
        this.#write(JSON.stringify({ ...labels, ...(feature === "" ? {} : { feature }), window, ...rest }));
      }
    });
  }
}

function sorted<State>(states: ReadonlyMap<string, State>): [string, State][] {
  return [...states].sort(([a], [b]) => compareText(a, b));
}
