// A cardinality bomb: models, versions, features, segments and categories that nobody ever saw, over three days of
// event time. Prints how memory and the page behave: both have to level off, and the limits say what was turned away.
import { parseConfig } from "../src/config/load.ts";
import { decoderFor } from "../src/decode/index.ts";
import { Renderer } from "../src/expose/render.ts";
import { SeriesLimit } from "../src/expose/series-limit.ts";
import { foldSettings } from "../src/pipeline/fold-settings.ts";
import { ModelCollector } from "../src/pipeline/model-collector.ts";
import { Windows } from "../src/pipeline/windows.ts";
import { Fold } from "../src/state/fold.ts";
import { random } from "./events.ts";

const many = Number(process.argv[2] ?? 10_000_000);
const invented = 100_000;
const spanMillis = 3 * 86_400_000;
const start = Date.parse("2026-11-01T00:00:00Z");

const next = random(3);
const upTo = (limit: number): number => Math.floor(next() * limit);
const config = parseConfig("source: {file: {paths: [none]}}\ndefaults: {learn: 1h}", "bench");
const fold = new Fold(foldSettings(config));
const log = fold.log("bomb", 0, 60_000);
const native = decoderFor("native");
const options = { messageBytes: config.limits.message_bytes, futureMillis: config.defaults.future };
const limit = new SeriesLimit(config.limits.series);
let time = start;
const collectorOptions = { countersKnown: () => true, zeroMillis: 0, staleMillis: spanMillis, now: () => time };
const collectors = [new ModelCollector(fold, new Windows(fold), limit, collectorOptions)];
const logger = { error: (fields: object, message: string) => process.stdout.write(`${message} ${JSON.stringify(fields)}\n`) };
const renderer = new Renderer({ collectors: () => collectors, now: () => performance.now(), logger, maxAgeMillis: 0 });

function bombLine(): string {
  return JSON.stringify({
    type: "prediction",
    model: `model-${upTo(invented)}`,
    version: `version-${upTo(50)}`,
    time,
    segment: { place: `place-${upTo(invented)}` },
    score: next(),
    prediction: `class-${upTo(invented)}`,
    features: {
      [`feature-${upTo(invented)}`]: next() * 1e6,
      [`category-${upTo(invented)}`]: `value-${upTo(invented)}`,
      fixed: `value-${upTo(invented)}`,
      wide: Math.exp(50 * (next() - 0.5)),
    },
  });
}

async function report(events: number): Promise<void> {
  const page = await renderer.render("text");
  const lines = page
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#")).length;
  const megabytes = Math.round(process.memoryUsage.rss() / 2 ** 20);
  const hours = Math.round((time - start) / 3_600_000);
  const away = `models ${fold.modelOverflow}, versions ${fold.versionOverflow}, series ${limit.turnedAway}`;
  process.stdout.write(`${events} events, ${hours} h: resident ${megabytes} MB, ${lines} series, turned away: ${away}\n`);
}

for (let index = 0; index < many; index++) {
  time = start + Math.floor((index / many) * spanMillis);
  native.decode(Buffer.from(bombLine()), Number.NaN, options, {
    event: (event) => fold.apply(log, event, Number.NaN),
    reject: (reason) => log.reject(reason),
  });
  if (index % 1000 === 0) fold.advance();
  if (index % Math.ceil(many / 20) === 0) await report(index);
}
await report(many);
