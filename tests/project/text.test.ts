// What the project's files say: no place on somebody's machine nor where packages are fetched from, which differ by machine;
// and no link to a file that is not there.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What git knows or would add: new files count before they are committed. */
function files(): string[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed.split("\0").filter((path) => path !== "");
}

/** Empty for a binary file and for one that is deleted but not committed as such. */
function textOf(path: string): string {
  try {
    const bytes = readFileSync(join(root, path));
    return bytes.includes(0) ? "" : bytes.toString("utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

const texts = files().map((path) => ({ path, lines: textOf(path).split("\n") }));

function places(pattern: RegExp): string[] {
  return texts.flatMap(({ path, lines }) => {
    return lines.flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.slice(0, 100)}`] : []));
  });
}

const registries =
  /registry\.(npmjs|yarnpkg)|\bnpmjs\.(org|com)|(proxy|sum)\.golang|repo1?\.maven|pypi\.org|pythonhosted\.org|crates\.io|deb\.debian|archive\.ubuntu/i;
// Not the middle of an address or of a longer path.
const machinePaths = /(?<![\w.~/-])\/(root|home|work|farm)(\/|\b(?![\w-]))/;

test("no file names the host of a package registry", () => {
  expect(places(registries)).toEqual([]);
});

test("no file names a path of a machine", () => {
  expect(places(machinePaths)).toEqual([]);
});

test("the patterns find what they are for", () => {
  const [home, work, host] = [["", "home", "me"].join("/"), ["", "work"].join("/"), ["registry", "npmjs", "org"].join(".")];
  for (const line of [home, `"${home}/x"`, `cd ${work}`, `${work}/main`, `file://${home}`.replace("file://", "file:")]) {
    expect(line).toMatch(machinePaths);
  }
  for (const line of ["network/worker", "https://example.test/work", "./home/x", "/workers", "tests/work/x"]) {
    expect(line).not.toMatch(machinePaths);
  }
  expect(`https://${host}/x`).toMatch(registries);
});

test("the documentation links to files that are there", () => {
  const broken = texts
    .filter(({ path }) => path.endsWith(".md"))
    .flatMap(({ path, lines }) =>
      [...lines.join("\n").matchAll(/\]\(([^)#\s]+)/g)].map(([, target]) => ({ path, target: target as string })),
    )
    .filter(({ target }) => !/^[a-z]+:/.test(target))
    .filter(({ path, target }) => !existsSync(join(root, dirname(path), target)));
  expect(broken).toEqual([]);
});
