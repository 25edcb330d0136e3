// A map with a table before it is a map, also where starts share a place in the table.
import fc from "fast-check";
import { expect, test } from "vitest";
import { NearStarts } from "../../src/window/near-starts.ts";

const paneMillis = 3_600_000;

test("what is near is what a map has", () => {
  const command = fc.record({ does: fc.constantFrom("get", "set", "delete"), pane: fc.integer({ min: -12, max: 12 }) });
  fc.assert(
    fc.property(fc.array(command, { maxLength: 200, size: "max" }), (commands) => {
      const near = new NearStarts<string>(paneMillis, 4);
      const model = new Map<number, string>();
      for (const [at, { does, pane }] of commands.entries()) {
        const start = pane * paneMillis;
        if (does === "get") expect(near.get(start)).toBe(model.get(start));
        else if (does === "delete") {
          near.delete(start);
          model.delete(start);
        } else {
          near.set(start, `set ${at}`);
          model.set(start, `set ${at}`);
        }
        expect([near.size, near.first, near.last]).toEqual([
          model.size,
          model.size === 0 ? Number.NaN : Math.min(...model.keys()),
          model.size === 0 ? Number.NaN : Math.max(...model.keys()),
        ]);
      }
      expect(new Map(near.all)).toEqual(model);
    }),
    { numRuns: 100, endOnFailure: true },
  );
});
