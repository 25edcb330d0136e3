// What a model's page says of drift: scores, verdicts, states, pictures against the reference, what it all is compared with.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alarms } from "../../src/expose/drift-alarm.ts";
import { scoreText } from "../../src/expose/drift-scores.ts";
import { verdictText, verdictWord } from "../../src/expose/drift-verdict.ts";
import { driftingText } from "../../src/expose/drifting-text.ts";
import { featureCard } from "../../src/expose/feature-card.ts";
import { referenceText } from "../../src/expose/model-reference.ts";
import type { DriftView, FeatureView } from "../../src/expose/model-view.ts";
import { driftingFeature, exampleDrift, exampleReference, exampleState, testValues, uncalibrated } from "./drift-example.ts";
import { readMarkup } from "./markup.ts";
import { categoricalFeature, exampleFeature, exampleWindow, numberBins } from "./status-example.ts";

const hour = 3_600_000;

function cardOf(feature: FeatureView) {
  const { text, attributes } = readMarkup(featureCard(feature).text);
  return { text, attributes, isMarked: attributes.some(([name, value]) => name === "class" && value === "card alarm") };
}

describe("the verdict", () => {
  const few = "the reference has too few hours or days to tell how much windows differ without drift";
  const cases: readonly [about: string, drift: Partial<DriftView>, text: string, alarms: boolean][] = [
    ["p below alpha", { pValues: testValues(3e-8) }, "p = 3·10⁻⁸: alarms below 4·10⁻⁶", true],
    ["p at alpha", { pValues: testValues(4e-6) }, "p = 4·10⁻⁶: unusual, but alarms only below 4·10⁻⁶", false],
    ["p of an unusual window", { pValues: testValues(0.002) }, "p = 0.002: unusual, but alarms only below 4·10⁻⁶", false],
    ["p of a usual window", {}, "p = 0.2: no drift that matters (PSI above 0.1)", false],
    ["nothing accepted", { minEffect: 0 }, "p = 0.2: as windows without drift", false],
    ["another test", { pValues: [{ name: "chi_square", value: 0.2 }] }, "p = 0.2: as windows without drift", false],
    ["p of nothing", { pValues: testValues(0) }, "p < 10⁻³⁰⁰: alarms below 4·10⁻⁶", true],
    ["few values", { samples: 312, scores: [], pValues: [] }, "too few values: 312 of 1,050 that scores need", false],
    [
      "few values, but a p-value",
      { samples: 1049.4, pValues: testValues(0) },
      "too few values: 1,049 of 1,050 that scores need",
      false,
    ],
    ["few panes", { pValues: [], ...uncalibrated("few_panes", 40 * hour) }, `no p-value: ${few}; known in 40 h`, false],
    [
      "few panes of a file",
      { pValues: [], ...uncalibrated("few_panes") },
      `no p-value: ${few}; with this reference it will not be known`,
      false,
    ],
    [
      "few panes, but a p-value",
      { pValues: testValues(0), ...uncalibrated("few_panes", hour) },
      `p < 10⁻³⁰⁰: no alarm; ${few}; known in 60 min`,
      false,
    ],
    [
      "dispersion off",
      uncalibrated("off"),
      "p = 0.2: no drift that matters (PSI above 0.1); as if events were independent, by configuration",
      false,
    ],
    [
      "dispersion off, drift",
      { pValues: testValues(1e-9), ...uncalibrated("off") },
      "p = 1·10⁻⁹: alarms below 4·10⁻⁶; as if events were independent, by configuration",
      true,
    ],
    [
      "one group",
      { pValues: [], ...uncalibrated("one_group") },
      "no p-value: nearly all values of the reference are in one bin",
      false,
    ],
    [
      "no variation",
      { pValues: [], ...uncalibrated("no_variation") },
      "no p-value: the reference's hours or days do not differ at all: nothing follows from them",
      false,
    ],
    [
      "alpha too small",
      { pValues: testValues(1e-7), ...uncalibrated("alpha", 90 * hour) },
      "p = 1·10⁻⁷: no alarm; the reference cannot tell of chances as small as an alarm asks for (4·10⁻⁶); known in 3 d",
      false,
    ],
    ["no test", { pValues: [] }, "no p-value", false],
  ];

  test.each(cases)("of %s", (_about, more, text, alarming) => {
    const drift = exampleDrift(more);
    expect([verdictText(drift), alarms(drift)]).toEqual([text, alarming]);
    expect(verdictWord(drift) === "alarms").toBe(alarming);
    const card = cardOf(driftingFeature("x", more));
    expect(card.text).toContain(text);
    expect([card.isMarked, card.text.includes("Alarms: p")]).toEqual([alarming, alarming]);
  });

  test("other tests do not alarm where the minimum-effect test does not: they find differences that do not matter", () => {
    const pValues = [
      { name: "chi_square", value: 1e-30 },
      { name: "min_effect", value: 0.3 },
    ];
    expect(alarms(exampleDrift({ pValues }))).toBe(false);
    expect(alarms(exampleDrift({ pValues: pValues.slice(0, 1) }))).toBe(true);
  });

  test("of a longer window is told where it alarms", () => {
    const long = exampleDrift({ window: "24h", pValues: testValues(1e-20) });
    const windows = [exampleWindow({ drift: exampleDrift() }), exampleWindow({ window: "24h", drift: long })];
    const { text, isMarked } = cardOf(exampleFeature("x", { windows }));
    expect(text).toContain("p = 0.2: no drift that matters (PSI above 0.1)Alarms in 24h: p = 1·10⁻²⁰: alarms below 4·10⁻⁶");
    expect(isMarked).toBe(true);
  });

  test("where nothing is compared, nothing is said", () => {
    const { text, isMarked } = cardOf(exampleFeature("x"));
    expect(text).not.toMatch(/alarm|reference|Drift/);
    expect([isMarked, alarms(null)]).toEqual([false, false]);
  });
});

describe("scores", () => {
  const main = "PSI 0.31 beyond chance (adjusted), 12 % of values moved (total variation), mean distance 0.4 standard deviations";

  test.each([
    ["the main ones with their sample size", {}, `${main}, of 1,204 values`],
    ["of a longer window", { window: "6h" }, `${main}, of 1,204 values over 6h, as 1h has too few values`],
    ["by hours", { matched: true }, `${main}, of 1,204 values, against the same hours of the day`],
    [
      "others where those are not there",
      { scores: [{ name: "hellinger", value: 0.2 }] },
      "Hellinger distance 0.2, of 1,204 values",
    ],
    ["none", { scores: [] }, ""],
  ])("%s", (_about, more, text) => {
    expect(readMarkup(scoreText(exampleDrift(more), "1h").text).text).toBe(text);
  });

  test("are all in the tables, by window, with p-values and states", () => {
    const drift = exampleDrift({ states: [exampleState()] });
    const windows = [exampleWindow({ drift }), exampleWindow({ window: "24h", drift: null })];
    const { text } = cardOf(exampleFeature("x", { windows }));
    const rows = text.slice(text.indexOf("Drift of x"), text.indexOf("Counts by bin")).trim().split("\n");
    expect(rows).toEqual([
      "Drift of xDrift1h24hverdictno alarm–",
      "values1,204–",
      "values needed1,050–",
      "PSI0.33–",
      "PSI, adjusted0.31–",
      "Jensen-Shannon0.2–",
      "Hellinger0.19–",
      "total variation0.12–",
      "Kolmogorov-Smirnov0.1–",
      "Wasserstein (std. dev.)0.4–",
      "p, PSI above 0.10.2–",
      "p, chi-square0.04–",
      "p, Anderson-Darling0.02–",
      "alarms below4·10⁻⁶–",
      "missing (+1 % may be)5 % against 1 %, p = 3·10⁻⁹–",
    ]);
  });
});

describe("states of values", () => {
  const lineOf = (more: Parameters<typeof exampleState>[0]) => cardOf(driftingFeature("x", { states: [exampleState(more)] }));

  test("are told of where they alarm", () => {
    const { text, isMarked } = lineOf({});
    expect(text).toContain("Alarms: missing 5 % against 1 %, p = 3·10⁻⁹");
    expect(isMarked).toBe(true);
  });

  test("and where they are more than is accepted, but may be so by chance", () => {
    for (const [pValue, words] of [
      [0.2, "p = 0.2"],
      [null, "no p-value"],
    ] as const) {
      const { text, isMarked } = lineOf({ state: "wrong_type", pValue });
      expect(text).toContain(`wrong type 5 % against 1 %, ${words}: no alarm`);
      expect(isMarked).toBe(false);
    }
  });

  test("else only in the tables", () => {
    const { text } = lineOf({ share: 0.019, pValue: 0.2 });
    expect(text.slice(0, text.indexOf("All numbers"))).not.toContain("missing");
  });
});

describe("pictures", () => {
  test("a histogram says in words what its line shows", () => {
    const { text, attributes } = cardOf(driftingFeature("x"));
    const label = attributes.find(([name]) => name === "aria-label")?.[1];
    expect(label).toBe(
      "Histogram of x: 90 values in 1h; 5 % 0.5, median 2.5. Against the reference: most gained in (3, 4] (22.2 % instead of 15 %), most lost in (1, 2] (22.2 % instead of 40 %).",
    );
    expect(text).toContain("bars: 1h, line: reference");
    expect(attributes.filter(([name, value]) => name === "class" && value === "ref")).toHaveLength(1);
  });

  test("a window like its reference is said to be so", () => {
    const bins = numberBins([1, 2], [25, 50, 25], [0.25, 0.5, 0.25]);
    const { attributes } = cardOf(exampleFeature("x", { windows: [exampleWindow({ bins, samples: 100 })] }));
    expect(attributes.find(([name]) => name === "aria-label")?.[1]).toMatch(/As the reference\.$/);
  });

  test("of bars that are cut both shares are told", () => {
    const edges = [0, 1, 1.01, 2, 3, 4];
    const bins = numberBins(edges, [10, 100, 580, 100, 100, 100, 10], [0.01, 0.1, 0.48, 0.1, 0.1, 0.1, 0.11]);
    const { text } = cardOf(exampleFeature("x", { windows: [exampleWindow({ bins, samples: 1000 })] }));
    expect(text).toContain("cut off: (1, 1.01] holds 58 %, 48 % of the reference");
  });

  test("categories stand beside their shares of the reference, with those that are gone", () => {
    const feature = categoricalFeature("country", ["DE", "FR"], 0.25);
    const [window] = feature.windows;
    const gone = { name: "NL", lower: null, upper: null, count: 0, reference: 0.5 };
    const windows = [{ ...exampleWindow(), ...window, bins: [gone, ...(window?.bins ?? [])] }];
    const { text, attributes } = cardOf({ ...feature, windows });
    expect(text).toContain("tick: reference1href. share in the referenceFR52.4 %25 %NL0 %50 %DE47.6 %25 %");
    expect(attributes.filter(([name, value]) => name === "class" && value === "ref")).toHaveLength(3);
  });

  test("counts by bin have a column of the reference's shares, more where windows have references of their own", () => {
    const of = (window: string, reference: readonly number[]) =>
      exampleWindow({ window, bins: numberBins([1], [3, 1], reference) });
    const same = cardOf(exampleFeature("x", { windows: [of("1h", [0.2, 0.8]), of("24h", [0.2, 0.8])] })).text;
    expect(same).toContain("Bin1h24hReference≤ 13320 %\n> 11180 %");
    const own = cardOf(exampleFeature("x", { windows: [of("1h", [0.2, 0.8]), of("24h", [0.3, 0.7])] })).text;
    expect(own).toContain("Bin1h24hReference of 1hReference of 24h≤ 13320 %30 %\n> 11180 %70 %");
  });
});

describe("the reference", () => {
  const textOf = (...[more]: Parameters<typeof exampleReference>) => readMarkup(referenceText(exampleReference(more)).text).text;

  test("is told with its period, size, hash and coverage", () => {
    expect(textOf()).toBe(
      "Reference learned from the stream, 2026-02-28 08:00 to 2026-03-01 08:00, 86,400 predictions, a1b2c3d4; 18 of 20 features, 2 still learned.",
    );
    expect(textOf({ kind: "file", fromMillis: null, toMillis: null, rows: null, known: 1, learning: 0 })).toBe(
      "Reference from a file, a1b2c3d4; 1 feature.",
    );
    expect(textOf({ kind: "kafka", learning: 0 })).toContain("Reference built from Kafka's history, 2026");
    expect(textOf({ kind: "accepted", hash: null })).toMatch(
      /^Reference accepted from a window of the stream, .* predictions; 18/,
    );
  });

  test("or why there is none", () => {
    expect(readMarkup(referenceText(null).text).text).toMatch(/^No reference yet: nothing says what is normal/);
    expect(textOf({ hash: null, known: 0, learning: 7 })).toBe("No reference yet: 7 features are still learned.");
    expect(textOf({ hash: null, known: 0, learning: 0 })).toBe("No reference yet: no feature has one.");
  });
});

test("the drift alarm, in short", () => {
  const textOf = (...[view]: Parameters<typeof driftingText>) => readMarkup(driftingText(view).text).text;
  const worst = [{ feature: "amount", window: "24h" }];
  expect(textOf({ alarming: 0, compared: 20, worst: [] })).toBe("no alarm, 20 features compared");
  const detected = textOf({ alarming: 1, compared: 20, worst: [{ feature: "amount", window: "" }] });
  expect(detected).toBe("drift alarm, 1 of 20 features: amount");
  expect(textOf({ alarming: 1, compared: 20, worst })).toBe("drift alarm, 1 of 20 features: amount (24h)");
  expect(textOf({ alarming: 2, compared: 20, worst })).toBe("drift alarm, 2 of 20 features: amount (24h), …");
});

test("whatever the numbers are, a card has no NaN and no infinity", () => {
  const size = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const drift = fc.record({
    samples: size,
    samplesNeeded: size,
    scores: fc.array(fc.record({ name: fc.constantFrom("psi_adjusted", "total_variation", "other"), value: share }), {
      maxLength: 3,
    }),
    pValues: share.map(testValues),
    states: fc.array(
      fc.record({
        state: fc.constant("null"),
        share,
        referenceShare: share,
        tolerance: share,
        pValue: fc.option(share),
        alpha: share,
      }),
    ),
    minEffect: size,
    alpha: share,
  });
  const binsOf = fc.array(fc.tuple(fc.nat(), share), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(drift, binsOf, (more, bins) => {
      const edges = bins.slice(1).map((_, index) => index ** 3);
      const counts = bins.map(([count]) => count);
      const samples = counts.reduce((sum, count) => sum + count, 0);
      const references = bins.map(([, reference]) => reference);
      const window = exampleWindow({ samples, bins: numberBins(edges, counts, references), drift: exampleDrift(more) });
      const { text, attributes } = cardOf(exampleFeature("x", { windows: [window] }));
      expect([text, ...attributes.map(([, value]) => value)].join(" ")).not.toMatch(/NaN|Infinity|∞|undefined|null,/);
    }),
  );
});
