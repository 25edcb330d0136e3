// Benchmarks that documents name still work: each is run with as little as it takes, to its end. What they measure then says nothing,
// so a bar may be missed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { commandsOf, documents, inCheckout, textOf } from "./markdown.ts";

const scripts = (JSON.parse(textOf("package.json")) as { scripts: Record<string, string> }).scripts;
const named = documents()
  .flatMap((path) => commandsOf(textOf(path)))
  .flatMap((command) => /^npm run (bench:[\w-]+)/.exec(command)?.[1] ?? []);

interface Small {
  readonly script: string;
  readonly args: string;
  /** What it says at its end. */
  readonly says: RegExp;
}

const small: readonly Small[] = [
  {
    script: "bench:state",
    args: "--kinds numeric --rates 100 --features 2 --windows 1h --series 0",
    says: /KB a feature in memory/,
  },
  { script: "bench:join", args: "2000 1800", says: /^the join: [\d.]+ us of processor time an event/m },
  { script: "bench:join", args: "--kafka 2000 1800 1", says: /MB with the join off/ },
  { script: "bench:reference", args: "2000", says: /rows\.parquet: 2000 rows/ },
  { script: "bench:ingest", args: "5000 1", says: /^exact$/m },
  { script: "bench:scores", args: "--features 2 --models 1 --hours 2 --minutes 2", says: /longest part of closing/ },
  { script: "bench:calibration", args: "--check", says: /docs\/calibration\.md shows the results of this code/ },
  { script: "bench:detectors", args: "--smoke", says: /tolerance 0\.001: wrong type/ },
  { script: "bench:delays", args: "1", says: /missing from 1 % to 5 %/ },
  { script: "bench:detector-months", args: "0.002 normal", says: /\*\*all\*\*/ },
  { script: "bench:intervals", args: "--smoke", says: /s of processor time in all/ },
  { script: "bench:spectra", args: "0.6 0.9 2", says: /wind direction/ },
  { script: "bench:quiet-weeks", args: "--check", says: /docs\/quiet-weeks\.md is of/ },
];

/** Of which other tests run what they are made of. */
const elsewhere: Readonly<Record<string, string>> = {
  "bench:demo": "tests/demo/drift.test.ts",
  // It takes three months of real flights.
  "bench:days": "tests/drift/golden.test.ts",
};

test("every benchmark is run here, or what it is made of by a test that is there", () => {
  const known = new Set([...small.map(({ script }) => script), ...Object.keys(elsewhere)]);
  expect([...new Set(named)].filter((script) => !known.has(script))).toEqual([]);
  for (const path of Object.values(elsewhere)) expect(existsSync(inCheckout(path))).toBe(true);
});

test.each(small)("$script $args", { timeout: 300_000 }, async ({ script, args, says }) => {
  const { code, output, errors } = await run(`${scripts[script]} ${args}`);
  expect(errors).not.toMatch(/^\w*Error\b|^\s+at /m);
  expect(output).toMatch(says);
  // 1: a bar is missed.
  expect([0, 1]).toContain(code);
});

interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function run(command: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const [program = "", ...args] = command.split(" ");
    const child = spawn(program === "node" ? process.execPath : program, args, {
      cwd: inCheckout("."),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output, errors }));
  });
}
