// YAML text to a value and the place of each of its keys, and back. The only file that knows the YAML library.
import {
  COLLECTION_STYLE,
  CORE_SCHEMA,
  constructFromEvents,
  type Document,
  dump,
  EVENT_ID,
  type Event,
  getScalarValue,
  load,
  parseEvents,
  SCALAR_STYLE,
  visit,
} from "js-yaml";
import { inPlainWords } from "./yaml-words.ts";

/** Each may stand for a large part of the file, and be judged anew wherever it stands. */
const mostAliases = 100;

/** Where a value begins, and what it consists of. An alias leads to the place of what it stands for. */
export interface Place {
  readonly line: number;
  readonly keys: Map<string, { readonly line: number; readonly value: Place }>;
  readonly items: Place[];
  /** Of a scalar: as it is as a key. */
  readonly text?: string;
}

export type KeyPath = readonly (string | number)[];

/** A mistake that the value does not show any more. */
export interface YamlMistake {
  readonly line: number;
  readonly keys: KeyPath;
  readonly message: string;
}

export interface Yaml {
  /** Undefined where there is none: an empty file. */
  readonly value: unknown;
  readonly place: Place;
  readonly mistakes: readonly YamlMistake[];
}

/** The text is not YAML, or more of it than a configuration needs. Lines and columns count from 1. */
export class YamlError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(line: number, column: number, message: string) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** @throws YamlError */
export function parseYaml(text: string): Yaml {
  try {
    const events = parseEvents(text, {});
    const places = new Places(text, events);
    places.refuseManyAliases();
    const { place, mistakes } = places.document();
    // Keys that come twice are among the mistakes already, with their path: here the last one may win.
    return { value: constructFromEvents(events, { source: text, schema: CORE_SCHEMA, json: true })[0], place, mistakes };
  } catch (error) {
    if (error instanceof YamlError) throw error;
    const { mark, reason } = error as { mark?: { line: number; column: number }; reason?: string };
    const line = mark?.line ?? 0;
    throw new YamlError(
      line + 1,
      (mark?.column ?? 0) + 1,
      `not valid YAML: ${inPlainWords(reason ?? String(error), text, line)}`,
    );
  }
}

/** Keys without a value are left out; lists of plain values stand in one line. */
export function writeYaml(value: unknown): string {
  return dump(value, { noRefs: true, skipInvalid: true, lineWidth: 120, quoteStyle: "double", transform: listsInOneLine });
}

function listsInOneLine(documents: Document[]): void {
  visit(documents, (node) => {
    if (node.kind === "sequence" && node.items.every(({ kind }) => kind === "scalar")) node.style = COLLECTION_STYLE.FLOW;
  });
}

/** Names that are mistakes, or that objects cannot hold as they hold others. */
const refusedKeys: ReadonlyMap<string, string> = new Map([
  ["__proto__", "not a name that a configuration can have"],
  ["<<", "merge keys are not known here; let an alias stand for the whole value"],
]);

/** Follows the parser's events. */
class Places {
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #lineStarts: readonly number[];
  readonly #anchors = new Map<string, Place | null>();
  readonly #mistakes: YamlMistake[] = [];
  #at = 0;
  /** For what is empty: it stands in no line of its own. */
  #line = 1;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
    this.#lineStarts = [0, ...[...text.matchAll(/\r\n?|\n/g)].map((end) => end.index + end[0].length)];
  }

  refuseManyAliases(): void {
    const excess = this.#events.filter((event) => event.type === EVENT_ID.ALIAS)[mostAliases];
    if (excess !== undefined) this.#refuse((excess as { anchorStart: number }).anchorStart, `more than ${mostAliases} aliases`);
  }

  document(): { place: Place; mistakes: readonly YamlMistake[] } {
    const nothing: Place = { line: 1, keys: new Map(), items: [] };
    if (this.#events[0]?.type !== EVENT_ID.DOCUMENT) return { place: nothing, mistakes: [] };
    this.#at = 1;
    const place = this.#ends() ? nothing : this.#node([]);
    this.#at += 1;
    const second = this.#events[this.#at + 1];
    if (second !== undefined) this.#refuse(startOf(second), "a second document begins; a configuration is one");
    return { place, mistakes: this.#mistakes };
  }

  #ends(): boolean {
    return this.#events[this.#at]?.type === EVENT_ID.POP;
  }

  #node(path: KeyPath): Place {
    const event = this.#events[this.#at++] as Event;
    const start = startOf(event);
    if (start >= 0) this.#line = this.#lineOf(start);
    const line = this.#line;
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event.anchorStart, event.anchorEnd);
    const anchor = "anchorStart" in event && event.anchorStart >= 0 ? this.#text.slice(event.anchorStart, event.anchorEnd) : null;
    // Until its end is read it has no place: an alias to it would be within what it stands for.
    if (anchor !== null) this.#anchors.set(anchor, null);
    const place: Place = { line, keys: new Map(), items: [], ...this.#textOf(event) };
    if (event.type === EVENT_ID.MAPPING) this.#pairs(place, path);
    if (event.type === EVENT_ID.SEQUENCE) while (!this.#ends()) place.items.push(this.#node([...path, place.items.length]));
    if (event.type !== EVENT_ID.SCALAR) this.#at += 1;
    if (anchor !== null) this.#anchors.set(anchor, place);
    return place;
  }

  #pairs(place: Place, path: KeyPath): void {
    while (!this.#ends()) {
      const start = startOf(this.#events[this.#at] as Event);
      const { line, text } = this.#node(path);
      if (text === undefined) this.#refuse(start, "a key is a text, not a list or a mapping");
      const keys = [...path, text];
      const before = place.keys.get(text);
      if (before !== undefined) this.#mistakes.push({ line, keys, message: `comes twice; first in line ${before.line}` });
      const refused = refusedKeys.get(text);
      if (refused !== undefined) this.#mistakes.push({ line, keys, message: refused });
      // A value that is empty stands where its key does.
      this.#line = line;
      place.keys.set(text, { line, value: this.#node(keys) });
    }
  }

  #alias(start: number, end: number): Place {
    const name = this.#text.slice(start, end);
    const place = this.#anchors.get(name);
    if (place === undefined) this.#refuse(start, `nothing before is marked as &${name}`);
    if (place === null) this.#refuse(start, `*${name} is within what it stands for`);
    return place;
  }

  /** A scalar as a key: `0x1` and `1` are the same one. */
  #textOf(event: Event): { text?: string } {
    if (event.type !== EVENT_ID.SCALAR) return {};
    const text = event.valueStart < 0 ? "" : getScalarValue(this.#text, event);
    if (event.style !== SCALAR_STYLE.PLAIN || !/^([\d.+~-]|$|n|t|f)/i.test(text)) return { text };
    try {
      return { text: text === "" ? "null" : String(load(text, { schema: CORE_SCHEMA })) };
    } catch {
      return { text };
    }
  }

  #lineOf(offset: number): number {
    let [low, high] = [0, this.#lineStarts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] as number) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  #refuse(offset: number, message: string): never {
    const line = this.#lineOf(Math.max(offset, 0));
    throw new YamlError(line, Math.max(offset, 0) - (this.#lineStarts[line - 1] as number) + 1, message);
  }
}

/** Negative where an event has no place. */
function startOf(event: Event): number {
  if ("start" in event) return event.start;
  if ("valueStart" in event) return event.valueStart;
  return "anchorStart" in event ? event.anchorStart : -1;
}
