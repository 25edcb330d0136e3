// docs/rule-tests.md: the line of a file that did not change since it was tried says what there is to try.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allMutations } from "../../scripts/rules/mutated-runs.ts";
import { readTable, stateOf, tableOf } from "../../scripts/rules/mutation-table.ts";
import { ruleFiles, ruleTests } from "../../scripts/rules/rule-files.ts";
import { acceptedSurvivors } from "../../scripts/rules/survivors.ts";

const accepted = acceptedSurvivors();
const files = ruleFiles();
const tests = ruleTests();

test("it is as it would be written", () => {
  const text = readFileSync(new URL("../../docs/rule-tests.md", import.meta.url), "utf8");
  expect(text).toBe(tableOf(readTable()));
});

test.each(files)("$name was tried", (file) => {
  const row = readTable().find((one) => one.file === file.name);
  expect(row).toBeDefined();
  if (row?.state !== stateOf(file, tests)) return;
  expect(row.rules).toBe(file.groups.flatMap(({ rules }) => rules).length);
  expect(row.mistakes).toBe(allMutations(file).length);
  expect(row.accepted).toBe(accepted.filter((one) => one.file === file.name).length);
});

test("mistakes that are accepted can be made, and have a reason", () => {
  const made = new Set(files.flatMap(allMutations).map(({ file, name, change }) => JSON.stringify([file, name, change])));
  expect(accepted.filter(({ file, rule, change }) => !made.has(JSON.stringify([file, rule, change])))).toEqual([]);
  expect(accepted.filter(({ reason }) => !/\w{2,} \w{2,} \w/.test(reason ?? ""))).toEqual([]);
});
