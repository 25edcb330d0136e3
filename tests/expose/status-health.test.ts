// The health of the exporter in words, as the overview says it.
import { describe, expect, test } from "vitest";
import { statusPage } from "../../src/expose/status-page.ts";
import type { StatusView } from "../../src/expose/status-view.ts";
import { readMarkup } from "./markup.ts";
import { exampleRejection, exampleStatus, exampleSummary, now } from "./status-example.ts";

describe("health", () => {
  const healthOf = (more: Partial<StatusView>): string[] => {
    const page = statusPage(exampleStatus(more));
    const list = /<ul class="health">(.*?)<\/ul>/s.exec(page)?.[1] ?? "";
    return list
      .split("</li>")
      .slice(0, -1)
      .map((item) => readMarkup(`${item}</li>`).text);
  };
  const { exporter, configuration } = exampleStatus();

  test("all is well", () => {
    expect(healthOf({})).toEqual(["All is well The source answers, everything is read in time, and no limit is met."]);
  });

  test("problems come before notes", () => {
    const texts = healthOf({
      exporter: {
        ...exporter,
        source: { up: false, problems: ["no broker answers"], leftBehind: 0 },
        waitingFor: ["no broker answers"],
      },
      rejections: [exampleRejection()],
    });
    expect(texts).toEqual([
      "Problem The source of records does not answer.",
      "Problem Source: no broker answers",
      "Note 3 records and events rejected; examples.",
    ]);
  });

  test.each<[string, Partial<StatusView>, string]>([
    [
      "a reload that failed",
      { configuration: { ...configuration, error: "exporter.yml: limits: wrong", failedMillis: now - 60_000 } },
      "Problem The configuration was not reloaded 60 s ago; the one loaded 24 h ago stays in effect. See why.",
    ],
    [
      "a state that is not saved",
      { exporter: { ...exporter, snapshot: { savedMillis: now - 600_000, everyMillis: 30_000, errors: 20 } } },
      "Problem The state was last saved 10 min ago, and is to be saved every 30 s; 20 saves failed. The log says why.",
    ],
    [
      "records that were lost",
      { topics: [{ topic: "predictions", events: 1, late: [], gapRecords: 1000 }] },
      "Problem 1,000 records were lost or unreadable before they were read: predictions.",
    ],
    [
      "a limit that turned something away",
      { limits: [{ limit: "models", used: 100, allowed: 100, turnedAway: 12 }] },
      "Problem The limit of models (100 of 100) turned away 12.",
    ],
    [
      "a limit that is close",
      { limits: [{ limit: "slots", used: 8, allowed: 10, turnedAway: null }] },
      "Note The limit of slots is close: 8 of 10.",
    ],
    [
      "events that were late",
      { topics: [{ topic: "predictions", events: 9, late: [{ name: "log", count: 2 }], gapRecords: 0 }] },
      "Note 2 events came after their minute was closed: in totals, but in no window.",
    ],
    ["no model", { models: [] }, "Note No model has been seen yet."],
    [
      "a model without predictions",
      {
        models: [
          exampleSummary("silent", {
            window: { window: "1h", endMillis: 0, stale: true, predictions: null, errors: null, perSecond: null },
          }),
        ],
      },
      "Note No recent predictions: silent.",
    ],
    [
      "values that are not as they should be",
      {
        models: [
          exampleSummary("fraud", {
            quality: { features: 1, worst: [{ feature: "amount", state: "null", count: 1, share: 0.1 }] },
          }),
        ],
      },
      "Note Values that are not as they should be: fraud.",
    ],
    [
      "a drift alarm",
      {
        models: [
          exampleSummary("fraud", { drifting: { alarming: 1, compared: 20, worst: [{ feature: "amount", window: "24h" }] } }),
          exampleSummary("calm", { drifting: { alarming: 0, compared: 20, worst: [] } }),
        ],
      },
      "Note Drift alarm: fraud.",
    ],
    [
      "what is waited for",
      { exporter: { ...exporter, waitingFor: ["catching up with the logs"] } },
      "Note Not ready yet: catching up with the logs.",
    ],
  ])("%s", (_what, more, text) => {
    expect(healthOf(more)).toEqual([text]);
  });

  test("a save that failed is no problem while the state is young", () => {
    const young = { savedMillis: now - 40_000, everyMillis: 30_000, errors: 1 };
    expect(healthOf({ exporter: { ...exporter, snapshot: young } })).toHaveLength(1);
  });
});
