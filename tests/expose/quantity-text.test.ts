// How numbers, shares and times read.
import { expect, test } from "vitest";
import {
  agoText,
  counted,
  countText,
  durationText,
  minuteText,
  numberShort,
  shareText,
  signedShort,
  timeText,
} from "../../src/expose/quantity-text.ts";

test.each([
  [0, "0"],
  [-0.5, "-0.5"],
  [0.123456, "0.123"],
  [12.3456, "12.3"],
  [1234.56, "1,235"],
  [12_345_678, "12,345,678"],
  [1e9, "1.00e+9"],
  [0.000_123_4, "1.23e-4"],
  [-5e-324, "-4.94e-324"],
  [Number.MAX_VALUE, "1.80e+308"],
])("%d is %s", (value, text) => {
  expect(numberShort(value)).toBe(text);
});

test.each([
  [0, "0 %"],
  [1, "100 %"],
  [0.5, "50 %"],
  [0.1234, "12.3 %"],
  [1e-9, "< 0.1 %"],
  [1 - 1e-9, "> 99.9 %"],
])("a share of %d is %s", (share, text) => {
  expect(shareText(share)).toBe(text);
});

test.each([
  [0, "0 s"],
  [59_999, "59 s"],
  [119_000, "119 s"],
  [120_000, "2 min"],
  [7_200_000, "2 h"],
  [10 * 86_400_000, "10 d"],
])("%d ms are %s", (millis, text) => {
  expect(durationText(millis)).toBe(text);
});

test("ages, and times ahead of the clock", () => {
  expect(agoText(1000, 6000)).toBe("5 s ago");
  expect(agoText(6000, 1000)).toBe("now");
  expect(agoText(3_600_000, 0)).toBe("in 60 min");
});

test("a time is UTC to the second; one that no date can be is the farthest", () => {
  expect(timeText(Date.parse("2026-03-01T12:34:56.789Z"))).toBe("2026-03-01 12:34:56 UTC");
  expect(timeText(1e300)).toMatch(/UTC$/);
});

test("counts with their nouns", () => {
  expect([counted(1, "model"), counted(1200, "model"), countText(0)]).toEqual(["1 model", "1,200 models", "0"]);
});

test("a period is told to the minute", () => {
  expect(minuteText(Date.parse("2026-03-01T12:34:56.789Z"))).toBe("2026-03-01 12:34");
  expect(minuteText(-1e300)).toBe("-271821-04-20 00:00");
});

test.each([
  [0.08, "+0.08"],
  [-0.08, "−0.08"],
  [0, "±0"],
  [-1e-300, "−1.00e-300"],
])("a change of %d is %s", (change, text) => {
  expect(signedShort(change)).toBe(text);
});
