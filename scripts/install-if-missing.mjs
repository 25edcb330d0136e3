// Installs the packages of package-lock.json where they are missing or others are there. Runs on any Node from 20 on.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Versions by place, as a lock file lists them; what other machines need is optional and may be absent. */
function versions(path) {
  const { packages } = JSON.parse(readFileSync(`${root}${path}`, "utf8"));
  return Object.entries(packages).filter(([place]) => place !== "");
}

function isInstalled() {
  if (!existsSync(`${root}node_modules/.package-lock.json`)) return false;
  const there = new Map(versions("node_modules/.package-lock.json").map(([place, entry]) => [place, entry.version]));
  return versions("package-lock.json").every(([place, entry]) => {
    return there.get(place) === entry.version || (entry.optional === true && !there.has(place));
  });
}

if (!isInstalled()) {
  process.stderr.write("installing packages (npm ci)\n");
  const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root, stdio: "inherit" });
  if (error !== undefined) process.stderr.write(`npm could not be started: ${error.message}\n`);
  process.exitCode = status ?? 1;
}
