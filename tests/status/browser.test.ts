// The pages in a real browser: nothing is complained about, everyone can read them, and hostile names do no harm.
import axe, { type AxeResults } from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelPath } from "../../src/expose/model-link.ts";
import type { StatusViews } from "../../src/expose/status-routes.ts";
import { createWeb, type Web } from "../../src/expose/web.ts";
import { driftingModel } from "../expose/drift-example.ts";
import { hostileNames } from "../expose/hostile-names.ts";
import { prepareChromium } from "../servers/chromium.ts";
import { busyExporter, hostileModel } from "./busy.ts";
import { chromiumPath, launchChromium } from "./chromium.ts";

const phone = { width: 360, height: 740 };
const desktop = { width: 1280, height: 900 };
/** With everything about drift that a page can show, beside what the exporter itself knows. */
const drifting = driftingModel("drifting");
const paths = [
  "/",
  "/models/fraud",
  "/models/demand-forecast",
  modelPath(hostileModel) as string,
  "/models/drifting",
  "/models/none",
];

// As this is loaded, where no time runs out: installing it may take minutes.
await prepareChromium();

let browser: Browser;
let web: Web;
let base: string;

beforeAll(async () => {
  const { status } = await busyExporter();
  const renderer = { render: async () => Buffer.from("metrics\n") };
  const ready = () => ({ ready: true, waitingFor: [] });
  web = createWeb({ renderer, ready, logger: { error: () => {} }, listen: "127.0.0.1:0", status: withDrifting(status) });
  base = `http://${await web.start()}`;
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await web?.stop();
});

function withDrifting(status: StatusViews): StatusViews {
  return {
    async overview() {
      const view = await status.overview();
      return { ...view, models: [...view.models, drifting] };
    },
    model: async (name) => (name === drifting.name ? drifting : status.model(name)),
  };
}

interface Visit {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

async function visit<Result>(
  path: string,
  options: Parameters<Browser["newContext"]>[0],
  look: (visit: Visit) => Promise<Result>,
): Promise<Result> {
  const context: BrowserContext = await browser.newContext(options);
  // The test's own time is what ends it, however slow a busy machine is.
  context.setDefaultTimeout(0);
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(base + path);
    return await look({ page, complaints, requests });
  } finally {
    await context.close();
  }
}

/** What an expression is in the page. A text, as nothing of a page is known here. */
function inPage<Result>(page: Page, expression: string): Promise<Result> {
  return page.evaluate<Result>(expression);
}

/** Findings of axe that keep somebody out. */
async function seriousFindings(page: Page): Promise<string[]> {
  // Not as an element: the page's policy lets no script in.
  await inPage(page, axe.source);
  const { violations } = await inPage<AxeResults>(page, "axe.run({ resultTypes: ['violations'] })");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ""}`));
}

async function openDetails(page: Page): Promise<void> {
  await inPage(page, "for (const one of document.querySelectorAll('details')) one.open = true");
}

test("a browser that is missing is said, with what to install", () => {
  expect(() => chromiumPath({ PATH: "" })).toThrow(/these tests need Chromium: .* install the package chromium/);
  expect(() => chromiumPath({ CHROMIUM: "nowhere" })).toThrow("CHROMIUM is nowhere, which is no program");
});

describe.each(paths)("%s", (path) => {
  test("makes the browser complain about nothing, and load nothing else", async () => {
    await visit(path, { viewport: desktop }, async ({ page, complaints, requests }) => {
      const missing = path === "/models/none";
      await page.waitForTimeout(100);
      expect(complaints).toEqual(missing ? [expect.stringContaining("404")] : []);
      expect(requests).toEqual([base + path]);
    });
  });

  test.each([
    ["light", desktop],
    ["dark", phone],
  ] as const)("has no serious finding of axe in %s at %o", async (colorScheme, viewport) => {
    await visit(path, { colorScheme, viewport }, async ({ page }) => {
      await openDetails(page);
      expect(await seriousFindings(page)).toEqual([]);
    });
  });

  test.each([phone, desktop])("does not scroll sideways at %o", async (viewport) => {
    await visit(path, { viewport }, async ({ page }) => {
      await openDetails(page);
      const width = await inPage<number>(page, "document.documentElement.scrollWidth");
      expect(width).toBeLessThanOrEqual(viewport.width);
    });
  });

  test("holds no script and nothing that is loaded, whatever the names are", async () => {
    await visit(path, { viewport: desktop }, async ({ page }) => {
      const foreign = "script, img, iframe, object, embed, form, base, [onerror], [onload]";
      expect(await inPage(page, `document.querySelectorAll("${foreign}").length`)).toBe(0);
    });
  });
});

test("dark mode has colours of its own", async () => {
  /** Red, green and blue together: of the background, and of the text. */
  const brightness = (colorScheme: "light" | "dark") =>
    visit("/", { colorScheme }, async ({ page }) => {
      const style = "getComputedStyle(document.body)";
      const colours = await inPage<string[]>(page, `[${style}.backgroundColor, ${style}.color]`);
      return colours.map((colour) => (colour.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0));
    });
  const [light, dark] = [await brightness("light"), await brightness("dark")];
  expect(light[0]).toBeGreaterThan(light[1] ?? 0);
  expect(dark[0]).toBeLessThan(dark[1] ?? 0);
});

/** Relative luminance of a colour as the browser tells it. Source: WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

// WCAG 2.2, 1.4.11: what is needed to understand a picture has 3:1 against what is beside it.
test.each(["light", "dark"] as const)("the reference's line stands out from bars and card in %s", async (colorScheme) => {
  await visit("/models/drifting", { colorScheme }, async ({ page }) => {
    for (const picture of [".chart", ".bar"]) {
      const of = (selector: string, property: string) => `getComputedStyle(document.querySelector("${selector}")).${property}`;
      const colours = [of(`${picture} .ref`, "stroke"), of(`${picture} path`, "fill"), of(".card", "backgroundColor")];
      const [line = "", bar = "", card = ""] = await inPage<string[]>(page, `[${colours.join(",")}]`);
      expect(contrast(line, bar)).toBeGreaterThan(3);
      expect(contrast(line, card)).toBeGreaterThan(3);
    }
  });
});

test("a card that alarms says so in words, and is edged", async () => {
  await visit("/models/drifting", { viewport: phone }, async ({ page }) => {
    const marked = await inPage<[string, string][]>(
      page,
      "[...document.querySelectorAll('.card.alarm')].map((card) => [card.textContent, getComputedStyle(card).borderLeftWidth])",
    );
    expect(marked).toHaveLength(2);
    for (const [text, edge] of marked) expect([text.includes("Alarms"), edge]).toEqual([true, "4px"]);
  });
});

test("the style is let in by its hash", async () => {
  await visit("/", { viewport: desktop }, async ({ page }) => {
    expect(await inPage(page, "getComputedStyle(document.querySelector('nav ul')).listStyleType")).toBe("none");
  });
});

test("each model is reached by its link, whatever its name is", async () => {
  await visit("/", { viewport: desktop }, async ({ page }) => {
    const links = await inPage<[string, string][]>(
      page,
      "[...document.querySelectorAll('th a')].map((link) => [link.textContent, link.href])",
    );
    expect(links.length).toBeGreaterThan(hostileNames.length - 5);
    for (const [text, href] of links) {
      const response = await page.goto(href);
      expect([text, response?.status()]).toEqual([text, 200]);
    }
  });
});

test("by keyboard one gets to the content, and sees where one is", async () => {
  await visit("/", { viewport: desktop }, async ({ page }) => {
    await page.keyboard.press("Tab");
    const focus = await inPage(
      page,
      `(() => {
        const { left, top } = document.activeElement.getBoundingClientRect();
        const outline = getComputedStyle(document.activeElement).outlineStyle;
        return { text: document.activeElement.textContent, seen: left >= 0 && top >= 0, outline };
      })()`,
    );
    expect(focus).toEqual({ text: "Skip to content", seen: true, outline: "solid" });
    await page.keyboard.press("Enter");
    expect(page.url()).toBe(`${base}/#main`);
  });
});

test("a name cannot turn or overlay what is around it", async () => {
  await visit("/", { viewport: phone }, async ({ page }) => {
    const text = await inPage<string>(page, "document.body.textContent");
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    expect(text).toContain("U+202E");
  });
});
