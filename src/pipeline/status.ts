// The exporter as people look at it, put together from its parts when someone asks. Works in turns of one model version,
// so that neither the stream nor a scrape waits; who asks while a view is being made gets the same one.
import type { ModelView, VersionView } from "../expose/model-view.ts";
import type { SeriesLimit } from "../expose/series-limit.ts";
import type { ExporterView, ModelSummary, StatusView } from "../expose/status-view.ts";
import { compareText } from "../primitive/dictionary.ts";
import type { Source } from "../source/source.ts";
import type { ModelState } from "../state/model-state.ts";
import type { Configuration } from "./configuration.ts";
import type { Ingest } from "./ingest.ts";
import { limitViews } from "./limits.ts";
import type { Progress } from "./progress.ts";
import type { Rejections } from "./rejections.ts";
import type { Snapshotter } from "./snapshotter.ts";
import { finiteOrNull } from "./status-features.ts";
import { logViews, rejectionViews, topicViews } from "./status-logs.ts";
import { ModelViews } from "./status-models.ts";
import type { Windows } from "./windows.ts";

export interface StatusParts {
  readonly ingest: Ingest;
  readonly progress: Pick<Progress, "leftBehind">;
  readonly source: Pick<Source, "status">;
  readonly snapshotter: Pick<Snapshotter, "savedMillis" | "errors">;
  readonly limit: SeriesLimit;
  /** The ones that the collectors show: what is merged for a scrape is not merged again. */
  readonly windows: Windows;
  readonly rejections: Rejections;
  readonly topics: readonly string[];
  readonly version: string;
  readonly startedMillis: number;
  /** How often the state is to be saved. */
  readonly saveMillis: number;
  /** A window that ended longer ago than this and its step is withheld. */
  readonly staleMillis: () => number;
  /** What keeps /metrics from being complete. */
  readonly waitingFor: () => readonly string[];
  readonly configuration: Pick<Configuration, "view">;
  readonly now: () => number;
}

export class Status {
  readonly #parts: StatusParts;
  readonly #models: ModelViews;
  #overview: Promise<StatusView> | null = null;
  /** Views that are being made. */
  readonly #byModel = new Map<string, Promise<ModelView>>();

  constructor(parts: StatusParts) {
    const { windows, staleMillis, now, ingest } = parts;
    this.#parts = parts;
    this.#models = new ModelViews({ fold: ingest.fold, windows, staleMillis, now });
  }

  /** Everything but the distributions of features. */
  overview(): Promise<StatusView> {
    this.#overview ??= this.#makeOverview().finally(() => {
      this.#overview = null;
    });
    return this.#overview;
  }

  /** One model in full; undefined where there is none of this name. */
  async model(name: string): Promise<ModelView | undefined> {
    const model = this.#parts.ingest.fold.models.get(name);
    if (model === undefined) return undefined;
    let view = this.#byModel.get(name);
    if (view === undefined) {
      view = this.#makeModel(model).finally(() => this.#byModel.delete(name));
      this.#byModel.set(name, view);
    }
    return view;
  }

  async #makeModel(model: ModelState): Promise<ModelView> {
    const versions: VersionView[] = [];
    for (const version of [...model.versions.values()]) {
      versions.push(this.#models.version(model, version));
      await turn();
    }
    versions.sort((a, b) => traffic(b) - traffic(a) || compareText(a.version, b.version));
    return { nowMillis: this.#parts.now(), name: model.name, versions };
  }

  async #makeOverview(): Promise<StatusView> {
    const models = await this.#summaries();
    const { ingest, topics, rejections, limit, configuration, now } = this.#parts;
    const { fold } = ingest;
    return {
      nowMillis: now(),
      exporter: this.#exporter(),
      configuration: { ...configuration.view(), takesEffectMillis: finiteOrNull(fold.registry.pendingMillis) },
      frontier: { endMillis: finiteOrNull(fold.frontierMillis), openPanes: fold.openPanes },
      topics: topicViews(ingest, topics),
      logs: logViews(ingest),
      rejections: rejectionViews(ingest, topics, rejections),
      limits: limitViews(fold, limit),
      models,
    };
  }

  async #summaries(): Promise<ModelSummary[]> {
    const models = [...this.#parts.ingest.fold.models.values()].sort((a, b) => compareText(a.name, b.name));
    const summaries: ModelSummary[] = [];
    for (const model of models) {
      const versions = [...model.versions.values()].sort((a, b) => compareText(a.version, b.version));
      const summary = { name: model.name, versions: [] as ModelSummary["versions"][number][] };
      for (const version of versions) {
        summary.versions.push(this.#models.summary(model, version));
        await turn();
      }
      summaries.push(summary);
    }
    return summaries;
  }

  #exporter(): ExporterView {
    const { version, startedMillis, waitingFor, source, progress, snapshotter, saveMillis } = this.#parts;
    const { up, problems } = source.status();
    const waiting = waitingFor();
    return {
      version,
      startedMillis,
      ready: waiting.length === 0,
      waitingFor: [...waiting],
      source: { up, problems: [...problems], leftBehind: progress.leftBehind },
      snapshot: { savedMillis: snapshotter.savedMillis, everyMillis: saveMillis, errors: snapshotter.errors },
    };
  }
}

/** Predictions of the newest window. */
function traffic({ window }: VersionView): number {
  return window?.predictions ?? 0;
}

/** Lets others run: what waits for I/O and what is due. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
