import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanText, shownLabelValue } from "../../src/expose/label-value.ts";
import { TextPage } from "../../src/expose/page.ts";
import type { Family } from "../../src/expose/sample.ts";
import { createSeries } from "../../src/expose/series.ts";
import { parsePage } from "./strict-parser.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom('"', "\\", "\n", "\r", "{", "}", ",", "=", " ", "#", "n", "\uD800", "\uDC00", "\u2028") }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
);
const anyNumber = fc.double({ noNaN: true });
const format = fc.constantFrom("text" as const, "openmetrics" as const);

test("what is rendered parses back to the same samples", () => {
  const samples = fc.uniqueArray(fc.record({ labels: fc.tuple(anyText, anyText), value: anyNumber }), {
    selector: ({ labels }) => JSON.stringify(labels),
  });
  fc.assert(
    fc.property(samples, anyText, format, (given, help, format) => {
      const family: Family = { name: "any_total", help, type: "counter", labels: ["one", "other"] };
      const page = new TextPage();
      const section = page.open([family]);
      for (const { labels, value } of given) section.sample(createSeries(family, labels), value);
      const [parsed] = parsePage(page.body(format).toString(), format);
      expect(page.duplicates).toBe(0);
      expect((parsed?.samples ?? []).map(({ labels, value }) => [...labels.values(), value])).toEqual(
        given.map(({ labels, value }) => [...labels.map(shownLabelValue), value === 0 ? 0 : value]),
      );
      if (parsed !== undefined) expect(parsed.help).toBe(cleanText(help));
    }),
    { numRuns: 500 },
  );
});

test("what is rendered of a histogram parses back to the same buckets", () => {
  const bounds = fc.uniqueArray(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((bound) => bound + 0),
    { minLength: 1, maxLength: 20 },
  );
  const sorted = bounds.map((values) => values.sort((one, other) => one - other));
  fc.assert(
    fc.property(sorted, fc.infiniteStream(fc.nat()), anyText, format, (bounds, stream, label, format) => {
      const family: Family = { name: "any_seconds", help: "Any.", type: "histogram", labels: ["label"] };
      const counts = [...bounds, Number.POSITIVE_INFINITY].map(() => stream.next().value);
      const page = new TextPage();
      page.open([family]).histogram(createSeries(family, [label]), bounds, counts, 1);
      const samples = parsePage(page.body(format).toString(), format)[0]?.samples ?? [];
      const buckets = samples.filter(({ name }) => name.endsWith("_bucket"));
      const read = buckets.map(({ labels }) => Number((labels.get("le") ?? "").replace("+Inf", "Infinity")));
      expect(read).toEqual([...bounds.map((bound) => (bound === 0 ? 0 : bound)), Number.POSITIVE_INFINITY]);
      expect(buckets.map(({ value }, index) => value - (buckets[index - 1]?.value ?? 0))).toEqual(counts);
      for (const { labels } of samples) expect(labels.get("label")).toBe(shownLabelValue(label));
    }),
    { numRuns: 300 },
  );
});
