// Outcomes as they came, whether they met a prediction or not: how many, when the last one was, and what they were worth, by
// the version that they name.
import { type OutcomeEvent, otherName } from "../event/event.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";

/** Units of value of one model version; more are counted as one. */
const mostUnits = 8;
/** Values are summed in millionths, as whole numbers, so that the order of adding does not show. */
const perUnit = 1e6;

/** Outcomes of one model version. */
export interface OutcomeTotals {
  count: number;
  /** Those of which no prediction was looked for. */
  unjoined: number;
  latestMillis: number;
  readonly values: Map<string, ValueSums>;
}

/** Sums of one unit, in millionths of it. Apart, as each of them only grows: a counter that falls is taken for a restart. */
export interface ValueSums {
  gained: bigint;
  /** Of negative values, such as refunds and chargebacks. */
  returned: bigint;
}

export class AllOutcomeTotals {
  /** By model, then by the version that the outcome names; "" where it names none. */
  readonly byModel = new Map<string, Map<string, OutcomeTotals>>();
  readonly #models: number;
  readonly #versions: number;

  constructor(limits: { readonly models: number; readonly versions: number }) {
    this.#models = limits.models;
    this.#versions = limits.versions;
  }

  /** Counts an outcome. @param joined whether its prediction is looked for */
  count(event: OutcomeEvent, joined: boolean): void {
    const versions = admit(this.byModel, event.model, this.#models, () => new Map<string, OutcomeTotals>());
    const totals = admit(versions, event.version, this.#versions, zero);
    totals.count += 1;
    if (!joined) totals.unjoined += 1;
    totals.latestMillis = Math.max(totals.latestMillis, event.timeMillis);
    if (Number.isNaN(event.value)) return;
    const room = totals.values.has(event.unit) || totals.values.size < mostUnits;
    const unit = room ? event.unit : otherName;
    const sums = totals.values.get(unit) ?? { gained: 0n, returned: 0n };
    const amount = BigInt(Math.round(Math.abs(event.value) * perUnit));
    if (event.value < 0) sums.returned += amount;
    else sums.gained += amount;
    totals.values.set(unit, sums);
  }

  /** Forgets the totals of versions of which nothing was heard for long. */
  expire(frontierMillis: number, silentMillis: number): void {
    for (const [model, versions] of this.byModel) {
      for (const [version, { latestMillis }] of versions) {
        if (latestMillis < frontierMillis - silentMillis) versions.delete(version);
      }
      if (versions.size === 0) this.byModel.delete(model);
    }
  }

  encode(writer: Writer): void {
    writeAll(writer, sorted(this.byModel), ([model, versions]) => {
      writer.text(model);
      writeAll(writer, sorted(versions), ([version, totals]) => {
        writer.text(version);
        writer.unsigned(totals.count);
        writer.unsigned(totals.unjoined);
        writer.float(totals.latestMillis);
        writeAll(writer, sorted(totals.values), ([unit, { gained, returned }]) => {
          writer.text(unit);
          writer.text(String(gained));
          writer.text(String(returned));
        });
      });
    });
  }

  decode(reader: Reader): void {
    for (const [model, versions] of readAll(
      reader,
      () => [reader.text(), readAll(reader, () => decodeTotals(reader))] as const,
    )) {
      this.byModel.set(model, new Map(versions));
    }
  }
}

/** A sum in its unit. */
export function inUnits(sum: bigint): number {
  return Number(sum) / perUnit;
}

function zero(): OutcomeTotals {
  return { count: 0, unjoined: 0, latestMillis: Number.NEGATIVE_INFINITY, values: new Map() };
}

/** What is kept under a name, or under the one of all that a limit turned away. */
function admit<Kept>(kept: Map<string, Kept>, name: string, limit: number, make: () => Kept): Kept {
  const admitted = kept.has(name) || kept.size < limit ? name : otherName;
  let known = kept.get(admitted);
  if (known === undefined) {
    known = make();
    kept.set(admitted, known);
  }
  return known;
}

function decodeTotals(reader: Reader): readonly [version: string, totals: OutcomeTotals] {
  const version = reader.text();
  const count = reader.unsigned();
  // Nothing was joined when the first format was written.
  const unjoined = reader.format === 1 ? count : reader.unsigned();
  const latestMillis = reader.float();
  const values = new Map(readAll(reader, () => decodeSums(reader)));
  return [version, { count, unjoined, latestMillis, values }];
}

function decodeSums(reader: Reader): readonly [unit: string, sums: ValueSums] {
  return [reader.text(), { gained: BigInt(reader.text()), returned: BigInt(reader.text()) }];
}

function sorted<Kept>(kept: ReadonlyMap<string, Kept>): [string, Kept][] {
  return [...kept].sort(([a], [b]) => compareText(a, b));
}
