// Everything that a board asks is asked of a real Prometheus that has seen the demo's incidents: for every value of its variables
// there is an answer, without a warning; and where there is none, it is known why.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ruleFiles } from "../../scripts/rules/rule-files.ts";
import { type Answer, type StoredPrometheus, startStored } from "../servers/stored-prometheus.ts";
import { backfill, type Past } from "./backfill.ts";
import { boardFiles, type PanelFile, panelsOf, type TargetFile, variableOf } from "./board-files.ts";
import { combinations, repeated } from "./combinations.ts";
import { demoPages } from "./demo-pages.ts";
import { emptyInDemo, emptyOfSome } from "./empty-panels.ts";
import { addPage } from "./open-metrics.ts";
import { ofScrape, RecordedTargets } from "./recorded-targets.ts";
import { all, replaceVariables, type Times, type Values } from "./variables.ts";

const minuteMillis = 60_000;
/** A Wednesday: the script of incidents begins. */
const scriptMillis = Date.parse("2026-11-18T12:00:00Z");
/** The script, and some minutes before and after it. */
const hours = {
  startMillis: scriptMillis - 10 * minuteMillis,
  endMillis: scriptMillis + 70 * minuteMillis,
  everyMillis: 2 * minuteMillis,
  scriptMillis,
  historyMillis: 180 * minuteMillis,
};
const past: Past = {
  startSeconds: hours.startMillis / 1000,
  endSeconds: hours.endMillis / 1000,
  stepSeconds: hours.everyMillis / 1000,
};
const times: Times = { rangeSeconds: past.endSeconds - past.startSeconds, scrapeSeconds: past.stepSeconds };
/** Points of a range query: a panel of that width would ask for more, and get the same series. */
const points = 10;
/** It computes for most of a minute, and the machine may be busy. */
const fillTimeoutMillis = 15 * minuteMillis;
const exporterTarget = { job: "prediction-exporter", instance: "exporter:9877" };

let data: string;
let prometheus: StoredPrometheus;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "boards-"));
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout"] });
  try {
    await backfill(data, past, ruleFiles(), async (file) => {
      const others = new RecordedTargets();
      for await (const { seconds, page } of demoPages(hours)) {
        addPage(file, page, exporterTarget, seconds);
        ofScrape(file, exporterTarget, seconds);
        others.scrape(file, past.startSeconds, seconds);
      }
      vi.useRealTimers();
    });
  } finally {
    vi.useRealTimers();
  }
  prometheus = await startStored(data);
}, fillTimeoutMillis);
afterAll(async () => {
  await prometheus?.stop();
  rmSync(data, { recursive: true, force: true });
});

const answers = new Map<string, Promise<Answer>>();

/** As Grafana asks; what was asked before is not asked again. */
function ask(expression: string, { instant = false }: Pick<TargetFile, "instant">): Promise<Answer> {
  const key = `${instant} ${expression}`;
  const { startSeconds: start, endSeconds: end } = past;
  const step = Math.ceil((end - start) / points);
  const answer =
    answers.get(key) ?? (instant ? prometheus.instant(expression, end) : prometheus.range(expression, { start, end, step }));
  answers.set(key, answer);
  return answer;
}

interface Asked {
  readonly panel: PanelFile;
  readonly target: TargetFile;
  readonly values: Values;
  readonly answer: Answer;
}

describe.each([...boardFiles])("%s", (uid, board) => {
  let chosenOnce: readonly Values[];
  let asked: Asked[];
  const nameOf = ({ title }: PanelFile): string => `${uid}: ${title}`;
  const chosen = (values: Values): string => [...values].map(([name, value]) => `${name}=${value}`).join(" ");

  beforeAll(async () => {
    asked = [];
    chosenOnce = await combinations(prometheus, board, times);
    for (const values of chosenOnce) {
      for (const panel of panelsOf(board)) {
        const each = panel.repeat === undefined ? [values] : await repeated(prometheus, board, values, panel.repeat, times);
        const questions = each.flatMap((own) => (panel.targets ?? []).map((target) => ({ own, target })));
        asked.push(
          ...(await Promise.all(
            questions.map(async ({ own, target }) => {
              const answer = await ask(replaceVariables(target.expr, board, own, times), target);
              return { panel, target, values: own, answer };
            }),
          )),
        );
      }
    }
  });

  test("there is something to choose for each variable", () => {
    const names = board.templating.list.slice(1).map(({ name }) => name);
    const isValue = (value = ""): boolean => value !== "" && value !== all;
    expect(names.filter((name) => !chosenOnce.some((values) => isValue(values.get(name))))).toEqual([]);
  });

  test("marks have answers for some of what can be chosen, and times that Grafana can read", async () => {
    for (const { name, expr, useValueForTime = false } of board.annotations.list) {
      const answers = await Promise.all(chosenOnce.map((values) => ask(replaceVariables(expr, board, values, times), {})));
      const points = answers.flatMap(({ result }) => result.flatMap(({ values }) => values.map(([, value]) => Number(value))));
      expect(points.length, name).toBeGreaterThan(0);
      expect(
        answers.flatMap(({ remarks }) => remarks),
        name,
      ).toEqual([]);
      // Within the week before, in milliseconds.
      const from = hours.startMillis - 7 * 24 * 60 * minuteMillis;
      if (useValueForTime)
        expect(
          points.filter((millis) => !(millis > from && millis <= hours.endMillis)),
          name,
        ).toEqual([]);
    }
  });

  test("answers come without warnings", () => {
    const remarks = asked.flatMap(({ panel, target, answer }) =>
      answer.remarks.map((remark) => `${nameOf(panel)} ${target.refId}: ${remark}`),
    );
    expect([...new Set(remarks)]).toEqual([]);
  });

  test("every question has an answer for some of what can be chosen, but for those that the demo has nothing of", () => {
    const keys = new Map(asked.map((one) => [`${nameOf(one.panel)} ${one.target.refId}`, one.panel]));
    const answered = new Set(
      asked.filter(({ answer }) => answer.result.length > 0).map((one) => `${nameOf(one.panel)} ${one.target.refId}`),
    );
    const silent = [...keys.keys()].filter((key) => !answered.has(key));
    expect(silent.sort()).toEqual([...emptyInDemo.keys()].filter((key) => key.startsWith(`${uid}:`)).sort());
  });

  test("every panel shows something for all that can be chosen, but for those that are not of every model", () => {
    const groups = Map.groupBy(asked, ({ panel, values }) => `${panel.id} ${chosen(values)}`);
    const empty = [...groups.values()].filter((group) => group.every(({ answer }) => answer.result.length === 0));
    const names = [...new Set(empty.map(([one]) => nameOf((one as Asked).panel)))];
    const silent = panelsOf(board).filter(({ title, targets = [] }) =>
      targets.every(({ refId }) => emptyInDemo.has(`${uid}: ${title} ${refId}`)),
    );
    const known = new Set([...emptyOfSome.keys()].filter((name) => name.startsWith(`${uid}:`)).concat(silent.map(nameOf)));
    const where = empty.map(([one]) => `${nameOf((one as Asked).panel)} (${chosen((one as Asked).values)})`);
    expect(names.sort(), where.slice(0, 40).join("\n")).toEqual([...known].sort());
  });

  test("of what nobody knows no question is wrong; of a model panels have nothing, and say why in place of a zero", async () => {
    const nobody: Values = new Map(board.templating.list.slice(1).map(({ name }) => [name, "no (such) thing+?"]));
    const ofOneModel = variableOf(board, "model")?.multi === false;
    for (const panel of panelsOf(board)) {
      for (const target of panel.targets ?? []) {
        const { remarks, result } = await ask(replaceVariables(target.expr, board, nobody, times), target);
        expect(remarks, nameOf(panel)).toEqual([]);
        if (ofOneModel) expect(result, nameOf(panel)).toEqual([]);
      }
    }
  });
});
