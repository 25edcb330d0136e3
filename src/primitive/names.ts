// Texts as small numbers, for as long as something refers to them; beyond a limit one number stands for all others.
// Numbers follow the order of arrival, so what is kept is encoded by the texts' own order.
import { type Reader, readAll, type Writer, writeAll } from "./bytes.ts";
import { compareText } from "./dictionary.ts";

/** Where texts are that the limit turned away. */
export const otherNumber = 0;

export class Names {
  readonly limit: number;
  /** What stands for all others. */
  readonly #other: string;
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[];
  /** How often each number is referred to. */
  readonly #uses: number[] = [0];
  readonly #free: number[] = [];
  #last = "";
  #lastNumber = -1;

  constructor(limit: number, other: string) {
    this.limit = limit;
    this.#other = other;
    this.#texts = [other];
  }

  /** How many texts there are, without the one for others. */
  get size(): number {
    return this.#numbers.size;
  }

  /** The number of a text, which one thing more refers to now. */
  take(text: string): number {
    const number = text === this.#last && this.#lastNumber >= 0 ? this.#lastNumber : this.#numberOf(text);
    this.#uses[number] = (this.#uses[number] as number) + 1;
    return number;
  }

  #numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      if (this.#numbers.size >= this.limit || text === this.#other) return otherNumber;
      number = this.#free.pop() ?? this.#texts.length;
      this.#texts[number] = text;
      this.#uses[number] = 0;
      this.#numbers.set(text, number);
    }
    this.#last = text;
    this.#lastNumber = number;
    return number;
  }

  /** One thing less refers to a number. */
  release(number: number): void {
    const uses = (this.#uses[number] as number) - 1;
    this.#uses[number] = uses;
    if (uses > 0 || number === otherNumber) return;
    this.#numbers.delete(this.#texts[number] as string);
    this.#free.push(number);
    if (number === this.#lastNumber) this.#lastNumber = -1;
  }

  text(number: number): string {
    return this.#texts[number] as string;
  }

  /** Writes the texts in their order. @returns by number, which one it is in that order; the one for others comes first */
  encode(writer: Writer): Uint32Array {
    const sorted = [...this.#numbers].sort(([a], [b]) => compareText(a, b));
    const places = new Uint32Array(this.#texts.length);
    for (const [index, [, number]] of sorted.entries()) places[number] = index + 1;
    writeAll(writer, sorted, ([text]) => writer.text(text));
    return places;
  }

  /** Fills these (new) names; nothing refers to them yet, so whoever does has to `use` them. */
  decode(reader: Reader): void {
    for (const text of readAll(reader, () => reader.text())) {
      this.#numbers.set(text, this.#texts.length);
      this.#uses.push(0);
      this.#texts.push(text);
    }
  }

  /** One thing more refers to a number that was read. @throws RangeError where there is no such number */
  use(number: number): void {
    const uses = this.#uses[number];
    if (uses === undefined) throw new RangeError(`no text ${number}`);
    this.#uses[number] = uses + 1;
  }
}
