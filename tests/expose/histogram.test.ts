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

/** The heights of the reference's line, from the bottom. */
function line(svg: string): number[] {
  const path = /class="ref" d="([^"]*)"/.exec(svg)?.[1] ?? "";
  return [...path.matchAll(/(?:M[\d.]+ |V)([\d.]+)H[\d.]+/g)].map(([, top]) => 60 - Number(top));
}

test("the line of the reference is as high as the bars of a window that is like it", () => {
  const counts = [10, 200, 300, 400, 90];
  const bins = numberBins(
    [0, 1, 3, 4],
    counts,
    counts.map((count) => count / 1000),
  );
  const { svg, compared } = histogram(bins, "");
  expect(compared).toBe(true);
  const heights = boxes(svg.text).map(({ top }) => 60 - top);
  expect(heights).toHaveLength(5);
  for (const [index, height] of line(svg.text).entries()) expect(Math.abs(height - (heights[index] ?? 0))).toBeLessThan(0.9);
});

test("without a share of the reference for every bin there is no line", () => {
  const { svg, compared } = histogram(numberBins([0, 1], [1, 2, 3], [0.5, 0.5]), "");
  expect([compared, svg.text.includes("ref")]).toEqual([false, false]);
});

test("a bin that only the reference has much of is cut, too, and told of", () => {
  const bins = numberBins([0, 1, 1.01, 2, 3, 4], [10, 100, 1, 100, 100, 100, 10], [0.01, 0.1, 0.78, 0.03, 0.03, 0.03, 0.02]);
  const { svg, cut } = histogram(bins, "");
  expect(cut.map(({ name }) => name)).toEqual(["1.01"]);
  expect(Math.max(...line(svg.text))).toBeCloseTo(59.2, 5);
});

test("bins that are drawn as one have the sum of their shares", () => {
  const edges = Array.from({ length: 21 }, (_, index) => index);
  const even = edges.map(() => 1 / 22).concat(1 / 22);
  const { svg } = histogram(
    numberBins(
      edges,
      even.map(() => 1),
      even,
    ),
    "",
  );
  const [first, ...inner] = line(svg.text).slice(0, -1);
  expect(inner.length).toBeLessThanOrEqual(6);
  for (const height of inner) expect(height).toBeCloseTo(inner[0] ?? 0, 0);
  expect(first).toBeGreaterThan(0);
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
