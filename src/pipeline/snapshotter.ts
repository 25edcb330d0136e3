// Saves the fold's state every so often, and loads the newest snapshot that can be continued.
import type { Log, Source } from "../source/source.ts";
import type { DirectoryStore } from "../state/directory-store.ts";
import { Fold } from "../state/fold.ts";
import type { FoldSettings } from "../state/settings.ts";
import { decodeSnapshot, encodeSnapshot, type LoadedSnapshot } from "../state/snapshot.ts";
import type { Logger } from "./logger.ts";

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
      logger.info({ snapshot: name, logs: loaded.fold.logs.size, models: loaded.fold.models.size }, "restored");
      return loaded;
    }
    logger.error({ snapshot: name, reason: loaded.refused }, "snapshot not used");
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

export class Snapshotter {
  /** When the state was last saved or found saved. */
  savedMillis: number;
  errors = 0;
  readonly #fold: Fold;
  readonly #store: DirectoryStore;
  readonly #source: Source;
  readonly #owned: () => Iterable<Log>;
  readonly #now: () => number;
  readonly #logger: Logger;
  #running: Promise<void> | null = null;

  constructor(
    restored: Restored,
    store: DirectoryStore,
    source: Source,
    owned: () => Iterable<Log>,
    now: () => number,
    logger: Logger,
  ) {
    this.#fold = restored.fold;
    this.savedMillis = Number.isNaN(restored.savedMillis) ? now() : restored.savedMillis;
    this.#store = store;
    this.#source = source;
    this.#owned = owned;
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

  /** Saves the state as it is now, after a save that may be under way. */
  async saveLast(): Promise<void> {
    await this.#running;
    await this.save();
  }

  async #save(): Promise<void> {
    const positions = this.#positions();
    try {
      await this.#store.save(encodeSnapshot(this.#fold, this.#now()));
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
    for (const log of this.#owned()) {
      const state = this.#fold.logs.get(`${log.topic}/${log.partition}`);
      if (state !== undefined) positions.set(log, state.next);
    }
    return positions;
  }
}
