// The models as people look at them: traffic and quality of each version, one version at a time.
import { formatDuration } from "../config/duration.ts";
import type { VersionView } from "../expose/model-view.ts";
import type { QualityView, VersionSummary, WindowTraffic } from "../expose/status-view.ts";
import { paneMonitors, totalsMonitors } from "../monitor/index.ts";
import type { AnyTotalsMonitor } from "../monitor/monitor.ts";
import { type Traffic, traffic } from "../monitor/traffic.ts";
import type { Fold } from "../state/fold.ts";
import type { ModelState } from "../state/model-state.ts";
import type { VersionState } from "../state/version-state.ts";
import { windowOf } from "../state/window-of.ts";
import { minuteMillis } from "../window/resolution.ts";
import { featureMemoryOf, featuresIndex, featureTotalsOf } from "./of-features.ts";
import { alarmView } from "./status-alarm.ts";
import { changeViews, driftingView, referenceView } from "./status-drift.ts";
import { factsOf } from "./status-facts.ts";
import { type ClosedWindow, featureViews, finiteOrNull, qualityOf } from "./status-features.ts";
import { isStale, type Windows } from "./windows.ts";

const trafficIndex = totalsMonitors.indexOf(traffic as AnyTotalsMonitor);
const noProblems: QualityView = { features: 0, worst: [] };

export interface ModelViewsOptions {
  readonly fold: Fold;
  readonly windows: Windows;
  /** A window that ended longer ago than this and its step is withheld. */
  readonly staleMillis: () => number;
  readonly now: () => number;
}

export class ModelViews {
  readonly #options: ModelViewsOptions;

  constructor(options: ModelViewsOptions) {
    this.#options = options;
  }

  /** Traffic and quality of the shortest window, and what drifts in any. */
  summary(model: ModelState, version: VersionState): VersionSummary {
    return this.#summary(model, version, this.#sorted(model, version));
  }

  /** The shortest first. */
  #sorted(model: ModelState, version: VersionState): ClosedWindow[] {
    return [...this.#windowsOf(model, version)].sort((a, b) => a.windowMillis - b.windowMillis);
  }

  /** Everything about a version. */
  version(model: ModelState, version: VersionState): VersionView {
    const windows = this.#sorted(model, version);
    const fresh = windows.filter((window) => !this.#isStale(window));
    const { fold, now } = this.#options;
    return {
      ...this.#summary(model, version, windows),
      facts: factsOf(model, version, fold.join.totals, now()),
      notices: paneMonitors.flatMap((monitor, index) => monitor.notices(version.paneTotals[index])),
      reference: referenceView(featureMemoryOf(model), version.version),
      alarm: alarmView(version.version, featureMemoryOf(model), featureTotalsOf(version).alarm),
      causes: changeViews(fresh, featureMemoryOf(model)),
      features: featureViews(fresh, featureMemoryOf(model)),
    };
  }

  #summary(model: ModelState, version: VersionState, windows: readonly ClosedWindow[]): VersionSummary {
    const [window] = windows;
    const fresh = windows.filter((one) => !this.#isStale(one));
    const { predictions, errors, firstMillis, lastMillis } = version.totals[trafficIndex] as Traffic;
    return {
      version: version.version,
      predictions,
      errors,
      firstMillis: finiteOrNull(firstMillis),
      lastMillis: finiteOrNull(lastMillis),
      window: window === undefined ? null : this.#traffic(window, firstMillis),
      quality: window === undefined || this.#isStale(window) ? noProblems : qualityOf(window.closed, featureMemoryOf(model)),
      drifting: driftingView(fresh, featureMemoryOf(model), featureTotalsOf(version).alarm),
    };
  }

  #traffic(window: ClosedWindow, firstMillis: number): WindowTraffic {
    const { windowMillis, endMillis, closed } = window;
    const known = { window: formatDuration(windowMillis), endMillis };
    if (this.#isStale(window)) return { ...known, stale: true, predictions: null, errors: null, perSecond: null };
    const firstPane = Math.floor(firstMillis / minuteMillis) * minuteMillis;
    const coveredMillis = Math.max(minuteMillis, Math.min(windowMillis, endMillis - firstPane));
    const perSecond = closed.events / (coveredMillis / 1000);
    return { ...known, stale: false, predictions: closed.events, errors: closed.failed, perSecond };
  }

  /** Windows of all traffic, each made when it is asked for. */
  *#windowsOf(model: ModelState, version: VersionState): Iterable<ClosedWindow> {
    for (const result of this.#options.windows.of(model, version)) {
      if (result.segment !== "") return;
      yield windowOf(result, featuresIndex) as ClosedWindow;
    }
  }

  #isStale(window: ClosedWindow): boolean {
    return isStale(window, this.#options.staleMillis(), this.#options.now());
  }
}
