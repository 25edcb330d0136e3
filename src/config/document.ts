// A configuration file as it was read: what stands where, so that a message can name the line of a key.
import type { KeyPath, Place } from "./yaml.ts";

export class ConfigDocument {
  readonly path: string;
  readonly value: unknown;
  readonly #place: Place;

  constructor(path: string, value: unknown, place: Place) {
    this.path = path;
    this.value = value;
    this.#place = place;
  }

  /** The line of a key; of the innermost one around it that there is, where it is missing. Counts from 1. */
  line(keys: KeyPath): number {
    let { line } = this.#place;
    let place = this.#place;
    for (const key of keys) {
      const item = typeof key === "number" ? place.items[key] : undefined;
      const pair = place.keys.get(String(key)) ?? (item && { line: item.line, value: item });
      if (pair === undefined) break;
      line = pair.line;
      place = pair.value;
    }
    return line;
  }

  /** What stands at a key; undefined where nothing does. */
  at(keys: KeyPath): unknown {
    return keys.reduce<unknown>((value, key) => {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
      return (value as Readonly<Record<string | number, unknown>>)[key];
    }, this.value);
  }

  /** The keys that a pattern stands for and that there are: `*` is any key. */
  find(pattern: readonly string[]): KeyPath[] {
    return pattern.reduce<KeyPath[]>(
      (found, key) =>
        found.flatMap((keys) => {
          const value = this.at(keys);
          if (typeof value !== "object" || value === null) return [];
          return Object.keys(value)
            .filter((name) => key === "*" || name === key)
            .map((name) => [...keys, name]);
        }),
      [[]],
    );
  }

  /** Where a key stands, for the beginning of a message. */
  place(keys: KeyPath, line = this.line(keys)): string {
    return `${this.path}:${line}: ${keyText(keys)}`;
  }

  /** @param line where it is not the key's: of a key that comes twice, the second one's */
  message(keys: KeyPath, text: string, line?: number): string {
    return `${this.place(keys, line)}: ${text}`;
  }
}

/** Keys joined by dots, those that are no plain words in quotes. */
export function keyText(keys: KeyPath): string {
  if (keys.length === 0) return "(top)";
  return keys.map((key) => (/^[\w$-]+$/.test(String(key)) ? String(key) : JSON.stringify(key))).join(".");
}
