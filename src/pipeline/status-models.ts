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
import { type WindowResult, windowOf } from "../state/window-of.ts";
import { minuteMillis, minuteStart } from "../window/resolution.ts";
import { featureMemoryOf, featuresIndex, featureTotalsOf } from "./of-features.ts";
import { performanceMemoryOf, performanceWindowOf } from "./of-performance.ts";
import { alarmView } from "./status-alarm.ts";
import { changeViews, driftingView, referenceView } from "./status-drift.ts";
import { factsOf } from "./status-facts.ts";
import { type ClosedWindow, featureViews, finiteOrNull, qualityOf } from "./status-features.ts";
import { headlineView, performanceView } from "./status-performance.ts";
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
    return this.#summary(model, version, this.#resultsOf(model, version));
  }

  /** Windows of all traffic, the shortest first. */
  #resultsOf(model: ModelState, version: VersionState): WindowResult[] {
    const results: WindowResult[] = [];
    for (const result of this.#options.windows.of(model, version)) {
      if (result.segment !== "") break;
      results.push(result);
    }
    return results.sort((a, b) => a.windowMillis - b.windowMillis);
  }

  /** Everything about a version. */
  version(model: ModelState, version: VersionState): VersionView {
    const results = this.#resultsOf(model, version);
    const fresh = results.filter((result) => !this.#isStale(result));
    const ofFeatures = fresh.map(featuresWindow);
    const { fold, now } = this.#options;
    return {
      ...this.#summary(model, version, results),
      facts: factsOf(model, version, fold.join.totals, now()),
      notices: paneMonitors.flatMap((monitor, index) => monitor.notices(version.paneTotals[index])),
      reference: referenceView(featureMemoryOf(model), version.version),
      alarm: alarmView(version.version, featureMemoryOf(model), featureTotalsOf(version).alarm),
      performance: performanceView(fold, model, version, fresh.map(performanceWindowOf)),
      causes: changeViews(ofFeatures, featureMemoryOf(model)),
      features: featureViews(ofFeatures, featureMemoryOf(model)),
    };
  }

  #summary(model: ModelState, version: VersionState, results: readonly WindowResult[]): VersionSummary {
    const [shortest] = results;
    const window = shortest === undefined ? undefined : featuresWindow(shortest);
    const fresh = results.filter((result) => !this.#isStale(result));
    const { predictions, errors, firstMillis, lastMillis } = version.totals[trafficIndex] as Traffic;
    return {
      version: version.version,
      predictions,
      errors,
      firstMillis: finiteOrNull(firstMillis),
      lastMillis: finiteOrNull(lastMillis),
      window: window === undefined ? null : this.#traffic(window, firstMillis),
      quality: window === undefined || this.#isStale(window) ? noProblems : qualityOf(window.closed, featureMemoryOf(model)),
      drifting: driftingView(fresh.map(featuresWindow), featureMemoryOf(model), featureTotalsOf(version).alarm),
      headline: headlineView(performanceMemoryOf(model), fresh.map(performanceWindowOf)),
    };
  }

  #traffic(window: ClosedWindow, firstMillis: number): WindowTraffic {
    const { windowMillis, endMillis, closed } = window;
    const known = { window: formatDuration(windowMillis), endMillis };
    if (this.#isStale(window)) return { ...known, stale: true, predictions: null, errors: null, perSecond: null };
    const firstPane = minuteStart(firstMillis);
    const coveredMillis = Math.max(minuteMillis, Math.min(windowMillis, endMillis - firstPane));
    const perSecond = closed.events / (coveredMillis / 1000);
    return { ...known, stale: false, predictions: closed.events, errors: closed.failed, perSecond };
  }

  #isStale(window: Pick<WindowResult, "endMillis" | "windowMillis">): boolean {
    return isStale(window, this.#options.staleMillis(), this.#options.now());
  }
}

function featuresWindow(result: WindowResult): ClosedWindow {
  return windowOf(result, featuresIndex) as ClosedWindow;
}
