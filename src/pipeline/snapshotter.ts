// Saves the fold's state every so often, and loads the newest snapshot that can be continued.
import type { Log, Source } from "../source/source.ts";
import type { DirectoryStore } from "../state/directory-store.ts";
import { Fold } from "../state/fold.ts";
import type { FoldSettings } from "../state/settings.ts";
import { decodeSnapshot, type LoadedSnapshot, SnapshotEncoder } from "../state/snapshot.ts";
import type { Ingest } from "./ingest.ts";
import type { Logger } from "./logger.ts";
import { inSlices } from "./turns.ts";

export interface Restored {
  readonly fold: Fold;
  /** When the state was saved; NaN where there was none to continue. */
  readonly savedMillis: number;
}

/** The newest snapshot that is whole and was made under these settings; an empty fold where there is none. */
export async function restore(store: DirectoryStore, settings: FoldSettings, logger: Logger): Promise<Restored> {
  for (const { name, read } of await store.list()) {
    const loaded = await load(read, settings);
    if ("fold" in loaded) {
      const { logs, models, registry } = loaded.fold;
      logger.info({ snapshot: name, logs: logs.size, models: models.size }, "restored");
      if (registry.begunAnew.length > 0) {
        logger.warn({ models: registry.begunAnew }, "settings changed: these models begin anew, but for what was counted");
      }
      return loaded;
    }
    logger.error({ snapshot: name, reason: loaded.refused }, "snapshot not used");
    // Out of the way, so that the next save removes no good one in its stead.
    await store.setAside(name);
  }
  return { fold: new Fold(settings), savedMillis: Number.NaN };
}

/** A file that cannot be read is as good as a damaged one: the one before may be whole. */
async function load(read: () => Promise<Uint8Array>, settings: FoldSettings): Promise<LoadedSnapshot> {
  try {
    return decodeSnapshot(await read(), settings);
  } catch (error) {
    return { refused: `unreadable: ${(error as Error).message}` };
  }
}

/** What a snapshot is taken of: see `Ingest`. */
export type Snapshotted = Pick<Ingest, "fold" | "standings" | "hold">;

export class Snapshotter {
  /** When the state was last saved or found saved. */
  savedMillis: number;
  errors = 0;
  readonly #of: Snapshotted;
  readonly #store: DirectoryStore;
  readonly #source: Source;
  readonly #now: () => number;
  readonly #logger: Logger;
  #running: Promise<void> | null = null;

  /** @param foundMillis when the state that is gone on with was saved; NaN where there was none */
  constructor(of: Snapshotted, store: DirectoryStore, source: Source, foundMillis: number, now: () => number, logger: Logger) {
    this.#of = of;
    this.savedMillis = Number.isNaN(foundMillis) ? now() : foundMillis;
    this.#store = store;
    this.#source = source;
    this.#now = now;
    this.#logger = logger;
  }

  /** Saves the state as it is now; one save at a time. A failure is counted and logged, and the next one tries again. */
  async save(): Promise<void> {
    this.#running ??= this.#save().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Resolves when no save is under way. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Saves the state as it is now, after a save that may be under way. */
  async saveLast(): Promise<void> {
    await this.#running;
    await this.save();
  }

  async #save(): Promise<void> {
    let positions: ReadonlyMap<Log, number> = new Map();
    try {
      const snapshot = new SnapshotEncoder(this.#of.fold, this.#now());
      await this.#of.hold(async () => {
        // Those that the first part encodes: before, others may have held the fold and moved on.
        positions = this.#positions();
        await inSlices(snapshot.parts());
      });
      await this.#store.save(snapshot.file());
    } catch (error) {
      this.errors += 1;
      this.#logger.error({ directory: this.#store.directory, reason: (error as Error).message }, "snapshot not saved");
      return;
    }
    this.savedMillis = this.#now();
    // Only what is durable is committed: the group's offsets then never run ahead of the state.
    await this.#source.commit(positions);
  }

  #positions(): Map<Log, number> {
    const positions = new Map<Log, number>();
    for (const { log, state } of this.#of.standings.values()) positions.set(log, state.next);
    return positions;
  }
}
