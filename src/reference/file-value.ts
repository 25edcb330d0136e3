// A value of a file that somebody may have edited, and where it stands: every way in which it is not what is asked for is
// an error that names file and key path.

/** A file that is not a reference that can be used. */
export class ReferenceFileError extends Error {}

export class FileValue {
  readonly #file: string;
  /** As in `features.amount.hours[3]`; "" for the whole file. */
  readonly #path: string;
  readonly #value: unknown;

  constructor(file: string, path: string, value: unknown) {
    this.#file = file;
    this.#path = path;
    this.#value = value;
  }

  fail(message: string): never {
    throw new ReferenceFileError(`${this.#file}: ${this.#path === "" ? "" : `${this.#path}: `}${message}`);
  }

  get isNull(): boolean {
    return this.#value === null;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object(), name);
  }

  /** The value of a key of an object. */
  key(name: string): FileValue {
    const object = this.#object();
    if (!Object.hasOwn(object, name)) this.fail(`${name} is missing`);
    return new FileValue(this.#file, this.#path === "" ? name : `${this.#path}.${name}`, object[name]);
  }

  /** @throws where the object has another key than these */
  onlyKeys(names: readonly string[]): void {
    const unknown = Object.keys(this.#object()).find((name) => !names.includes(name));
    if (unknown !== undefined) this.fail(`${JSON.stringify(unknown)} is no key here`);
  }

  #object(): Readonly<Record<string, unknown>> {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) this.fail("not an object");
    return value as Readonly<Record<string, unknown>>;
  }

  /** The elements of a list, each of which is called by its position. */
  list(): FileValue[] {
    if (!Array.isArray(this.#value)) this.fail("not a list");
    return this.#value.map((_, index) => this.#at(index));
  }

  #at(index: number): FileValue {
    return new FileValue(this.#file, `${this.#path}[${index}]`, (this.#value as unknown[])[index]);
  }

  /** The elements of a list, each of which is called by the `name` that it has. @throws where one comes twice */
  named(): (readonly [name: string, value: FileValue])[] {
    const seen = new Set<string>();
    return this.list().map((item) => {
      const name = item.key("name").text();
      if (seen.has(name)) item.key("name").fail(`${JSON.stringify(name)} comes twice`);
      seen.add(name);
      return [name, new FileValue(this.#file, `${this.#path}.${name}`, item.#value)] as const;
    });
  }

  text(): string {
    if (typeof this.#value !== "string") this.fail("not a text");
    return this.#value;
  }

  get isText(): boolean {
    return typeof this.#value === "string";
  }

  texts(): string[] {
    return this.list().map((item) => item.text());
  }

  oneOf<Text extends string>(texts: readonly Text[]): Text {
    const found = texts.find((text) => text === this.#value);
    return found ?? this.fail(`not one of ${texts.join(", ")}`);
  }

  flag(): boolean {
    if (typeof this.#value !== "boolean") this.fail("not true or false");
    return this.#value;
  }

  number(): number {
    if (typeof this.#value !== "number" || !Number.isFinite(this.#value)) this.fail("not a number");
    return this.#value;
  }

  /** A whole number from 0 on that a double holds exactly. */
  count(): number {
    if (!Number.isSafeInteger(this.#value) || (this.#value as number) < 0) this.fail("not a whole number from 0 on");
    return this.#value as number;
  }

  /** A whole number that a double holds exactly. */
  whole(): number {
    if (!Number.isSafeInteger(this.#value)) this.fail("not a whole number");
    return this.#value as number;
  }

  /** A sum of weights: a number from 0 on. */
  amount(): number {
    const value = this.number();
    return value >= 0 ? value : this.fail("not a number from 0 on");
  }

  /** So many sums of weights. */
  counts(length: number): Float64Array {
    return this.#numbers(length, "not a number from 0 on", (item) =>
      Number.isFinite(item) && (item as number) >= 0 ? (item as number) : null,
    );
  }

  /** So many numbers of any size and sign; NaN where it says null. */
  sums(length: number): Float64Array {
    return this.#numbers(length, "not a number", (item) =>
      item === null ? Number.NaN : Number.isFinite(item) ? (item as number) : null,
    );
  }

  /** There are many lists of numbers: what stands where is only looked at when something is wrong. */
  #numbers(length: number, words: string, read: (item: unknown) => number | null): Float64Array {
    const items = this.#value;
    if (!Array.isArray(items)) this.fail("not a list");
    if (items.length !== length) this.fail(`has ${items.length} numbers; there are ${length} bins`);
    return Float64Array.from(items, (item, index) => read(item) ?? this.#at(index).fail(words));
  }

  /** Milliseconds since 1970 of a time that is written as this program does; NaN where it says null. */
  time(): number {
    if (this.isNull) return Number.NaN;
    const text = this.text();
    const millis = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(millis) ? this.fail("not a time such as 2026-11-23T08:00:00Z") : millis;
  }

  /** A multiple of a width, as a time. */
  alignedTime(widthMillis: number): number {
    const millis = this.time();
    return millis % widthMillis === 0 ? millis : this.fail("not the start of such a pane");
  }
}
