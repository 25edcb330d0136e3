// docs/scores.md explains every score, test and rate that can be configured, each in the same five lines; and nothing else.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { drift, methods, tests } from "../../src/config/schema/drift.ts";

const text = readFileSync(new URL("../../docs/scores.md", import.meta.url), "utf8");
const lines = ["Formula", "Range", "Look at it", "p-value", "Source"];
const defaults = drift.parse({});
const rates = Object.entries(defaults.tolerance);

interface Section {
  readonly chapter: string;
  readonly name: string;
  readonly items: readonly string[];
}

/** What stands under headings of the third level, with the second-level one above. */
const sections: readonly Section[] = text.split(/^## /m).flatMap((part) => {
  const [chapter = "", ...parts] = part.split(/^### /m);
  return parts.map((section): Section => {
    const [name = "", ...rest] = section.split("\n");
    return { chapter: chapter.split("\n")[0] ?? "", name, items: rest.filter((line) => line.startsWith("- ")) };
  });
});

function named(chapter: string): string[] {
  return sections.filter((section) => section.chapter === chapter).map(({ name }) => name);
}

test("every name has its section, in the order of the configuration, and no other has one", () => {
  expect(named("Scores")).toEqual([...methods]);
  expect(named("Tests")).toEqual([...tests]);
  expect(named("Rates of states")).toEqual(rates.map(([name]) => name));
  expect(sections).toHaveLength(methods.length + tests.length + rates.length);
});

describe.each(sections.map((section) => [section.name, section] as const))("%s", (_name, { items }) => {
  test("has its five lines, none of them empty", () => {
    expect(items.map((item) => item.slice(2, item.indexOf(":")))).toEqual(lines);
    for (const item of items) expect(item.slice(item.indexOf(":") + 1).trim().length).toBeGreaterThan(10);
  });
});

test("defaults are those of the configuration", () => {
  for (const [name, tolerance] of rates) {
    const range = sections.find((section) => section.name === name)?.items[1];
    expect(range).toContain(`tolerance ${tolerance} by default`);
  }
  expect(text).toContain(`\`drift.min_samples\` values on (${defaults.min_samples})`);
  expect(text).toContain(`\`drift.min_samples_per_degree\` (${defaults.min_samples_per_degree})`);
  expect(text).toContain(`Above \`min_effect\` (${defaults.min_effect} by default)`);
  expect(defaults.tests).toEqual(["min_effect"]);
});

test("links inside of the page lead to a section", () => {
  const targets = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target);
  expect(targets.length).toBeGreaterThan(7);
  expect(targets.filter((target) => !sections.some(({ name }) => name === target))).toEqual([]);
});
