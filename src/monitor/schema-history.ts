// What a version's features have looked like so far, and when that changed: one appeared, vanished, or holds another
// type of values than before. Judged pane by pane in the order of event time.
import { kind } from "../event/value.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { total } from "../stats/sample.ts";

/** So many events without a feature, or values of another type, in a row make a change: fewer are an accident. */
export const settlesAt = 100;
/** Changes that are remembered in words. */
const remembered = 20;

export const schemaChanges = ["appeared", "vanished", "type"] as const;
export type SchemaChangeKind = (typeof schemaChanges)[number];

export interface SchemaChange {
  readonly kind: SchemaChangeKind;
  readonly feature: string;
  /** End of the pane that made it certain. */
  readonly timeMillis: number;
  /** Types before and after, where that is what changed. */
  readonly from: string;
  readonly to: string;
}

interface Known {
  present: boolean;
  /** Events in a row that came without it. */
  without: number;
  /** What most of its values are: number, text or structure; "" before the first. */
  type: string;
  /** Values in a row of panes that were mostly of another type. */
  others: number;
}

/** In words. */
export function changeText({ kind, feature, from, to }: SchemaChange): string {
  return kind === "type" ? `feature ${feature} was ${from} and is ${to}` : `feature ${feature} ${kind}`;
}

export class SchemaHistory {
  readonly counts: Record<SchemaChangeKind, number> = { appeared: 0, vanished: 0, type: 0 };
  /** The latest ones, oldest first. */
  readonly recent: SchemaChange[] = [];
  #events = 0;
  readonly #features = new Map<string, Known>();

  /**
   * Takes a closed pane of all traffic.
   * @param events predictions of the pane
   * @param features counts of the kinds of values, by feature: all that were ever seen
   */
  observe(events: number, features: ReadonlyMap<string, { readonly kinds: ArrayLike<number> }>, endMillis: number): void {
    for (const name of [...features.keys()].sort(compareText)) {
      this.#observe(name, events, features.get(name)?.kinds as ArrayLike<number>, endMillis);
    }
    this.#events += events;
  }

  #observe(name: string, events: number, kinds: ArrayLike<number>, endMillis: number): void {
    const values = total(kinds) - (kinds[kind.absent] as number);
    const known = this.#features.get(name);
    if (known === undefined) {
      if (values === 0) return;
      this.#features.set(name, { present: true, without: 0, type: typeOf(kinds, ""), others: 0 });
      if (this.#events >= settlesAt) this.#note("appeared", name, endMillis);
      return;
    }
    if (values === 0) this.#missed(known, name, events, endMillis);
    else this.#came(known, name, kinds, endMillis);
  }

  #missed(known: Known, name: string, events: number, endMillis: number): void {
    known.without += events;
    if (!known.present || known.without < settlesAt) return;
    known.present = false;
    this.#note("vanished", name, endMillis);
  }

  #came(known: Known, name: string, kinds: ArrayLike<number>, endMillis: number): void {
    known.without = 0;
    if (!known.present) this.#note("appeared", name, endMillis);
    known.present = true;
    const type = typeOf(kinds, known.type);
    if (type === known.type || known.type === "") {
      known.type = type;
      known.others = 0;
      return;
    }
    known.others += countOf(kinds, type);
    if (known.others < settlesAt) return;
    this.#note("type", name, endMillis, known.type, type);
    known.type = type;
    known.others = 0;
  }

  #note(change: SchemaChangeKind, feature: string, timeMillis: number, from = "", to = ""): void {
    this.counts[change] += 1;
    this.recent.push({ kind: change, feature, timeMillis, from, to });
    if (this.recent.length > remembered) this.recent.shift();
  }

  encode(writer: Writer): void {
    for (const change of schemaChanges) writer.unsigned(this.counts[change]);
    writer.unsigned(this.#events);
    writeAll(writer, this.recent, (change) => {
      for (const text of [change.kind, change.feature, change.from, change.to]) writer.text(text);
      writer.integer(change.timeMillis);
    });
    const features = [...this.#features].sort(([a], [b]) => compareText(a, b));
    writeAll(writer, features, ([name, known]) => {
      writer.text(name);
      writer.boolean(known.present);
      writer.unsigned(known.without);
      writer.text(known.type);
      writer.unsigned(known.others);
    });
  }

  static decode(reader: Reader): SchemaHistory {
    const history = new SchemaHistory();
    for (const change of schemaChanges) history.counts[change] = reader.unsigned();
    history.#events = reader.unsigned();
    history.recent.push(...readAll(reader, () => decodeChange(reader)));
    for (const [name, known] of readAll(reader, () => [reader.text(), decodeKnown(reader)] as const))
      history.#features.set(name, known);
    return history;
  }
}

function decodeChange(reader: Reader): SchemaChange {
  const [change, feature, from, to] = [reader.text(), reader.text(), reader.text(), reader.text()];
  return { kind: change as SchemaChangeKind, feature, from, to, timeMillis: reader.integer() };
}

function decodeKnown(reader: Reader): Known {
  return { present: reader.boolean(), without: reader.unsigned(), type: reader.text(), others: reader.unsigned() };
}

const types = ["number", "text", "structure"] as const;

function countOf(kinds: ArrayLike<number>, type: string): number {
  const at = (index: number): number => kinds[index] as number;
  if (type === "number") return at(kind.number) + at(kind.outOfRange);
  return type === "text" ? at(kind.string) + at(kind.boolean) : at(kind.structure);
}

/** What most values are; as before where none is more than what it was. */
function typeOf(kinds: ArrayLike<number>, before: string): string {
  let [most, best] = [before === "" ? 0 : countOf(kinds, before), before];
  for (const type of types) {
    const count = countOf(kinds, type);
    if (count > most) [most, best] = [count, type];
  }
  return best;
}
