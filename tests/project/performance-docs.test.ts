// The document about performance names every metric that the code exports, and nothing else.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = new URL("../../src/performance/", import.meta.url);
const document = readFileSync(new URL("../../docs/performance-metrics.md", import.meta.url), "utf8");
const table = /\| metric \| is \|\n([\s\S]*?)\n\n/.exec(document)?.[1] as string;

/** Names as they stand in the code; of those that are put together, with `*` for what is put in. */
function exported(): Set<string> {
  const names = readdirSync(folder).flatMap((file) => {
    const code = readFileSync(new URL(file, folder), "utf8");
    return [...code.matchAll(/metric: (?:"(\w+)"|`([^`]+)`)/g)].map(
      ([, plain, made = ""]) => plain ?? made.replace(/\$\{\w+\}/, "*"),
    );
  });
  return new Set(names);
}

const documented = [...table.matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, cell = ""]) =>
  [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
);

/** Whether a documented name is one of the code's. */
const isOf = (name: string, pattern: string): boolean => new RegExp(`^${pattern.replace("*", "\\w+")}$`).test(name);

test("every metric is in the table", () => {
  expect(exported().size).toBeGreaterThan(25);
  expect([...exported()].filter((pattern) => !documented.some((name) => isOf(name, pattern)))).toEqual([]);
});

test("the table names no others, and none twice", () => {
  expect(documented.filter((name) => ![...exported()].some((pattern) => isOf(name, pattern)))).toEqual([]);
  expect(new Set(documented).size).toBe(documented.length);
});

test("it leads to sections that there are", () => {
  const anchors = [...document.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
  for (const [, anchor] of table.matchAll(/\]\(#([^)]*)\)/g)) expect(anchors).toContain(anchor);
});
