// What the documents of the repository say, as far as a machine can hold them to it: links, headings, and what is to be run.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

/** Paths of all documents, from the checkout. */
export function documents(): string[] {
  const top = readdirSync(checkout).filter((name) => name.endsWith(".md"));
  const below = readdirSync(join(checkout, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => relative(checkout, join(checkout, "docs", name)));
  return [...top, ...below].sort();
}

export const inCheckout = (path: string): string => join(checkout, path);
export const textOf = (path: string): string => readFileSync(inCheckout(path), "utf8");

export interface Block {
  /** As in `sh`; "" where it says none. */
  readonly language: string;
  readonly text: string;
}

/** What stands between fences. */
export function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, body]) => ({
    language: language as string,
    text: body as string,
  }));
}

const withoutBlocks = (text: string): string => text.replace(/^```\w*\n[\s\S]*?^```$/gm, "").replace(/`[^`\n]*`/g, "code");

/** Where links and pictures lead, without those to other sites. */
export function linksOf(text: string): string[] {
  const found = [...withoutBlocks(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target as string);
  return found.filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors of headings, as GitHub makes them: https://github.com/github/cmark-gfm has the text, its site lowers and joins it. */
export function anchorsOf(text: string): Set<string> {
  const headings = [...text.replace(/^```\w*\n[\s\S]*?^```$/gm, "").matchAll(/^#+ (.*)$/gm)].map(
    ([, heading]) => heading as string,
  );
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replaceAll(" ", "-"),
    ),
  );
}

const program =
  /^(?:bin\/)?(?:prediction-exporter|npm|npx|git|curl|promtool|amtool|pint|prometheus|alertmanager|docker|kubectl) /;

/** Commands that a document tells its readers to run, or names: lines between fences, and what stands in a line as code. */
export function commandsOf(text: string): string[] {
  const lines = blocksOf(text)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text: body }) => body.trim().split("\n"));
  const inline = [...text.replace(/^```\w*\n[\s\S]*?^```$/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, code]) => code as string);
  return [...new Set([...lines, ...inline.filter((code) => program.test(code))])];
}
