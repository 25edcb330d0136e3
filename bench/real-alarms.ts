// The alarms of real flights: by the commands that users have, a reference is built of January to March, and these months and
// those after them are replayed against it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { AlarmLine } from "../src/pipeline/alarm-lines.ts";

const launcher = fileURLToPath(new URL("../bin/prediction-exporter", import.meta.url));

export interface RealAlarms {
  /** Of the reference's own rows, replayed as a stream. */
  readonly own: readonly AlarmLine[];
  readonly later: readonly AlarmLine[];
}

function run(folder: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(launcher, args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`prediction-exporter ${args.join(" ")}: ${stderr}`);
}

function replayed(folder: string, input: string): AlarmLine[] {
  run(folder, "replay", "--config", "with.yml", "--input", input, "--output", "out.jsonl", "--every", "24h");
  const lines = readFileSync(join(folder, "out.jsonl"), "utf8").split("\n");
  return lines.filter((line) => line.includes('"alert"')).map((line) => JSON.parse(line) as AlarmLine);
}

/** @param data the folder of the reference data, with flights-q2 */
export function realAlarms(data: string): RealAlarms {
  const folder = mkdtempSync(join(tmpdir(), "real-alarms-"));
  try {
    const rows = join(data, "flights-q2/reference.jsonl.gz");
    const config = "source: {file: {paths: [none]}}\ndefaults: {windows: [24h, 7d, 28d]}\nmodels: {flights: ";
    writeFileSync(join(folder, "without.yml"), `${config}{}}\n`);
    writeFileSync(join(folder, "with.yml"), `${config}{reference: flights.json}}\n`);
    run(
      folder,
      "reference",
      "build",
      "--config",
      "without.yml",
      "--model",
      "flights",
      "--input",
      rows,
      "--output",
      "flights.json",
    );
    const stream = gunzipSync(readFileSync(rows))
      .toString()
      .replaceAll(/^\{/gm, '{"type":"prediction","model":"flights","version":"1",');
    writeFileSync(join(folder, "own.jsonl"), stream);
    return { own: replayed(folder, "own.jsonl"), later: replayed(folder, join(data, "flights-q2/events.jsonl.gz")) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
