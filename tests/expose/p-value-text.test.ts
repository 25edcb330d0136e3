// How small probabilities read.
import fc from "fast-check";
import { expect, test } from "vitest";
import { probabilityText, pValueText } from "../../src/expose/p-value-text.ts";

test.each([
  [0, "p < 10⁻³⁰⁰"],
  [5e-324, "p < 10⁻³⁰⁰"],
  [1e-300, "p = 1·10⁻³⁰⁰"],
  [3.21e-8, "p = 3.2·10⁻⁸"],
  [9.96e-5, "p = 1·10⁻⁴"],
  [0.001, "p = 0.001"],
  [0.0314, "p = 0.031"],
  [0.2, "p = 0.2"],
  [0.9999, "p > 0.99"],
  [1, "p = 1"],
])("%d reads %s", (p, text) => {
  expect(pValueText(p)).toBe(text);
});

test("every probability reads as some number near to it", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 0.99, noNaN: true }), (probability) => {
      const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
      const plain = probabilityText(probability)
        .replace("·10⁻", "e-")
        .replaceAll(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String(digits.indexOf(digit)));
      expect(Math.abs(Number(plain) / probability - 1)).toBeLessThan(0.051);
    }),
  );
});
