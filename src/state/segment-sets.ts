// The names of a prediction's segments as one text, one to a line, in their order.
import { compareText } from "../primitive/dictionary.ts";
import { segmentName } from "./segment-name.ts";

/** Names that are remembered; most streams have few. */
const mostRemembered = 4096;

export class SegmentSets {
  /** By attribute, then by value that is a text: making a name anew costs as much as all else that is done with it. */
  readonly #names = new Map<string, Map<string, string>>();
  #remembered = 0;

  /** @param attributes whose values are segments; null: all */
  of(segment: Readonly<Record<string, unknown>>, attributes: readonly string[] | null): string {
    let only = "";
    let names: string[] | null = null;
    for (const attribute in segment) {
      if (attributes?.includes(attribute) === false) continue;
      const name = this.#name(attribute, segment[attribute]);
      if (only === "") only = name;
      else if (names === null) names = [only, name];
      else names.push(name);
    }
    return names === null ? only : names.sort(compareText).join("\n");
  }

  #name(attribute: string, value: unknown): string {
    if (typeof value !== "string") return onOneLine(attribute, value);
    const known = this.#names.get(attribute)?.get(value);
    return known === undefined ? this.#remember(attribute, value) : known;
  }

  #remember(attribute: string, value: string): string {
    if (this.#remembered >= mostRemembered) {
      this.#names.clear();
      this.#remembered = 0;
    }
    const name = onOneLine(attribute, value);
    const names = this.#names.get(attribute) ?? new Map<string, string>();
    this.#names.set(attribute, names.set(value, name));
    this.#remembered += 1;
    return name;
  }
}

function onOneLine(attribute: string, value: unknown): string {
  return segmentName(attribute, value).replaceAll("\n", " ");
}
