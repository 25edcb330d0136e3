// Names from outside: what cannot be seen is spelt out, what is long is cut.
import fc from "fast-check";
import { expect, test } from "vitest";
import { modelPath } from "../../src/expose/model-link.ts";
import { plainName, shortName, shownName } from "../../src/expose/shown-name.ts";
import { nameAfter } from "../../src/expose/status-routes.ts";
import { hostileNames } from "./hostile-names.ts";
import { readMarkup } from "./markup.ts";

test.each([
  ["fraud", "fraud"],
  ["a b", "a b"],
  ["a\nb\u00a0", "a[U+000A]b[U+00A0]"],
  ["right\u202Eto left", "right[U+202E]to left"],
  ["\ud800", "[U+D800]"],
  ["a\u0300\u0301\u0302\u0303\u0304b", "a\u0300\u0301\u0302[U+0303][U+0304]b"],
  ["\u{E0041}", "[U+E0041]"],
  ["\u05d0\u05d1", "\u05d0\u05d1"],
  ["x".repeat(1000), `${"x".repeat(128)}…`],
])("%j as plain text", (name, shown) => {
  expect(plainName(name)).toBe(shown);
});

test("as markup each name is isolated, and what is spelt out is told from what was written", () => {
  expect(shownName("a\u202Eb").text).toBe('<bdi>a<span class="odd">U+202E</span>b</bdi>');
  expect(shownName("U+202E").text).toBe("<bdi>U+202E</bdi>");
  expect(shownName("").text).toBe('<span class="odd">empty</span>');
  expect(shortName("x".repeat(1000)).text).toBe(`<bdi>${"x".repeat(60)}…<span class="odd">940 more</span></bdi>`);
});

test("no shown name has a character that is not seen", () => {
  const invisible = /[\p{C}\p{Zl}\p{Zp}]/u;
  const names = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...hostileNames));
  fc.assert(
    fc.property(names, (name) => {
      expect(readMarkup(shownName(name).text).text).not.toMatch(invisible);
      expect(plainName(name)).not.toMatch(invisible);
    }),
  );
});

test("the path of a model leads to its name, through what browsers make of paths", () => {
  const names = fc.oneof(fc.string({ unit: "binary", minLength: 1 }), fc.constantFrom(...hostileNames));
  fc.assert(
    fc.property(names, (name) => {
      const path = modelPath(name);
      if (path === undefined) expect(name === "." || name === ".." || !name.isWellFormed()).toBe(true);
      else expect(nameAfter("/models/", new URL(path, "http://host").pathname)).toBe(name);
    }),
  );
});
