// Links of documents lead somewhere: to a file that is there, and to a heading that it has.
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { anchorsOf, documents, inCheckout, linksOf, textOf } from "./markdown.ts";

test("there are documents, and they have links", () => {
  expect(documents()).toEqual(expect.arrayContaining(["README.md", "ARCHITECTURE.md", join("docs", "tutorial.md")]));
  expect(documents().flatMap((path) => linksOf(textOf(path))).length).toBeGreaterThan(50);
});

test.each(documents())("every link of %s resolves", (path) => {
  const dead = linksOf(textOf(path)).filter((link) => !resolves(path, link));
  expect(dead).toEqual([]);
});

function resolves(from: string, link: string): boolean {
  const [target = "", anchor] = link.split("#");
  const path = target === "" ? from : join(dirname(from), target);
  if (!existsSync(inCheckout(path))) return false;
  if (anchor === undefined) return true;
  return statSync(inCheckout(path)).isFile() && anchorsOf(textOf(path)).has(anchor);
}

test("a link that leads nowhere is found", () => {
  const text = "# Some `code` & more\n[a](nowhere.md) [b](#some-code--more) [c](https://example.com) `[d](code.md)`\n";
  expect(linksOf(text)).toEqual(["nowhere.md", "#some-code--more"]);
  expect([...anchorsOf(text)]).toEqual(["some-code--more"]);
  expect(resolves("README.md", "nowhere.md")).toBe(false);
  expect(resolves("README.md", "docs/alarms.md#nothing-of-this-name")).toBe(false);
});
