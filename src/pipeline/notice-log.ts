// Says in the log what happened to versions that a person should hear of, such as an alarm or a changed schema: each once.
import { paneMonitors } from "../monitor/index.ts";
import type { Fold } from "../state/fold.ts";
import type { VersionState } from "../state/version-state.ts";
import { logAlarms } from "./alarm-lines.ts";
import type { Logger } from "./logger.ts";

export class NoticeLog {
  readonly #fold: Fold;
  readonly #logger: Logger;
  /** Up to when a version's notices were told. What was there before this process began is not told again. */
  readonly #toldMillis = new WeakMap<VersionState, number>();
  #frontierMillis: number;

  constructor(fold: Fold, logger: Logger) {
    this.#fold = fold;
    this.#logger = logger;
    this.#frontierMillis = fold.frontierMillis;
    logAlarms(fold, logger);
  }

  /** Notices come when panes close. */
  tell(): void {
    const { frontierMillis } = this.#fold;
    if (frontierMillis === this.#frontierMillis || Number.isNaN(frontierMillis)) return;
    for (const model of this.#fold.models.values()) {
      for (const version of model.versions.values()) this.#tellOf(model.name, version);
    }
    this.#frontierMillis = frontierMillis;
  }

  #tellOf(model: string, version: VersionState): void {
    const told = this.#toldMillis.get(version) ?? this.#frontierMillis;
    for (const [index, monitor] of paneMonitors.entries()) {
      for (const { timeMillis, text } of monitor.notices(version.paneTotals[index])) {
        if (timeMillis <= told) continue;
        this.#logger.warn({ model, version: version.version, time: new Date(timeMillis).toISOString() }, text);
      }
    }
    this.#toldMillis.set(version, this.#fold.frontierMillis);
  }
}
