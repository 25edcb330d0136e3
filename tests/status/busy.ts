// An exporter that has everything a page can show: traffic, problems of every kind, and names of every kind.
import { hostileNames } from "../expose/hostile-names.ts";
import { midnight, minute, prediction, Running, topic } from "./running.ts";
import { writeTraffic } from "./stream.ts";

export const hostileModel = `"><script>alert(1)</script>\u202E`;

const fraudVersion = "2026-02-20";
const configuration = `
defaults: {windows: [1h, 5m], learn: 10m}
models:
  fraud:
    features: {amount: {range: [0, 100]}, country: {required: true, categories: [DE, FR, NL, ES, IT, PL]}}
    slos: {latency: {objective: 0.99, below_ms: 25}, availability: {objective: 0.95}}
    batch: {every: 5m, grace: 1m, min_rows: 100}
`;

export async function busyExporter(): Promise<Running> {
  const running = await Running.of(2, configuration);
  const hostile = hostileNames.map((name) => name.slice(0, 128).toWellFormed());
  const ofHostile = [hostileModel, ...hostile].flatMap((model, index) => [
    prediction(midnight + 9 * minute, { model, version: hostile[index], features: { [model]: model, x: null } }),
  ]);
  await running.write(1, ofHostile);
  await writeTraffic(running, midnight, 15);
  const many = Array.from({ length: 150 }, (_, index) =>
    prediction(midnight + 14 * minute + index, {
      model: hostileModel,
      version: hostileModel,
      features: { [hostileModel]: hostile[index % hostile.length], ...Object.fromEntries(hostile.map((name) => [name, index])) },
    }),
  );
  await running.write(1, [...many, "{", null, prediction(midnight + 18 * minute), prediction(midnight)]);
  await writeTraffic(running, midnight + 15 * minute, 5);
  await running.write(
    1,
    Array.from({ length: 5 }, () => prediction(midnight + 20 * minute)),
  );
  await running.write(1, [
    ...runsAndOutcomes(hostileModel, hostileModel, hostile),
    ...runsAndOutcomes("fraud", fraudVersion, ["EUR"]),
  ]);
  running.source.append({ topic, partition: 0 }, [prediction(midnight)]);
  running.source.look();
  running.nowMillis = midnight + 20 * minute;
  running.configuration = { ...running.configuration, error: `exporter.yml: ${"x".repeat(300)}`, failedMillis: midnight };
  return running;
}

/** A run that failed after one that had few rows; outcomes with and without a version, worth something in some units. */
function runsAndOutcomes(model: string, version: string, units: readonly string[]): string[] {
  const run = { type: "run", model, version, run_id: "a" };
  const outcome = { type: "outcome", model, id: "a", time: midnight + 15 * minute };
  return [
    { ...run, state: "started", time: midnight + 9 * minute },
    { ...run, state: "succeeded", time: midnight + 10 * minute, rows: 80 },
    { ...run, state: "failed", time: midnight + 11 * minute, run_id: "b" },
    { ...outcome, label: 1 },
    ...units.flatMap((unit) => [-1, 12_345.67].map((value) => ({ ...outcome, version, unit, value }))),
  ].map((event) => JSON.stringify(event));
}
