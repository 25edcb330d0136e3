// All families of metrics that the code declares, but for those of the client library: what the table of metrics and the
// contract of the rules go by.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "../src/config/load.ts";
import { EventLoopLag } from "../src/expose/event-loop-lag.ts";
import type { Family } from "../src/expose/sample.ts";
import { scrapeFamilies } from "../src/expose/scrape-samples.ts";
import { Exporter } from "../src/pipeline/exporter.ts";
import { MemorySource } from "../src/source/memory.ts";

export async function metricFamilies(): Promise<readonly Family[]> {
  const directory = mkdtempSync(join(tmpdir(), "metric-families-"));
  try {
    const config = parseConfig(JSON.stringify({ source: { file: { paths: ["-"] } }, state: { directory } }), "families");
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const options = { config, source: new MemorySource(), topics: new Map(), version: "", logger, now: () => 0 };
    const { collectors } = await Exporter.create(options);
    const own = [...collectors, new EventLoopLag(() => 0)].flatMap((collector) => collector.families);
    return [...own, ...scrapeFamilies];
  } finally {
    rmSync(directory, { recursive: true });
  }
}
