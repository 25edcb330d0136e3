// Durations: what is one, and that what is written is read back.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../src/config/duration.ts";

const unitMillis = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const units = Object.keys(unitMillis) as (keyof typeof unitMillis)[];

describe("read", () => {
  test.each([
    ["0s", 0],
    ["1ms", 1],
    ["90s", 90_000],
    ["1h30m", 5_400_000],
    ["1d12h", 129_600_000],
    ["2w", 1_209_600_000],
    ["007d", 604_800_000],
    ["1m1ms", 60_001],
  ])("%s is %d ms", (text, millis) => {
    expect(parseDuration(text)).toBe(millis);
  });

  test.each([
    "",
    " ",
    "1",
    "s",
    "1 h",
    " 1h",
    "1h ",
    "1h\n",
    "-1h",
    "+1h",
    "1.5h",
    "1y",
    "1H",
    "1h30",
    "h1",
    "1e3s",
    "Infinity",
    "١h",
    "9007199254740992ms",
    "99999999999999999999d",
    "104249991374d1w",
  ])("%j is not a duration", (text) => {
    expect(parseDuration(text)).toBeNaN();
  });

  test("parts add up in any order", () => {
    const part = fc.tuple(fc.nat(1000), fc.constantFrom(...units));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = parts.map(([amount, unit]) => `${amount}${unit}`).join("");
        expect(parseDuration(text)).toBe(parts.reduce((sum, [amount, unit]) => sum + amount * unitMillis[unit], 0));
      }),
    );
  });

  test("any text is a whole number of milliseconds or not a duration, and quickly so", () => {
    const soup = fc.string({ unit: fc.constantFrom(..."0123456789msdhw .-"), maxLength: 40 });
    fc.assert(
      fc.property(fc.oneof(fc.string(), soup), (text) => {
        const millis = parseDuration(text);
        expect(Number.isNaN(millis) || (Number.isSafeInteger(millis) && millis >= 0)).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(parseDuration(`${"1".repeat(100_000)}`)).toBeNaN();
    expect(parseDuration(`${"1m".repeat(50_000)}x`)).toBeNaN();
  });
});

describe("written", () => {
  test.each([
    [0, "0s"],
    [60_000, "1m"],
    [3_600_000, "1h"],
    [5_400_000, "90m"],
    [86_400_000, "24h"],
    [172_800_000, "2d"],
    [604_800_000, "7d"],
    [2_419_200_000, "28d"],
    [90_000, "90s"],
    [1, "1ms"],
  ])("%d ms is %s", (millis, text) => {
    expect(formatDuration(millis)).toBe(text);
  });

  test("is read back as it was, and different durations look different", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (millis) => {
        expect(parseDuration(formatDuration(millis))).toBe(millis);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(...units), (amount, unit) => {
        const millis = amount * unitMillis[unit];
        expect(parseDuration(formatDuration(millis))).toBe(millis);
      }),
    );
  });
});
