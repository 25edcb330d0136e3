// How fast decoding and folding are without a source: events a second and a processor second, in memory.
import { parseConfig } from "../src/config/load.ts";
import { decoderFor } from "../src/decode/index.ts";
import { mappedDecoder } from "../src/decode/mapping.ts";
import type { Event } from "../src/event/event.ts";
import { foldSettings } from "../src/pipeline/fold-settings.ts";
import { Fold } from "../src/state/fold.ts";
import { predictionLine, random } from "./events.ts";

const many = Number(process.argv[2] ?? 100_000);
const next = random(1);
const start = Date.parse("2026-11-01T00:00:00Z");
const records = Array.from({ length: many }, (_, index) => Buffer.from(predictionLine(next, index, start + index * 200)));
const native = decoderFor("native");
/** The same fields, found by a mapping that names each feature. */
const featureNames = Object.keys((JSON.parse(predictionLine(random(1), 0, start)) as { features: object }).features);
const mapped = mappedDecoder({
  ...Object.fromEntries(
    ["model", "version", "id", "time", "score", "prediction", "latency_ms"].map((name) => [name, { path: name }]),
  ),
  features: { fields: Object.fromEntries(featureNames.map((name) => [name, { path: `features.${name}` }])) },
});
const nowhere = { event: () => undefined, reject: () => undefined };
const options = { messageBytes: 262_144, futureMillis: 300_000 };

function measure(what: string, work: (record: Buffer) => void): void {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  for (const record of records) work(record);
  const used = process.cpuUsage(cpu);
  const wallSeconds = (performance.now() - wall) / 1000;
  const cpuSeconds = (used.user + used.system) / 1e6;
  process.stdout.write(
    `${what}: ${Math.round(many / wallSeconds)} events/s, ${Math.round(many / cpuSeconds)} events a processor second\n`,
  );
}

process.stdout.write(`${many} events of ${Math.round(records.reduce((sum, one) => sum + one.length, 0) / many)} bytes\n`);
for (let round = 0; round < 2; round++) {
  measure("JSON.parse alone", (record) => JSON.parse(record.toString("utf8")));
  measure("decode by a mapping", (record) => mapped.decode(record, Number.NaN, options, nowhere));
  measure("decode", (record) => native.decode(record, Number.NaN, options, nowhere));
}
for (const [what, decoder] of [
  ["decode and fold", native],
  ["decode by a mapping and fold", mapped],
] as const) {
  const fold = new Fold(foldSettings(parseConfig("source: {file: {paths: [none]}}\ndefaults: {learn: 1h}", "bench")));
  const log = fold.log("bench", 0, 60_000);
  const into = { event: (event: Event) => fold.apply(log, event, Number.NaN), reject: () => undefined };
  let folded = 0;
  measure(what, (record) => {
    decoder.decode(record, Number.NaN, options, into);
    if (++folded % 1000 === 0) fold.advance();
  });
}
process.stdout.write(`resident set ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB\n`);
