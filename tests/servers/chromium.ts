// The browser that other tests look at pages with: the system's Chromium. Where there is none and packages may be installed,
// it is installed; elsewhere the tests that need it say so.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { chromiumPath } from "../status/chromium.ts";
import { cacheDirectory, locked, runTool } from "./cache.ts";

const packages = ["chromium", "fonts-dejavu-core"];

/** Installs what is missing, if it can be. */
export async function prepareChromium(): Promise<void> {
  if (isChromiumThere() || process.getuid?.() !== 0 || !answers("apt-get")) return;
  await locked(join(cacheDirectory(), "chromium.lock"), async () => {
    if (!isChromiumThere()) await install();
  });
}

async function install(): Promise<void> {
  process.stderr.write("installing Chromium with apt-get\n");
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...packages]]) {
    await runTool("apt-get", ["-q", ...args], "apt", { environment }).catch(({ message }: Error) => {
      process.stderr.write(`${message}\n`);
    });
  }
}

export function isChromiumThere(): boolean {
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
