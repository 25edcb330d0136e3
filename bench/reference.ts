// What it takes to build a reference from ten million rows of CSV and of Parquet, with the command as a user starts it.
// Ends with 1 where it took more memory than allowed, or where the two references are not the same.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeCsv, writeParquet } from "./rows.ts";

const rows = Number(process.argv[2] ?? 10_000_000);
const allowedMegabytes = 300;
const launcher = fileURLToPath(new URL("../bin/prediction-exporter", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "bench-reference-"));

interface Run {
  readonly seconds: number;
  readonly megabytes: number;
  readonly hash: string;
}

async function build(name: string): Promise<Run> {
  const output = join(folder, `${name}.json`);
  const args = ["reference", "build", "--config", join(folder, "bench.yml"), "--model", "bench", "--input", join(folder, name)];
  const begun = performance.now();
  const child = spawn(launcher, [...args, "--output", output], { stdio: ["ignore", "inherit", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    process.stderr.write(text);
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`reference build ended with ${String(code)}`);
  const { hash } = JSON.parse(readFileSync(output, "utf8")) as { hash: string };
  // What the kernel says of the largest resident set of the process, as the command prints it (getrusage).
  const megabytes = Number(/(\d+) MB at most/.exec(said)?.[1]);
  return { seconds: (performance.now() - begun) / 1000, megabytes, hash };
}

try {
  writeFileSync(join(folder, "bench.yml"), "source: {file: {paths: [none]}}\n");
  await writeCsv(join(folder, "rows.csv"), rows, 1);
  await writeParquet(join(folder, "rows.parquet"), rows, 1);
  const hashes = new Set<string>();
  for (const name of ["rows.csv", "rows.parquet"]) {
    const { seconds, megabytes, hash } = await build(name);
    hashes.add(hash);
    const size = Math.round(statSync(join(folder, name)).size / 2 ** 20);
    process.stdout.write(
      `${name}: ${rows} rows of ${size} MB in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s, ` +
        `peak resident ${megabytes} MB (at most ${allowedMegabytes})\n`,
    );
    if (!(megabytes <= allowedMegabytes)) process.exitCode = 1;
  }
  if (hashes.size > 1) throw new Error("CSV and Parquet of the same rows gave two references");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
