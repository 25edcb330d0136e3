// Where boards lead, and what leads to boards: alerts, runbooks and other boards by uid, with variables that the board has.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { alertsOf, ruleFiles, runbookDirectory } from "../../scripts/rules/rule-files.ts";
import { boardFiles, boardLinksIn, variableOf } from "./board-files.ts";

interface Broken {
  readonly place: string;
  readonly uid: string;
  readonly missing: readonly string[];
}

/** What runbooks of models name, and a board that is about no single model takes no notice of. */
const unheeded: Readonly<Record<string, readonly string[]>> = { "ml-infrastructure": ["model", "version"] };

function brokenLinks(place: string, text: string): Broken[] {
  return boardLinksIn(text).flatMap(({ uid, variables }): Broken[] => {
    const board = boardFiles.get(uid);
    const missing =
      board === undefined
        ? [uid]
        : variables.filter((name) => variableOf(board, name) === undefined && !(unheeded[uid]?.includes(name) ?? false));
    return missing.length === 0 ? [] : [{ place, uid, missing }];
  });
}

test.each([...boardFiles])("links of %s lead to boards with such variables", (uid, board) => {
  expect(brokenLinks(uid, JSON.stringify(board, null, 1))).toEqual([]);
});

/** Where one begins: nothing leads to it but the menu of boards. */
const first = "ml-fleet";

test("each other board is led to by a board or by an alert", () => {
  const others = (uid: string): string =>
    JSON.stringify([...boardFiles].filter(([own]) => own !== uid).map(([, board]) => board));
  const annotations = JSON.stringify(
    ruleFiles()
      .flatMap(alertsOf)
      .map((alert) => alert.annotations),
  );
  const ledTo = (uid: string): boolean =>
    boardLinksIn(`${others(uid)}${annotations.replaceAll("}}/", "/d/")}`).some((link) => link.uid === uid);
  expect([...boardFiles.keys()].filter((uid) => !ledTo(uid))).toEqual([first]);
});

describe.each(ruleFiles().filter((file) => alertsOf(file).length > 0))("$name", (file) => {
  test.each(alertsOf(file))("the board that $alert names is there, and has its variables", ({ alert, annotations = {} }) => {
    // The address before the uid is that of whoever installs it.
    const address = (annotations.dashboard_url ?? "").replace(/^.*\{\{ end \}\}/, "/d");
    expect(boardLinksIn(address).length).toBe(1);
    expect(brokenLinks(alert, address.replaceAll(/\{\{.*?\}\}/g, "x"))).toEqual([]);
  });
});

test.each(readdirSync(runbookDirectory))("boards that the runbook %s names are there", (name) => {
  expect(brokenLinks(name, readFileSync(join(runbookDirectory, name), "utf8"))).toEqual([]);
});
