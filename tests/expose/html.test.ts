// Markup by template: nothing that is put in becomes markup, unless it is.
import fc from "fast-check";
import { expect, test } from "vitest";
import { html, joined } from "../../src/expose/html.ts";
import { pagePolicy } from "../../src/expose/html-document.ts";
import { style } from "../../src/expose/status-style.ts";
import { hostileNames } from "./hostile-names.ts";
import { readMarkup } from "./markup.ts";

const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...hostileNames), fc.stringMatching(/^[<>&"'a/= ]*$/));

test("a text stays a text, in content and in attributes", () => {
  fc.assert(
    fc.property(anyText, anyText, (content, value) => {
      const markup = readMarkup(html`<p title="${value}">${content}</p>`.text);
      expect(markup).toEqual({ tags: ["p", "/p"], text: content, attributes: [["title", value]] });
    }),
  );
});

test("markup is put into markup as it is, lists of it one after another", () => {
  const items = ["a", "<b>"].map((item) => html`<li>${item}</li>`);
  expect(html`<ul>${items}</ul>${2}`.text).toBe("<ul><li>a</li><li>&lt;b&gt;</li></ul>2");
  expect(joined(items, " & ").text).toBe("<li>a</li> &amp; <li>&lt;b&gt;</li>");
});

test("what looks like markup is none", () => {
  const imitation = { text: "<script>" };
  expect(() => html`${imitation as unknown as string}`).toThrow();
});

test("the style holds nothing that is escaped, so that its hash is that of what is sent", () => {
  expect(html`${style}`.text).toBe(style);
  expect(pagePolicy).toMatch(
    /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; frame-ancestors 'none'; base-uri 'none'; form-action 'none'$/,
  );
});
