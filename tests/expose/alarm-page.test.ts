// The drift alarm in words, and on a model's page.
import { describe, expect, test } from "vitest";
import { alarmSection } from "../../src/expose/alarm-section.ts";
import { changeText, signalText } from "../../src/expose/alarm-text.ts";
import type { AlarmSignalView, AlarmView } from "../../src/expose/alarm-view.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
const amount: AlarmSignalView = {
  segment: "",
  feature: "amount",
  window: "1h",
  test: "min_effect",
  sinceMillis: now - 600_000,
  value: 3.1e-9,
  limit: 2e-7,
  samples: 1020,
  effect: 0.523,
  before: 40.2,
  after: 61.9,
  bin: { bin: { name: "+Inf", lower: 250, upper: null, count: 0, reference: null }, before: 0.011, after: 0.09 },
};
const nothingKnown = { effect: null, before: null, after: null, bin: null };
const unseen: AlarmSignalView = {
  ...amount,
  ...nothingKnown,
  feature: "country",
  test: "unseen",
  before: 0,
  after: 0.21,
  effect: 0.21,
};

describe("a signal", () => {
  test("of values: how far, how sure, where", () => {
    expect(signalText(amount)).toBe(
      "amount in 1h: PSI 0.523 of 1,020 values, p = 3.1·10⁻⁹ (alarms below 2·10⁻⁷); mean 40.2 → 61.9; > 250: 1.1 % → 9 %",
    );
  });

  test("of a category: the category that changed most", () => {
    const bin = { bin: { name: "DE", lower: null, upper: null, count: 0, reference: null }, before: 0.4, after: 0.2 };
    const text = signalText({ ...amount, ...nothingKnown, effect: 0.2, feature: "country", bin });
    expect(text).toBe("country in 1h: PSI 0.2 of 1,020 values, p = 3.1·10⁻⁹ (alarms below 2·10⁻⁷); DE: 40 % → 20 %");
  });

  test("of a state: its rates", () => {
    expect(signalText(unseen)).toBe("country in 1h: unseen 0 % → 21 % of 1,020 values, p = 3.1·10⁻⁹ (alarms below 2·10⁻⁷)");
  });

  test("of a sequential detector: its evidence", () => {
    const found = { ...amount, window: null, test: "histogram", value: 8.2, limit: 7.4 };
    expect(signalText(found)).toContain("amount: PSI 0.523 of 1,020 values, evidence 10⁸ (alarms from 10⁷)");
    expect(signalText({ ...unseen, window: null, value: 7.4, limit: 7.4 })).toContain("evidence 10⁷ (alarms from 10⁷)");
  });

  test("of a segment names it", () => {
    expect(signalText({ ...amount, segment: "channel=web" })).toContain("amount of channel=web in 1h: PSI");
  });

  test("without numbers says what there is", () => {
    expect(signalText({ ...amount, ...nothingKnown })).toBe(
      "amount in 1h: values of 1,020 values, p = 3.1·10⁻⁹ (alarms below 2·10⁻⁷)",
    );
  });
});

test("a change says whether the alarm began, goes on or ended", () => {
  const change = { timeMillis: now, signal: unseen };
  expect(changeText({ ...change, raised: true, alarm: true })).toMatch(/^drift alarm: country in 1h: unseen/);
  expect(changeText({ ...change, raised: true, alarm: false })).toMatch(/^drift alarm goes on: country in 1h: unseen/);
  expect(changeText({ ...change, raised: false, alarm: false })).toBe("country in 1h (unseen) is as before");
  expect(changeText({ ...change, signal: amount, raised: false, alarm: true })).toBe(
    "amount in 1h is as before: the drift alarm ends",
  );
});

describe("on the page", () => {
  const textOf = (alarm: AlarmView | null): string => alarmSection(alarm, now).text.replace(/<[^>]*>/g, "");

  test("an alarm that is on comes with its reasons and when it began", () => {
    const text = textOf({ on: true, count: 3, signals: [amount, unseen], changes: [] });
    expect(text).toContain("Drift alarm since 2026-11-24 11:50:00 UTC, 10 min ago, because of");
    expect(text).toContain("amount in 1h: PSI 0.523");
    expect(text).toContain("country in 1h: unseen 0 % → 21 %");
  });

  test("many signals are counted", () => {
    const signals = Array.from({ length: 25 }, (_, index) => ({ ...amount, feature: `f${index}` }));
    const text = textOf({ on: true, count: 1, signals, changes: [] });
    expect(text).toContain("f9 in 1h");
    expect(text).not.toContain("f10 in 1h");
    expect(text).toContain("and 15 more signals");
  });

  test("what came and went is told, the latest first; of a calm version without a past nothing is", () => {
    const changes = [
      { timeMillis: now - 7_200_000, raised: true, alarm: true, signal: unseen },
      { timeMillis: now - 3_600_000, raised: false, alarm: true, signal: unseen },
    ];
    const text = textOf({ on: false, count: 1, signals: [], changes });
    expect(text).toMatch(/1 drift alarm so far: what came and went.*the drift alarm ends.*drift alarm: country/s);
    expect(text).not.toContain("because of");
    expect(textOf({ on: false, count: 0, signals: [], changes: [] })).toBe("");
    expect(textOf(null)).toBe("");
  });

  test("hostile names are harmless", () => {
    const signals = [{ ...amount, feature: "<script>x</script>" }];
    const html = alarmSection({ on: true, count: 1, signals, changes: [] }, now).text;
    expect(html).not.toContain("<script>");
    expect(html).toContain("&lt;script&gt;");
  });
});
