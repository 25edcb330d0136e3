// Which configuration is in effect, and whether the last attempt to load another one failed.
import type { Config } from "../config/schema.ts";
import type { ConfigurationFile } from "../expose/status-view.ts";

export class Configuration {
  readonly path: string | null;
  #config: Config;
  #loadedMillis: number;
  #failure: { readonly error: string; readonly millis: number } | null = null;

  /** @param path where it was read from; null where it is not from a file */
  constructor(config: Config, path: string | null, nowMillis: number) {
    this.#config = config;
    this.path = path;
    this.#loadedMillis = nowMillis;
  }

  get current(): Config {
    return this.#config;
  }

  get loadedMillis(): number {
    return this.#loadedMillis;
  }

  get lastReloadFailed(): boolean {
    return this.#failure !== null;
  }

  replaced(config: Config, nowMillis: number): void {
    this.#config = config;
    this.#loadedMillis = nowMillis;
    this.#failure = null;
  }

  /** Another one could not be loaded: the one before stays. */
  failed(error: string, nowMillis: number): void {
    this.#failure = { error, millis: nowMillis };
  }

  /** What a person is told. */
  view(): ConfigurationFile {
    const { error = null, millis: failedMillis = null } = this.#failure ?? {};
    return { path: this.path, loadedMillis: this.#loadedMillis, error, failedMillis };
  }
}
