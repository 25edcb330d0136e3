// The histogram: the area of a bar is the share of its values.
import fc from "fast-check";
import { expect, test } from "vitest";
import { histogram } from "../../src/expose/histogram.ts";
import { numberBins } from "./status-example.ts";

interface Box {
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
}

function boxes(svg: string): Box[] {
  const path = /d="([^"]*)"/.exec(svg)?.[1] ?? "";
  return [...path.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)V([\d.]+)h-[\d.]+z/g)].map(([, left, top, width, bottom]) => {
    return { left: Number(left), top: Number(top), width: Number(width), bottom: Number(bottom) };
  });
}

test("a bin twice as wide with as many values is half as high", () => {
  const { svg, cut, bent } = histogram(numberBins([0, 1, 3], [0, 500, 500, 0]), "label");
  const [narrow, wide] = boxes(svg.text) as [Box, Box];
  expect((narrow.bottom - narrow.top) / (wide.bottom - wide.top)).toBeCloseTo(2, 1);
  expect(wide.width / narrow.width).toBeCloseTo(2, 1);
  expect([cut, bent]).toEqual([[], false]);
  expect(svg.text).toContain('role="img" aria-label="label"');
});

test("the open bins stand apart at the ends", () => {
  const all = boxes(histogram(numberBins([0, 1], [100, 1000, 100]), "").svg.text);
  expect(all).toHaveLength(3);
  expect(all[0]?.left).toBe(0);
  expect((all[1]?.left ?? 0) - (all[0]?.width ?? 0)).toBeGreaterThan(2);
});

test("a bar far above the others is cut, and told of", () => {
  const bins = numberBins([0, 1, 1.01, 2, 3, 4], [10, 100, 5000, 100, 100, 100, 10]);
  expect(histogram(bins, "").cut.map(({ count }) => count)).toEqual([5000]);
});

test("few values make few bars, and none is lost", () => {
  const edges = Array.from({ length: 21 }, (_, index) => index);
  const counts = Array.from({ length: 22 }, () => 1);
  const all = boxes(histogram(numberBins(edges, counts), "").svg.text);
  expect(all.length).toBeLessThanOrEqual(2 + 6);
});

test("whatever the bins are, bars lie inside of the picture and beside each other", () => {
  const edges = fc
    .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 60 })
    .map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(edges, fc.infiniteStream(fc.nat(1_000_000)), (all, counts) => {
      const bins = numberBins(
        all,
        Array.from({ length: all.length + 1 }, () => counts.next().value as number),
      );
      const { svg } = histogram(bins, "");
      expect(svg.text).not.toMatch(/NaN|Infinity|e[+-]/);
      let right = 0;
      for (const box of boxes(svg.text)) {
        expect(box.left).toBeGreaterThanOrEqual(right - 0.3);
        expect(box.top).toBeGreaterThanOrEqual(0);
        expect(box.bottom).toBeLessThanOrEqual(60);
        if (box.bottom === 60) right = box.left + box.width;
      }
      expect(right).toBeLessThanOrEqual(240.3);
    }),
  );
});
