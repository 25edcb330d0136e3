// What comes is put down side by side before it is brought to its minute: nobody can tell.
import fc from "fast-check";
import { expect, test } from "vitest";
import { JoinModel } from "../../src/state/join-model.ts";
import { isOutcome, timeAt } from "../../src/state/pending-rows.ts";
import { PendingTable } from "../../src/state/pending-table.ts";
import { minuteMillis } from "../../src/window/resolution.ts";

const log = { topic: "predictions", partition: 0 };

function timesOf(table: PendingTable, chain: number): number[] {
  const batch = new Int32Array(64);
  const times: number[] = [];
  for (const size of table.chains.batches(chain, batch)) {
    for (const row of batch.subarray(0, size)) times.push(table.rows.float(row, timeAt));
  }
  return times;
}

test("each minute has its predictions and its outcomes, in the order in which they came", () => {
  // More than are put down at once.
  const minutes = fc.array(fc.tuple(fc.nat({ max: 6 }), fc.boolean(), fc.nat({ max: 200 })), { maxLength: 1500, size: "max" });
  fc.assert(
    fc.property(minutes, (events) => {
      const table = new PendingTable(1e6);
      const version = table.addVersion(new JoinModel("fraud"), "1");
      const expected = new Map<string, number[]>();
      for (const [at, [minute, outcome, dueEvery]] of events.entries()) {
        const start = minute * minuteMillis;
        version.model.hash.set(String(at));
        table.place(version, outcome ? isOutcome : 0, start, start + at, log);
        const key = `${start} ${outcome}`;
        expected.set(key, [...(expected.get(key) ?? []), start + at]);
        if (dueEvery === 0) table.dueStarts();
      }
      for (const start of table.dueStarts()) {
        const minute = table.takeMinute(start);
        const chains = [minute?.predictions, minute?.outcomes] as [number, number];
        for (const [at, chain] of chains.entries()) {
          const key = `${start} ${at === 1}`;
          expect(timesOf(table, chain)).toEqual(expected.get(key) ?? []);
          expected.delete(key);
        }
      }
      expect(expected.size).toBe(0);
    }),
    { numRuns: 50 },
  );
});
