// The pages as markup: what they say, how long they get, and that no name can become a part of them.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { modelPage, unknownModelPage } from "../../src/expose/model-page.ts";
import type { FeatureView, ModelView } from "../../src/expose/model-view.ts";
import { statusPage } from "../../src/expose/status-page.ts";
import type { StatusView, VersionSummary } from "../../src/expose/status-view.ts";
import { driftingFeature, driftingVersion, exampleDrift, exampleState, testValues } from "./drift-example.ts";
import { hostileNames } from "./hostile-names.ts";
import { readMarkup } from "./markup.ts";
import {
  categoricalFeature,
  exampleFeature,
  exampleLog,
  exampleModel,
  exampleRejection,
  exampleStatus,
  exampleSummary,
  exampleVersion,
  exampleWindow,
  now,
  numberBins,
} from "./status-example.ts";

/** Every text from outside that the overview shows is this one. */
function overviewOf(name: string): StatusView {
  const status = exampleStatus();
  const worst = [{ feature: name, state: "missing", count: 1, share: 0.5 }];
  return {
    ...status,
    exporter: {
      ...status.exporter,
      ready: false,
      waitingFor: [name],
      source: { up: false, problems: [`problem ${name}`], leftBehind: 1 },
      snapshot: { savedMillis: 0, everyMillis: 30_000, errors: 3 },
    },
    configuration: { path: name, loadedMillis: 0, takesEffectMillis: now, error: name.replaceAll("\n", " "), failedMillis: now },
    topics: [{ topic: name, events: 1, late: [{ name: "log", count: 2 }], gapRecords: 4 }],
    logs: [exampleLog(0, { topic: name }), exampleLog(1, { topic: name, paused: true, notWaitedFor: true })],
    rejections: [exampleRejection({ topic: name, example: { partition: 0, offset: 1, detail: name } })],
    limits: [{ limit: "models", used: 100, allowed: 100, turnedAway: 7 }],
    models: [exampleSummary(name, { ...driftingVersion(name), quality: { features: 2, worst } })],
  };
}

/** Every text from outside that a model's page shows is this one. */
function modelOf(name: string): ModelView {
  const worst = [{ feature: name, state: "missing", count: 1, share: 0.5 }];
  const drifting = driftingVersion(name);
  return exampleModel(name, {
    ...drifting,
    quality: { features: 1, worst },
    notices: [{ timeMillis: now, text: `feature ${name} vanished` }],
    features: [exampleFeature(name), categoricalFeature(name, [name, "__other__"]), ...(drifting.features ?? [])],
  });
}

/** As a learned reference makes them: 20 bins and both ends. */
function fullFeature(name: string): FeatureView {
  const edges = Array.from({ length: 21 }, (_, index) => 12.345 * index);
  const even = Array.from({ length: 22 }, () => 1 / 22);
  const counts = even.map((_, index) => 100 + 7 * index);
  const states = ["missing", "null", "wrong_type", "unseen"].map((state) => exampleState({ state, pValue: 0.234 }));
  const quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map((q) => ({ q, value: 123.4 * q }));
  const windows = ["1h", "24h"].map((window) => {
    const drift = exampleDrift({ window, matched: window === "1h", states });
    return exampleWindow({ window, samples: 3817, bins: numberBins(edges, counts, even), quantiles, drift });
  });
  return exampleFeature(name, { windows });
}

/** The tags but for those with which a name is spelt out. */
function skeleton(page: string): string {
  const text = page
    .replaceAll(/<span class="odd">[^<]*<\/span>/g, "")
    .replaceAll(/<a href="\/models\/[^"]*">(<bdi>[^<]*<\/bdi>)<\/a>/g, "$1");
  return readMarkup(text).tags.join(" ");
}

describe("names from outside", () => {
  const names = fc.oneof(
    fc.constantFrom(...hostileNames),
    fc.string({ unit: "binary", minLength: 1 }),
    fc.stringMatching(/^[<>&"'/= a-z]+$/),
  );

  test.each([
    ["the overview", (name: string) => statusPage(overviewOf(name))],
    ["a model's page", (name: string) => modelPage(modelOf(name))],
    ["the page of an unknown model", (name: string) => unknownModelPage(name)],
  ])("never become markup of %s", (_page, render) => {
    const expected = skeleton(render("name"));
    const shows = (name: string): void => {
      const page = render(name);
      expect(skeleton(page)).toBe(expected);
      expect(readMarkup(page).text).not.toMatch(/[^\P{C}\n]/u);
    };
    for (const name of hostileNames) shows(name);
    fc.assert(fc.property(names, shows), { numRuns: 200 });
  });

  test("lead nowhere but to models, anchors and our own paths", () => {
    for (const name of hostileNames) {
      for (const page of [statusPage(overviewOf(name)), modelPage(modelOf(name)), unknownModelPage(name)]) {
        for (const [attribute, value] of readMarkup(page).attributes) {
          if (attribute === "href")
            expect(value).toMatch(/^(#[a-z0-9-]+|\/|\/metrics|\/api\/v1\/status|(\/api\/v1)?\/models\/[^/?#"<>&\s]+)$/);
          else expect(attribute).not.toMatch(/^(on|src|style|action|formaction)/);
        }
      }
    }
  });
});

describe("length", () => {
  const models = (count: number, name: (index: number) => string) =>
    Array.from({ length: count }, (_, index) =>
      exampleSummary(name(index), {
        quality: { features: 3, worst: [{ feature: "a_feature_of_some_length", state: "out_of_range", count: 5, share: 0.01 }] },
        drifting: { alarming: 3, compared: 20, worst: [{ feature: "a_feature_of_some_length", window: "24h" }] },
      }),
    );

  test("a hundred models are all shown in less than 100 KB", () => {
    const page = statusPage(exampleStatus({ models: models(100, (index) => `a-model-with-a-usual-name-${index}`) }));
    expect(Buffer.byteLength(page)).toBeLessThan(100_000);
    expect(page.match(/<th scope="row"><a href="\/models\//g)).toHaveLength(100);
  });

  test.each(['"', "\u202e", "\u4e2d", "x"])("names of 128 times %j do not make the page longer than that", (character) => {
    const name = (index: number): string => character.repeat(124) + String(index).padStart(4, "0");
    const status = exampleStatus({
      models: models(5000, name),
      logs: Array.from({ length: 5000 }, (_, partition) => exampleLog(partition, { topic: name(partition), unreadRecords: 1 })),
      rejections: Array.from({ length: 500 }, (_, index) => exampleRejection({ topic: name(index) })),
    });
    const page = statusPage(status);
    expect(Buffer.byteLength(page)).toBeLessThan(100_000);
    expect(page).toMatch(/[\d,]+ more models in the <a href="\/api\/v1\/status">JSON/);
  });

  test("a model with more features than a page holds says how many are left out", () => {
    const features = Array.from({ length: 2000 }, (_, index) => exampleFeature(`f${index}`));
    const page = modelPage(exampleModel("wide", { features }));
    expect(Buffer.byteLength(page)).toBeLessThan(950_000);
    const shown = page.match(/<article/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(100);
    expect(readMarkup(page).text).toContain(`${(2000 - shown).toLocaleString("en-US")} more are in the JSON`);
  });

  test("150 features of 20 bins are shown in full, with all scores of two windows", () => {
    const features = Array.from({ length: 150 }, (_, index) => fullFeature(`a_feature_with_a_name_of_some_length_${index}`));
    const page = modelPage(exampleModel("wide", { features }));
    expect(page.match(/<article/g)).toHaveLength(150);
    expect(page).not.toContain("more are in the");
  });

  test("what alarms is shown first, so it is never left out", () => {
    const calm = Array.from({ length: 2000 }, (_, index) => exampleFeature(`f${index}`));
    const page = modelPage(exampleModel("wide", { features: [...calm, driftingFeature("loud", { pValues: testValues(1e-9) })] }));
    expect(page.match(/<article class="[^"]*"><h4><bdi>[^<]*/)?.[0]).toBe('<article class="card alarm"><h4><bdi>loud');
  });
});

describe("the overview's word on drift", () => {
  const worst = [{ feature: "amount", window: "24h" }];
  const textOf = (versions: readonly VersionSummary[]) =>
    readMarkup(statusPage(exampleStatus({ models: [{ name: "fraud", versions }] }))).text;

  test("is of the version with the most features that are raised", () => {
    const text = textOf([
      exampleVersion("1", { drifting: { alarming: 0, compared: 20, worst: [] } }),
      exampleVersion("2", { drifting: { alarming: 2, compared: 20, worst } }),
      exampleVersion("3"),
    ]);
    expect(text).toContain("good2: drift alarm, 2 of 20 features: amount (24h), …");
  });

  test("is that there is none, or nothing to compare with", () => {
    const drifting = { alarming: 0, compared: 20, worst: [] };
    expect(textOf([exampleVersion("1", { drifting }), exampleVersion("2")])).toContain("goodno alarm, 20 features compared");
    expect(textOf([exampleVersion("1")])).toContain("goodno reference yet");
  });
});

describe("a model's page", () => {
  test("tells in words what its pictures show", () => {
    const { attributes, text } = readMarkup(modelPage(exampleModel("fraud")));
    const labels = attributes.filter(([name]) => name === "aria-label").map(([, value]) => value);
    expect(labels).toContain("Histogram of amount: 90 values in 1h; 5 % 0.5, median 2.5.");
    expect(text).toContain("numeric · 90 values in 1h10 % null");
    expect(text).toContain("too few values to tell numbers from categories");
  });

  test("says that a window is withheld", () => {
    const window = { window: "1h", endMillis: now - 7_200_000, stale: true, predictions: null, errors: null, perSecond: null };
    const { text } = readMarkup(modelPage(exampleModel("fraud", { window, features: [] })));
    expect(text).toContain("The newest window of 1h ended at 2026-03-01 10:00:00 UTC, 2 h ago: its numbers are withheld.");
  });

  test("has headings that go down a level at a time, one of the first", () => {
    const page = modelPage({
      ...exampleModel("fraud"),
      versions: [exampleModel("a"), exampleModel("b")].flatMap((one) => one.versions),
    });
    for (const one of [page, statusPage(exampleStatus())]) {
      const levels = readMarkup(one)
        .tags.filter((tag) => /^h\d$/.test(tag))
        .map((tag) => Number(tag.slice(1)));
      expect(levels.filter((level) => level === 1)).toEqual([1]);
      for (const [index, level] of levels.entries()) expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1);
    }
  });

  test("has each id once", () => {
    const versions = ["1", "2"].flatMap((version) => exampleModel("m", exampleVersion(version)).versions);
    const ids = readMarkup(modelPage({ nowMillis: now, name: "m", versions })).attributes.filter(([name]) => name === "id");
    expect(new Set(ids.map(([, id]) => id)).size).toBe(ids.length);
  });
});
