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

/** The Node that runs the sources is put there by the install script of its package, which npm can be told to leave out. */
function hasNode() {
  return existsSync(`${root}node_modules/.bin/node`);
}

function isInstalled() {
  if (!hasNode() || !existsSync(`${root}node_modules/.package-lock.json`)) return false;
  const there = new Map(versions("node_modules/.package-lock.json").map(([place, entry]) => [place, entry.version]));
  return versions("package-lock.json").every(([place, entry]) => {
    return there.get(place) === entry.version || (entry.optional === true && !there.has(place));
  });
}

function install() {
  process.stderr.write("installing packages (npm ci)\n");
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error } = spawnSync("npm", args, { cwd: root, stdio: "inherit" });
  if (error !== undefined) return `npm could not be started: ${error.message}`;
  if (status !== 0) return `npm ci ended with ${status}`;
  return hasNode() ? "" : "npm did not run the install script of the package `node`: allow it (npm config ignore-scripts)";
}

if (!isInstalled()) {
  const failure = install();
  if (failure !== "") {
    process.stderr.write(`${failure}\n`);
    process.exitCode = 1;
  }
}
