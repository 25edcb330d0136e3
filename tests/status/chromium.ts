// The system's Chromium, driven by playwright-core, which brings none of its own.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** It talks to nobody but the page under test. */
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @throws with what to install where there is none: the tests of pages mean nothing without it */
export function chromiumPath(environment: NodeJS.ProcessEnv = process.env): string {
  const { CHROMIUM, PATH = "" } = environment;
  const places =
    CHROMIUM === undefined ? PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))) : [CHROMIUM];
  const found = places.find(isProgram);
  if (found !== undefined) return found;
  const looked =
    CHROMIUM === undefined ? `none of ${names.join(", ")} is on the PATH` : `CHROMIUM is ${CHROMIUM}, which is no program`;
  throw new Error(`these tests need Chromium: ${looked}; install the package chromium, or set CHROMIUM to its program`);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: quiet });
}
