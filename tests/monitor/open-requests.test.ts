// Requests: their items come in any order, and each is judged once, when the horizon of its items ends.
import { describe, expect, test } from "vitest";
import { OpenRequests, type RequestItem } from "../../src/monitor/open-requests.ts";
import { Reader, Writer } from "../../src/primitive/bytes.ts";

const minute = 60_000;
const horizon = 10 * minute;
const item = (group: number, rank: number, clicked: boolean, predictedMillis = 30_000): RequestItem => {
  return { group, rank, clicked, weight: 2, predictedMillis };
};
/** The minute in which the horizon of an item of 30 s ends. */
const last = 10 * minute;

function opened(items: readonly RequestItem[]): OpenRequests {
  const open = new OpenRequests();
  for (const one of items) open.add(one, horizon);
  return open;
}

function bytesOf(open: OpenRequests): Uint8Array {
  const writer = new Writer();
  open.encode(writer);
  return writer.bytes().slice();
}

const items = [item(7, 1, false), item(7, 2, true), item(7, 33, true), item(2 ** 52 + 1, 32, true), item(9, 1, true, 90_000)];

describe("requests", () => {
  test("are due when the horizon of their items ends, and not again", () => {
    const open = opened(items);
    expect([...open.due(last - minute)]).toEqual([]);
    expect([...open.due(last)]).toEqual([
      { gains: 0b10, items: 3, weight: 2, predictedMillis: 30_000 },
      { gains: 1 << 31, items: 1, weight: 2, predictedMillis: 30_000 },
    ]);
    expect([...open.due(last)]).toEqual([]);
    expect([...open.due(last + minute)].map(({ gains }) => gains)).toEqual([1]);
    expect(open.empty).toBe(true);
  });

  test("are the same bytes in any order of their items, and go on after a restart", () => {
    const bytes = bytesOf(opened(items));
    expect(bytesOf(opened([...items].reverse()))).toEqual(bytes);
    const again = OpenRequests.decode(new Reader(bytes));
    expect(bytesOf(again)).toEqual(bytes);
    expect([...again.due(last)]).toEqual([...opened(items).due(last)]);
  });
});
