// The ledger of hours gives what a plain sum over all rows gives, in any order, within its limits.
import fc from "fast-check";
import { expect, test } from "vitest";
import { byTime } from "../../src/reference/assemble.ts";
import { PaneLedger } from "../../src/reference/pane-ledger.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);
const kinds = Float64Array.of(0);

/** Hours of rows that each add one to a bin of two. */
const hits = fc.array(fc.tuple(fc.nat(24 * 30), fc.constantFrom(0, 1)), { maxLength: 300 });
const limits = fc.record({ hours: fc.integer({ min: 1, max: 40 }), days: fc.integer({ min: 1, max: 5 }) });

test("hours, days and hours of the day are those of all rows", () => {
  fc.assert(
    fc.property(hits, limits, (rows, limits) => {
      const ledger = new PaneLedger(2, limits);
      for (const [at, bin] of rows) {
        const row = ledger.row(start + at * hour + 1234);
        row[bin] = (row[bin] as number) + 1;
      }
      const panes = ledger.panes();
      const plain = byTime(
        rows.map(([at, bin]) => ({ startMillis: start + at * hour, kinds, counts: Float64Array.of(1 - bin, bin) })),
      );
      const text = (all: readonly { startMillis: number; counts: Float64Array }[]) =>
        all.map(({ startMillis, counts }) => [startMillis, ...counts]);
      expect(panes.hours.map(([at, row]) => [at, ...row])).toEqual(text(plain.hours).slice(-limits.hours));
      expect(panes.days.map(([at, row]) => [at, ...row])).toEqual(text(plain.days).slice(-limits.days));
      if (plain.byHour !== null) expect(panes.byHour).toEqual(plain.byHour);
      expect(panes.leftOut).toEqual({
        hours: Math.max(0, plain.hours.length - limits.hours),
        days: Math.max(0, plain.days.length - limits.days),
      });
    }),
  );
});
