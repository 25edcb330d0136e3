// Some quiet hours by the method of the quiet weeks, and then an incident: it is found, so silence by this method means something.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentText } from "../../bench/quiet-weeks-document.ts";
import { type Condition, withoutNames } from "../../bench/quiet-weeks-evaluation.ts";
import { house } from "../../bench/quiet-weeks-house.ts";
import { type Fired, firedIn, verdictOf, verdictText } from "../../bench/quiet-weeks-report.ts";
import { keepRuns, keptRuns, narrowedTo, type Run, runOf } from "../../bench/quiet-weeks-results.ts";
import { askedOf, type Recording, shippedRules, stagesOf } from "../../bench/quiet-weeks-rules.ts";
import { runStretches, type Stretch } from "../../bench/quiet-weeks-run.ts";
import { metricFamilies } from "../../scripts/metric-families.ts";
import type { Family } from "../../src/expose/sample.ts";
import type { Incident } from "../../src/source/simulator.ts";

const hourMillis = 3_600_000;
const originMillis = Date.parse("2026-06-01T00:00:00Z");
const hours = 4;
/** Of the last hour. */
const incident: Incident = {
  story: "fraud",
  effect: { kind: "scaled", feature: "amount", factor: 100 },
  startMillis: originMillis + (hours - 1) * hourMillis,
  endMillis: originMillis + hours * hourMillis,
};
/** The canary has a tenth of the traffic. */
const longestMinutes: Readonly<Record<string, number>> = { "3": 10, "4": 30 };

const stages = stagesOf(shippedRules());
const alerts = stages.flatMap((stage) => stage.alerts);
const folder = mkdtempSync(join(tmpdir(), "quiet-weeks-"));
let stretches: readonly Stretch[];
let fired: readonly Fired[];

const run = (): Promise<Stretch[]> =>
  runStretches({
    streams: { seed: 1, originMillis, incidents: [incident] },
    stretchMillis: (hours / 2) * hourMillis,
    stretches: 2,
    folder,
    stages,
    done: () => undefined,
  });
const conditions = (): (readonly Condition[])[] => stretches.map((stretch) => stretch.conditions);

afterAll(() => rmSync(folder, { recursive: true }));

describe("quiet hours and an incident", () => {
  beforeAll(async () => {
    stretches = await run();
    fired = firedIn(conditions(), alerts);
  });

  test("nothing but the watchdog fires before it", () => {
    const before = fired.filter(({ from }) => from * 1000 < incident.startMillis);
    expect(before.map(({ alert }) => alert)).toEqual(["Watchdog"]);
  });

  test("the watchdog fires at every minute, in one stretch as in the next", () => {
    const [watchdog] = fired.filter(({ alert }) => alert === "Watchdog");
    expect(watchdog?.from).toBe(originMillis / 1000 + 60);
    expect(watchdog?.until).toBe(originMillis / 1000 + hours * 3600 + 60);
  });

  test("it is found, of each version that is given such amounts", () => {
    const found = fired.filter(({ alert }) => alert === "ModelDriftAlarm");
    expect(found.map(({ labels }) => `${labels.model} ${labels.version}`).sort()).toEqual(["fraud 3", "fraud 4"]);
    for (const { from, labels, severity } of found) {
      expect(from * 1000 - incident.startMillis).toBeLessThan((longestMinutes[labels.version as string] as number) * 60_000);
      expect(severity).toBe("critical or warning");
    }
  });

  test("what is there is not computed again", async () => {
    expect(await run()).toEqual(stretches);
  });
});

test("all that rules ask for is on the exporter's page or around it, but for other ways to serve models and a counter of old GPU errors", async () => {
  const named = ({ name, type }: Family): string[] => (type === "histogram" ? [`${name}_bucket`, `${name}_count`] : [name]);
  const there = new Set([...(await metricFamilies()).flatMap(named), ...house.map(({ metric }) => metric)]);
  const missing = new Set(
    askedOf(stages)
      .map(({ metric }) => metric)
      .filter((metric) => !there.has(metric)),
  );
  expect([...missing].filter((metric) => !/^(request_|nv_inference_|bentoml_)/.test(metric))).toEqual([
    "DCGM_EXP_XID_ERRORS_COUNT",
  ]);
});

test("and of nothing around it is there more than they ask for", () => {
  const asked = new Set(askedOf(stages).map(({ metric }) => metric));
  expect(house.filter(({ metric }) => !asked.has(metric))).toEqual([]);
});

describe("what a rule makes of an answer", () => {
  test("series that differ in their names only are one, in the order of time", () => {
    const found = [
      {
        metric: { __name__: "a", model: "m" },
        values: [
          [60, "1"],
          [180, "3"],
        ] as const,
      },
      { metric: { model: "m" }, values: [[120, "2"]] as const },
      { metric: { __name__: "a", model: "n" }, values: [[60, "4"]] as const },
    ];
    expect(withoutNames(found)).toEqual([
      {
        metric: { model: "m" },
        values: [
          [60, "1"],
          [120, "2"],
          [180, "3"],
        ],
      },
      { metric: { model: "n" }, values: [[60, "4"]] },
    ]);
  });

  test("two values of one moment are a mistake, as for a server", () => {
    const of = (name: string) => ({ metric: { __name__: name }, values: [[60, "1"]] as const });
    expect(() => withoutNames([of("a"), of("b")])).toThrow("two values of {} at 60");
  });
});

describe("the verdict", () => {
  const one = (alert: string): Fired => ({
    alert,
    severity: "warning",
    labels: { model: "m" },
    values: [1, 1],
    from: 0,
    until: 60,
  });
  const drift = (count: number): Fired[] => new Array<Fired>(count).fill(one("ModelDriftAlarm"));

  test("fourteen drift alerts and the watchdog are few enough, fifteen are not, nor is a single other one", () => {
    expect(verdictOf([...drift(14), one("Watchdog")]).holds).toBe(true);
    expect(verdictOf(drift(15)).holds).toBe(false);
    expect(verdictOf([one("ExporterDown")]).holds).toBe(false);
    expect(verdictText(verdictOf([...drift(2), one("ExporterDown")]))).toBe("drift alerts: 2 of at most 14; others: 1 of 0");
  });

  const week = { conditions: [], samples: 1e6, processorSeconds: { exporter: 120, rules: 60 } };
  const weeks = (count: number): Stretch[] =>
    Array.from({ length: count }, (_, at) => ({ ...week, from: at * 604_800, until: (at + 1) * 604_800 }));
  const two = runOf(7, weeks(2), drift(1));

  test("the document says it, and of which rules", () => {
    const of = (...runs: Run[]): string =>
      documentText({ runs: runs.map((run) => ({ code: "abc", ...run })), narrowed: [], alerts: alerts.length, hash: "abc" });
    const document = of(two);
    expect(document).toContain("**2 of 20 weeks: drift alerts: 1 of at most 14; others: 0 of 0. It holds so far;");
    expect(document).toContain("| ModelDriftAlarm | warning | model m | 7 | 1970-01-01 00:00 | 1 min |");
    expect(document).toContain("--weeks 2 --seed 7 --write` | 1970-01-01 | 1970-01-15 | 2 million | 4 min | 2 min |");
    expect(document).toContain("references: `abc`");
    const both = of(two, runOf(8, weeks(18), drift(14)));
    expect(both).toContain("**20 of 20 weeks: drift alerts: 15 of at most 14; others: 0 of 0. It does not hold.**");
    expect(both).toContain("Samples scraped: 20 million. Processor time: 40 min for the exporter, 20 min for blocks and rules.");
    expect(both).toContain("| ModelDriftAlarm | warning | model m | 8 | 1970-01-01 00:00 | 1 min |");
  });

  test("runs of one and the same rules add up, of each seed the last", () => {
    const kept = mkdtempSync(join(tmpdir(), "quiet-runs-"));
    const path = join(kept, "kept.jsonl");
    expect(keptRuns("abc", path)).toEqual([]);
    keepRuns([runOf(8, weeks(3), [])], "abc", path);
    keepRuns([two], "abc", path);
    expect(keptRuns("abc", path)).toEqual([two, runOf(8, weeks(3), [])].map((run) => ({ code: "abc", ...run })));
    keepRuns([runOf(8, weeks(4), [])], "abc", path);
    expect(keptRuns("abc", path).map(({ seed, weeks: count }) => [seed, count])).toEqual([
      [7, 2],
      [8, 4],
    ]);
    expect(keptRuns("abd", path)).toEqual([]);
    keepRuns([two], "abd", path);
    expect(keptRuns("abc", path)).toEqual([]);
    rmSync(kept, { recursive: true });
  });
});

describe("weeks that were run with a rule which is narrower now", () => {
  const kept = mkdtempSync(join(tmpdir(), "quiet-runs-"));
  const path = join(kept, "kept.jsonl");
  afterAll(() => rmSync(kept, { recursive: true }));
  const stretch = { from: 0, until: 604_800, conditions: [], samples: 1e6, processorSeconds: { exporter: 60, rules: 60 } };
  const narrowed = [{ was: "first", is: "second", alert: "ModelDown", reason: "it asks for more" }];

  test("count beside those of the rules of now, and the document says why", () => {
    keepRuns([runOf(1, [stretch], [])], "first", path, []);
    expect(keptRuns("second", path, [])).toEqual([]);
    keepRuns([runOf(2, [stretch], [])], "second", path, narrowed);
    const runs = keptRuns("second", path, narrowed);
    expect(runs.map(({ seed, code }) => [seed, code])).toEqual([
      [1, "first"],
      [2, "second"],
    ]);
    const document = documentText({ runs, narrowed, alerts: 3, hash: "second" });
    expect(document).toContain("**2 of 20 weeks");
    expect(document).toContain(
      "Weeks of seed 1 were run before ModelDown was made narrower, and count with all that fired then: it asks",
    );
  });

  test("are found through all changes since", () => {
    const file = join(kept, "narrowed.yml");
    const changes = [
      { was: "second", is: "third", alert: "A", reason: "a" },
      { was: "first", is: "second", alert: "B", reason: "b" },
      { was: "other", is: "another", alert: "C", reason: "c" },
    ];
    writeFileSync(file, JSON.stringify(changes));
    expect(narrowedTo("third", file).map(({ was }) => was)).toEqual(["first", "second"]);
    expect(narrowedTo("first", file)).toEqual([]);
  });
});

describe("stages", () => {
  const recording = (record: string, expression: string, labels = {}): Recording => ({ record, expression, labels });
  const alert = { alert: "A", expression: "c > 1", forMillis: 0, keepMillis: 0, severity: "warning" };

  test("come after what they read, and leave out what no alert needs", () => {
    const rules = [recording("c", "b + b offset 1h"), recording("b", 'x{y="z"}'), recording("d", "c"), alert];
    expect(stagesOf(rules)).toEqual([
      { recordings: [recording("b", 'x{y="z"}')], alerts: [] },
      { recordings: [recording("c", "b + b offset 1h")], alerts: [] },
      { recordings: [], alerts: [alert] },
    ]);
    expect(askedOf(stagesOf(rules))).toEqual([{ metric: "x", matchers: [{ label: "y", operator: "=", value: "z" }] }]);
  });

  test("a rule that reads others of its own name comes after them", () => {
    const [short, long] = [recording("c", "x", { w: "1h" }), recording("c", 'sum_over_time(c{w="1h"}[30d:1h])', { w: "30d" })];
    expect(stagesOf([long, short, alert])).toEqual([
      { recordings: [short], alerts: [] },
      { recordings: [long], alerts: [] },
      { recordings: [], alerts: [alert] },
    ]);
  });

  test("all alerts that are shipped are in one", () => {
    expect(alerts.length).toBeGreaterThan(50);
    expect(new Set(alerts.map(({ alert: name }) => name)).size).toBe(alerts.length);
    expect(alerts.length).toBe(shippedRules().filter((rule) => "alert" in rule).length);
  });
});
