// The files that are begun first are there, each once: one that was renamed would be begun whenever its turn comes.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { longest } from "../longest-files.ts";

test("the longest files are files of tests, each named once", () => {
  const root = new URL("../../", import.meta.url);
  expect(longest.filter((place) => !existsSync(fileURLToPath(new URL(place, root))))).toEqual([]);
  expect(new Set(longest).size).toBe(longest.length);
});
