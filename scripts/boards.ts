// Writes Grafana's files of the boards in grafana/source, and docs/boards.md, so that nobody edits those by hand.
// Run: node scripts/boards.ts; with --check it only says which files are not as the source has them.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { boardJson } from "../grafana/source/board.ts";
import { boards } from "../grafana/source/boards/index.ts";
import { boardsDocument } from "../grafana/source/document.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const directory = "grafana/boards";

const files = new Map(
  boards.map((board) => [`${directory}/${board.uid}.json`, `${JSON.stringify(boardJson(board), null, 2)}\n`]),
);
files.set("docs/boards.md", boardsDocument(boards));
const strangers = readdirSync(join(root, directory)).filter((name) => !files.has(`${directory}/${name}`));

for (const [path, text] of files) {
  if (!process.argv.includes("--check")) {
    writeFileSync(join(root, path), text);
  } else if (textOf(path) !== text) {
    complain(`${path} is not as its source has it: run npm run boards`);
  }
}
for (const name of strangers) complain(`${directory}/${name}: no source has such a board`);

function textOf(path: string): string | null {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
