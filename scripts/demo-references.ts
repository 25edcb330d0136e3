// Builds what the demo takes for normal, examples/demo/*.json: of each story a week without incidents with what came of it, of a
// seed that no demo has by default. Run: node scripts/demo-references.ts (takes a minute); with --check it only says whether the files are as the
// code has them.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { demoConfig, demoReferencePath } from "../src/cli/demo-config.ts";
import { parseConfig } from "../src/config/load.ts";
import type { Receiver } from "../src/decode/decoder.ts";
import { native } from "../src/decode/native.ts";
import { foldSettings } from "../src/pipeline/fold-settings.ts";
import { buildReference } from "../src/pipeline/reference/build.ts";
import type { RowPass } from "../src/pipeline/reference/row-pass.ts";
import { encodeReference } from "../src/reference/file.ts";
import { type StoryName, storyNames, storyOutcomes, storyPredictions } from "../src/source/simulator.ts";

const seed = 0;
/** A Monday. Whole weeks have every hour and every day as often as they come. */
const fromMillis = Date.parse("2026-01-05T00:00:00Z");
const toMillis = fromMillis + 7 * 86_400_000;

/**
 * @param horizonMillis for how long outcomes come after the last prediction
 * @throws where there is an event that the exporter would reject
 */
async function takeAll(story: StoryName, messageBytes: number, horizonMillis: number, pass: RowPass): Promise<void> {
  const receiver: Receiver = {
    event(event) {
      // What a visit does later than its beginning may lie behind the week.
      if (event.type === "prediction" && event.timeMillis < toMillis) pass.takeEvent(event, event.timeMillis);
      else if (event.type === "outcome") pass.takeOutcome(event);
    },
    reject(reason, detail) {
      throw new Error(`${story}: ${reason}: ${detail}`);
    },
  };
  const options = { messageBytes, futureMillis: Number.POSITIVE_INFINITY };
  const streams = { seed, originMillis: fromMillis, incidents: [] };
  const all = [storyPredictions(story, streams, toMillis), storyOutcomes(story, streams, toMillis + horizonMillis)];
  for (const events of all) {
    for (const text of events) native.decode(Buffer.from(text), fromMillis, options, receiver);
  }
}

async function referenceText(story: StoryName): Promise<string> {
  const config = parseConfig(demoConfig("127.0.0.1:0", seed, "."), "demo");
  const { models, defaults } = foldSettings(config);
  const settings = models.get(story) ?? defaults;
  const horizonMillis = settings.outcomes?.horizonMillis ?? 0;
  const { reference } = await buildReference((pass) => takeAll(story, config.limits.message_bytes, horizonMillis, pass), {
    model: story,
    version: null,
    settings,
    limits: config.limits,
    like: null,
    provenance: { kind: "file", source: ["simulated"], madeMillis: toMillis, madeBy: "npm run demo:references", history: [] },
    progress: () => undefined,
  });
  return encodeReference(reference);
}

for (const story of storyNames) {
  const path = demoReferencePath(story);
  const text = await referenceText(story);
  if (!process.argv.includes("--check")) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } else if (readFileSync(path, "utf8") !== text) {
    process.stderr.write(`${path} is not as the code has it: run npm run demo:references\n`);
    process.exitCode = 1;
  }
}
