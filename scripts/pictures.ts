// Takes the pictures of the documentation from the demo, a little into its first incident. Takes some four minutes.
// Run: npm run docs:pictures. Needs Chromium: on the PATH, or named by CHROMIUM.
import { type ChildProcess, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { launchChromium } from "../tests/status/chromium.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Pictures are read on a page of documentation: they must not be long to load. */
const mostBytes = 300_000;
const longestMillis = 600_000;
const lookMillis = 2000;
/** The first incident makes the amounts of the fraud model a hundred times larger: by so much the latest minutes differ. */
const shifted = 3;

interface Picture {
  readonly file: string;
  readonly path: string;
  readonly width: number;
  /** Where in the page the picture ends, as an expression: between two parts of it, not in the middle of one. */
  readonly height: string;
  readonly colorScheme: "light" | "dark";
}

/** Less than there is between two rows of cards. */
const margin = 8;
const firstLogs = `document.querySelector('section[aria-labelledby="streams"] .scroll').getBoundingClientRect().top`;
const firstOutputs = "document.querySelectorAll('.grid')[0].firstElementChild.getBoundingClientRect().bottom";
const pictures: readonly Picture[] = [
  { file: "status.png", path: "/", width: 1200, height: firstLogs, colorScheme: "light" },
  { file: "model.png", path: "/models/fraud", width: 1200, height: `${firstOutputs} + ${margin}`, colorScheme: "light" },
  { file: "status-phone-dark.png", path: "/", width: 360, height: "780", colorScheme: "dark" },
];

/** Starts the demo on a free port. @returns its process, and where its pages are once it says so */
function startDemo(): { readonly demo: ChildProcess; readonly url: Promise<string> } {
  const args = ["demo", "--listen", "127.0.0.1:0"];
  const demo = spawn(join(root, "bin/prediction-exporter"), args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const url = new Promise<string>((resolve, reject) => {
    let said = "";
    demo.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const found = /(http:\/\/\S+)\/metrics/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    demo.once("exit", (code) => reject(new Error(`the demo ended with ${code}`)));
  });
  return { demo, url };
}

/** The mean of the payments' amounts in a window; NaN where there is none. */
function meanAmount(page: string, window: string): number {
  const line = page.split("\n").find((one) => {
    return ["ml_window_mean{", 'model="fraud"', 'segment=""', 'feature="amount"', `window="${window}"`].every((part) =>
      one.includes(part),
    );
  });
  return Number(line?.split(" ").at(-1) ?? Number.NaN);
}

async function untilIncidentShows(url: string): Promise<void> {
  const deadline = performance.now() + longestMillis;
  while (performance.now() < deadline) {
    const page = await (await fetch(`${url}/metrics`)).text();
    if (meanAmount(page, "5m") > shifted * meanAmount(page, "24h")) return;
    await new Promise((resolve) => setTimeout(resolve, lookMillis));
  }
  throw new Error(`the first incident did not show within ${longestMillis / 1000} s`);
}

async function take(browser: Browser, url: string, { file, path, width, height, colorScheme }: Picture): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: width }, colorScheme });
  const page = await context.newPage();
  await page.goto(url + path);
  await page.setViewportSize({ width, height: Math.floor(await page.evaluate<number>(height)) });
  const target = join(root, "docs", file);
  await page.screenshot({ path: target });
  await context.close();
  const { size } = statSync(target);
  process.stdout.write(`docs/${file}: ${size} bytes\n`);
  if (size > mostBytes) throw new Error(`docs/${file} is larger than ${mostBytes} bytes`);
}

const { demo, url } = startDemo();
try {
  const base = await url;
  await untilIncidentShows(base);
  const browser = await launchChromium();
  for (const picture of pictures) await take(browser, base, picture);
  await browser.close();
} finally {
  demo.kill("SIGTERM");
}
