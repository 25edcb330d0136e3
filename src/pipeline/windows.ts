// The merged panes of every window of every version and segment, as of the frontier; merged anew only when a window
// has moved on or when panes were converted.

import { paneMonitors } from "../monitor/index.ts";
import type { Fold } from "../state/fold.ts";
import type { ModelState } from "../state/model-state.ts";
import type { SegmentState, VersionState } from "../state/version-state.ts";
import { type WindowResult, windowInParts, windowOf } from "../state/window-of.ts";
import { finish } from "../window/finish.ts";
import { stepOf, windowEnd } from "../window/resolution.ts";

type Wanted = Pick<WindowResult, "model" | "version" | "segment" | "state" | "windowMillis">;

interface Cached {
  readonly revision: number;
  readonly result: WindowResult;
  /** When it was computed. */
  readonly millis: number;
}

export interface WindowsOptions {
  /**
   * How long windows are shown as they are although they have moved on: while logs are caught up with they do so all the
   * time, and whoever scrapes would have them all computed anew.
   */
  readonly holdMillis: () => number;
  readonly now: () => number;
}

const never: WindowsOptions = { holdMillis: () => 0, now: () => 0 };

export class Windows {
  readonly #fold: Fold;
  readonly #options: WindowsOptions;
  /** By segment, then by window: cleared with the segment it belongs to. */
  readonly #cache = new WeakMap<SegmentState, Map<number, Cached>>();

  constructor(fold: Fold, options: WindowsOptions = never) {
    this.#fold = fold;
    this.#options = options;
  }

  /** The results of a version's windows; nothing before the first pane has closed. */
  *of(model: ModelState, version: VersionState): Iterable<WindowResult> {
    if (Number.isNaN(this.#fold.frontierMillis)) return;
    for (const wanted of this.#wanted(model, version)) yield finish(this.#result(wanted));
  }

  *#wanted(model: ModelState, version: VersionState): Iterable<Wanted> {
    for (const [segment, state] of version.segments) {
      for (const windowMillis of this.#fold.settings.windowsMillis) yield { model, version, segment, state, windowMillis };
    }
  }

  /** Computes all windows and what is said of them, a little at a time: a scrape then finds them done. */
  *prepare(): Iterable<void> {
    if (Number.isNaN(this.#fold.frontierMillis)) return;
    for (const model of this.#fold.models.values()) {
      for (const version of model.versions.values()) {
        for (const wanted of this.#wanted(model, version)) {
          const result = yield* this.#result(wanted);
          yield;
          for (const [index, monitor] of paneMonitors.entries()) {
            yield* monitor.prepare(windowOf(result, index), model.memories[index]);
          }
        }
      }
    }
  }

  *#result({ model, version, segment, state, windowMillis }: Wanted): Generator<void, WindowResult> {
    const endMillis = windowEnd(this.#fold.frontierMillis, windowMillis);
    const cache = this.#cacheOf(state);
    const cached = cache.get(windowMillis);
    const { holdMillis, now } = this.#options;
    if (cached !== undefined && cached.revision === model.revision) {
      if (cached.result.endMillis === endMillis || now() - cached.millis < holdMillis()) return cached.result;
    }
    const { revision } = model;
    const result = yield* windowInParts(model, version, state, segment, windowMillis, endMillis);
    // Panes that were converted meanwhile make another window.
    if (revision === model.revision) cache.set(windowMillis, { revision, result, millis: now() });
    return result;
  }

  #cacheOf(state: SegmentState): Map<number, Cached> {
    let cache = this.#cache.get(state);
    if (cache === undefined) {
      cache = new Map();
      this.#cache.set(state, cache);
    }
    return cache;
  }
}

/** Whether a window ended so long ago that it is withheld: longer than allowed beyond the step by which it slides. */
export function isStale(
  { endMillis, windowMillis }: Pick<WindowResult, "endMillis" | "windowMillis">,
  staleMillis: number,
  nowMillis: number,
): boolean {
  return nowMillis - endMillis > staleMillis + stepOf(windowMillis);
}
