// The classes that a prediction has scores of, in the order of their names; most predictions of a model have the same.
import { compareText } from "../primitive/dictionary.ts";
import { mostScores } from "./score-blocks.ts";

const longestName = 128;

export class ClassSets {
  /** Of the prediction before, as it had them. */
  #keys: readonly string[] = [];
  /** By place in that order, the one in the order of names. */
  #places: readonly number[] = [];
  #names = "";
  /** The scores of the last prediction, in the order of names. */
  readonly scores = new Float64Array(mostScores);

  /** The names, one to a line, and sets `scores`; "" where there are none, too many, or one that is no share. */
  of(given: Readonly<Record<string, unknown>>): string {
    const keys = Object.keys(given);
    if (keys.length === 0 || keys.length > mostScores) return "";
    if (keys.length !== this.#keys.length || keys.some((key, at) => key !== this.#keys[at])) this.#learn(keys);
    for (let at = 0; at < keys.length; at++) {
      const score = given[keys[at] as string];
      if (typeof score !== "number" || !(score >= 0 && score <= 1)) return "";
      this.scores[this.#places[at] as number] = score;
    }
    return this.#names;
  }

  #learn(keys: readonly string[]): void {
    const sorted = [...keys].sort(compareText);
    this.#keys = keys;
    this.#places = keys.map((key) => sorted.indexOf(key));
    this.#names = sorted.map((name) => name.slice(0, longestName).toWellFormed().replaceAll("\n", " ")).join("\n");
  }

  /** How many there are. */
  get size(): number {
    return this.#keys.length;
  }
}
