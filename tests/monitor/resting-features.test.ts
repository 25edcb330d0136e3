// Windows that stay as they are for an hour or longer are kept packed: whoever looks at a feature finds what its panes add up to.
import { describe, expect, test } from "vitest";
import type { ClosedFeature, ClosedFeatures } from "../../src/monitor/feature-pane.ts";
import { features } from "../../src/monitor/features.ts";
import { BinCounts } from "../../src/primitive/bin-counts.ts";
import { Writer } from "../../src/primitive/bytes.ts";
import { Dictionary } from "../../src/primitive/dictionary.ts";
import type { PaneLadder } from "../../src/window/ladder.ts";
import { dayMillis, hourMillis } from "../../src/window/resolution.ts";
import { Folded, start } from "./folded.ts";

const config = `
defaults: {windows: [1h, 24h], learn: 7d}
models: {m: {features: {x: {edges: [0, 10]}, c: {categories: [a, b]}}}}
`;

function fold(): { ladder: PaneLadder<ClosedFeatures>; sum: ClosedFeatures } {
  const folded = new Folded(config);
  for (let minute = 0; minute < 180; minute++) {
    const one = {
      x: minute % 7 === 0 ? null : minute - 50,
      c: minute % 3 === 0 ? "a" : `new ${minute % 5}`,
      learns: `t${minute % 4}`,
    };
    folded.minute(minute, [{ features: one, score: minute / 256, weight: 1 + (minute % 2) }]);
  }
  folded.close();
  const model = folded.fold.models.get("m");
  const ladder = model?.versions.get("1")?.all.ladders[0] as PaneLadder<ClosedFeatures>;
  const monoid = features.monoid(model?.memories[0] as Parameters<typeof features.monoid>[0]);
  const sum = monoid.zero();
  for (const [, pane] of ladder.between(hourMillis, start, start + 3 * hourMillis)) monoid.merge(sum, pane);
  return { ladder, sum };
}

/** All that is kept of a feature. */
function content({ panes, kinds, numbers, texts, distinct, targets, hours, textHours }: ClosedFeature): unknown {
  const bytes = [numbers, texts, distinct].map((part) => {
    const writer = new Writer();
    part?.encode(writer);
    return Buffer.from(writer.bytes()).toString("base64");
  });
  return { panes, kinds, bytes, targets, hours: hours?.byHour, textHours: textHours?.byHour };
}

describe("a window of a day", () => {
  const { ladder, sum } = fold();
  const window = ladder.window(start + 3 * hourMillis, dayMillis);

  test("has of every feature what its hours have, in whatever order one asks", () => {
    const names = [...sum.features.keys()];
    expect(names.sort()).toEqual(["$score", "c", "learns", "x"]);
    for (const name of [...names, ...names.reverse()]) {
      const part = window.features.get(name) as ClosedFeature;
      expect(content(part)).toEqual(content(sum.features.get(name) as ClosedFeature));
    }
    expect([window.events, window.failed]).toEqual([180, 0]);
  });

  test("has the same feature as long as it stays: what was computed of it is found", () => {
    const x = window.features.get("x");
    expect(ladder.window(start + 3 * hourMillis, dayMillis).features.get("x")).toBe(x);
    expect(x?.numbers).toBeInstanceOf(BinCounts);
  });

  test("asked for how many values there are of each kind, unpacks nothing else", () => {
    const [x, c] = ["x", "c"].map((name) => window.features.get(name)) as [ClosedFeature, ClosedFeature];
    const { texts } = c;
    expect(x.kinds.reduce((all, count) => all + count)).toBe(180);
    // Of c still the object that was unpacked before.
    expect(c.texts).toBe(texts);
  });

  test("keeps what is not counted in bins as it is", () => {
    expect(window.features.get("learns")?.texts).toBeInstanceOf(Dictionary);
  });
});
