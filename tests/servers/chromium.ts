// The browser that other tests look at pages with: the system's Chromium. Where there is none and packages may be installed,
// it is installed; elsewhere the tests that need it say so.
import { spawnSync } from "node:child_process";
import { chromiumPath } from "../status/chromium.ts";

const packages = ["chromium", "fonts-dejavu-core"];

/** Installs what is missing, if it can be. */
export function prepareChromium(): void {
  if (isThere()) return;
  if (process.getuid?.() !== 0 || !answers("apt-get")) return;
  process.stderr.write("installing Chromium with apt-get\n");
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...packages]]) {
    const { status, stderr } = spawnSync("apt-get", ["-q", ...args], { encoding: "utf8", env: environment });
    if (status !== 0) process.stderr.write(`apt-get ${args.join(" ")} failed: ${stderr}\n`);
  }
}

function isThere(): boolean {
  try {
    chromiumPath();
    return true;
  } catch {
    return false;
  }
}

function answers(name: string): boolean {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0;
}
