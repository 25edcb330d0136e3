// Puts what the monitors know of every model on the page: totals since a version was first seen, and windows.

import { formatDuration } from "../config/duration.ts";
import type { Collector, Family, Page, Series } from "../expose/sample.ts";
import { createSeries } from "../expose/series.ts";
import type { SeriesLimit } from "../expose/series-limit.ts";
import { paneMonitors, totalsMonitors } from "../monitor/index.ts";
import type { Gate, ModelSettings, PaneTotalsWriter, Subject, TotalsWriter, WindowWriter } from "../monitor/monitor.ts";
import { ThresholdSeries, thresholdFamilies } from "../monitor/threshold-samples.ts";
import type { Fold } from "../state/fold.ts";
import type { ModelState } from "../state/model-state.ts";
import type { VersionState } from "../state/version-state.ts";
import { windowOf } from "../state/window-of.ts";
import { windowEnd } from "../window/resolution.ts";
import { CounterBirths } from "./counter-births.ts";
import { causeOf } from "./series-causes.ts";
import { isStale, type Windows } from "./windows.ts";

const modelInfo: Family = {
  name: "ml_model_info",
  help: "A model version that is monitored, with what the configuration says of it.",
  type: "gauge",
  labels: ["model", "version", "task", "team", "tier"],
};
const windowEndTime: Family = {
  name: "ml_window_end_timestamp_seconds",
  help: "End of the newest window of this length.",
  type: "gauge",
  labels: ["window"],
};

export interface ModelCollectorOptions {
  /** Whether counters may be shown: they are not while the logs are being caught up with. */
  readonly countersKnown: () => boolean;
  /** How long counters of a new unit say 0. */
  readonly zeroMillis: number;
  /** A window that ended longer ago than this and its step is withheld. */
  readonly staleMillis: () => number;
  readonly now: () => number;
}

/** What is kept of a segment's windows, and given back with it. */
interface SegmentPage {
  /** Units that were asked for. */
  readonly units: Set<string>;
  readonly windows: Map<string, readonly WindowWriter<unknown, unknown, unknown>[]>;
}

/** Everything made once for a version, so that a scrape formats numbers only. */
class VersionPage {
  readonly subject: Subject;
  readonly key: string;
  readonly totals: readonly TotalsWriter<unknown>[];
  readonly paneTotals: readonly PaneTotalsWriter<unknown, unknown>[];
  readonly thresholds: ThresholdSeries;
  #info: Series | null = null;
  #infoOf: ModelSettings | null = null;
  /** Series admitted by unit. */
  readonly admitted = new Map<string, number>();
  readonly segments = new Map<string, SegmentPage>();
  /** Units of gauges that were asked for at the last scrape. */
  states: ReadonlySet<string> = new Set();

  constructor(subject: Subject) {
    this.subject = subject;
    this.key = keyOf(subject);
    this.totals = totalsMonitors.map((monitor) => monitor.writer(subject));
    this.paneTotals = paneMonitors.map((monitor) => monitor.totalsWriter(subject));
    this.thresholds = new ThresholdSeries(subject);
  }

  /** Made anew where a reload has changed what is said of the model. */
  info(settings: ModelSettings): Series {
    if (this.#info === null || this.#infoOf !== settings) {
      const { task, team, tier } = settings;
      this.#info = createSeries(modelInfo, [this.subject.model, this.subject.version, task, team, tier]);
      this.#infoOf = settings;
    }
    return this.#info;
  }

  segment(name: string): SegmentPage {
    let segmentPage = this.segments.get(name);
    if (segmentPage === undefined) {
      segmentPage = { units: new Set(), windows: new Map() };
      this.segments.set(name, segmentPage);
    }
    return segmentPage;
  }
}

export class ModelCollector implements Collector {
  readonly name = "models";
  readonly families: readonly Family[] = [
    modelInfo,
    ...thresholdFamilies,
    ...totalsMonitors.flatMap((monitor) => monitor.families),
    windowEndTime,
    ...paneMonitors.flatMap((monitor) => monitor.families),
  ];
  readonly causeOf = causeOf;
  readonly #fold: Fold;
  readonly #windows: Windows;
  readonly #limit: SeriesLimit;
  readonly #options: ModelCollectorOptions;
  /** By subject, not by state: a version whose model begins anew under other settings is the same to whoever scrapes. */
  readonly #pages = new Map<string, VersionPage>();
  readonly #births: CounterBirths;

  constructor(fold: Fold, windows: Windows, limit: SeriesLimit, options: ModelCollectorOptions) {
    this.#fold = fold;
    this.#windows = windows;
    this.#limit = limit;
    this.#options = options;
    this.#births = new CounterBirths(options.zeroMillis, options.now);
  }

  *collect(page: Page): Iterable<void> {
    this.#forgetExpired();
    const countersKnown = this.#options.countersKnown();
    this.#writeWindowEnds(page);
    for (const model of this.#fold.models.values()) {
      for (const version of model.versions.values()) {
        const versionPage = this.#page(model, version);
        this.#forgetSegments(versionPage, version);
        if (!this.#admit(versionPage, "info", 1)) continue;
        page.sample(versionPage.info(model.settings), 1);
        if (countersKnown) this.#writeTotals(versionPage, model, version, page);
        this.#writeStates(versionPage, model, version, page);
        yield;
        for (const result of this.#windows.of(model, version)) {
          if (isStale(result, this.#options.staleMillis(), this.#options.now())) continue;
          const window = formatDuration(result.windowMillis);
          const segmentPage = versionPage.segment(result.segment);
          const gate: Gate = (name, series) => {
            const unit = `${window} ${result.segment} ${name}`;
            segmentPage.units.add(unit);
            return this.#admit(versionPage, unit, series) ? "shown" : "hidden";
          };
          windowWriters(versionPage.subject, segmentPage, result.segment, window).forEach((writer, index) => {
            writer.write(windowOf(result, index), model.memories[index], page, gate);
          });
          yield;
        }
      }
    }
    if (countersKnown) this.#births.watch();
  }

  #writeTotals(versionPage: VersionPage, model: ModelState, version: VersionState, page: Page): void {
    versionPage.totals.forEach((writer, index) => {
      const monitor = totalsMonitors[index];
      if (monitor === undefined) return;
      const count = monitor.series(version.totals[index], model.settings);
      if (count === 0 || !this.#admit(versionPage, monitor.name, count)) return;
      writer.write(version.totals[index], model.settings, page, this.#births.isNew(`${versionPage.key} ${monitor.name}`));
    });
    const gate: Gate = (name, series) => {
      const unit = `values ${name}`;
      if (!this.#admit(versionPage, unit, series)) return "hidden";
      return this.#births.isNew(`${versionPage.key} ${unit}`) ? "zero" : "shown";
    };
    versionPage.paneTotals.forEach((writer, index) => {
      writer.write(version.paneTotals[index], model.memories[index], page, gate);
    });
  }

  #writeStates(versionPage: VersionPage, model: ModelState, version: VersionState, page: Page): void {
    const asked = new Set<string>();
    const gate: Gate = (name, series) => {
      const unit = `state ${name}`;
      asked.add(unit);
      return this.#admit(versionPage, unit, series) ? "shown" : "hidden";
    };
    versionPage.thresholds.write(model.settings, page, gate);
    versionPage.paneTotals.forEach((writer, index) => {
      writer.writeState(version.paneTotals[index], model.memories[index], page, gate);
    });
    // What is not asked for any more, as that of a segment that is gone, gives its series back.
    for (const unit of versionPage.states) if (!asked.has(unit)) this.#release(versionPage, unit);
    versionPage.states = asked;
  }

  #writeWindowEnds(page: Page): void {
    if (Number.isNaN(this.#fold.frontierMillis)) return;
    for (const length of this.#fold.settings.windowsMillis) {
      const endMillis = windowEnd(this.#fold.frontierMillis, length);
      page.sample(createSeries(windowEndTime, [formatDuration(length)]), endMillis / 1000);
    }
  }

  #release(versionPage: VersionPage, unit: string): void {
    this.#limit.release(`${versionPage.key} ${unit}`);
    versionPage.admitted.delete(unit);
  }

  /** Asks the limit for a unit's series; a unit that has grown asks again. */
  #admit(versionPage: VersionPage, unit: string, series: number): boolean {
    const key = `${versionPage.key} ${unit}`;
    const before = versionPage.admitted.get(unit);
    if (before !== undefined && before !== series) this.#limit.release(key);
    versionPage.admitted.set(unit, series);
    return this.#limit.admit(key, series);
  }

  #page(model: ModelState, version: VersionState): VersionPage {
    const subject = { model: model.name, version: version.version };
    let versionPage = this.#pages.get(keyOf(subject));
    if (versionPage === undefined) {
      versionPage = new VersionPage(subject);
      this.#pages.set(keyOf(subject), versionPage);
    }
    return versionPage;
  }

  /** Gives back the series of segments that are gone: others have come in their place. */
  #forgetSegments(versionPage: VersionPage, version: VersionState): void {
    for (const [name, { units }] of versionPage.segments) {
      if (version.segments.has(name)) continue;
      for (const unit of units) this.#release(versionPage, unit);
      versionPage.segments.delete(name);
    }
  }

  /** Gives back the series of versions that are gone. */
  #forgetExpired(): void {
    for (const [key, { subject, admitted }] of this.#pages) {
      if (this.#fold.models.get(subject.model)?.versions.has(subject.version)) continue;
      for (const unit of admitted.keys()) {
        this.#limit.release(`${key} ${unit}`);
        this.#births.forget(`${key} ${unit}`);
      }
      this.#pages.delete(key);
    }
  }
}

function windowWriters(
  subject: Subject,
  { windows }: SegmentPage,
  segment: string,
  window: string,
): readonly WindowWriter<unknown, unknown, unknown>[] {
  let writers = windows.get(window);
  if (writers === undefined) {
    writers = paneMonitors.map((monitor) => monitor.windowWriter(subject, segment, window));
    windows.set(window, writers);
  }
  return writers;
}

function keyOf({ model, version }: Subject): string {
  return JSON.stringify([model, version]);
}
