// bin/prediction-exporter: which program it runs under which Node, and that a Node between passes everything on.
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { until } from "../until.ts";

const bin = fileURLToPath(new URL("../../bin", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "launcher-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Waits for a signal if it is asked to and counts those that come; says how it was started once it is ready for them. */
const program = `
const args: string[] = process.argv.slice(2);
if (args[0] === "exit") process.exitCode = Number(args[1]);
if (args[0] === "wait") {
  let signals = 0;
  const timer = setInterval(() => {}, 1000);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
    process.on(signal, () => {
      signals += 1;
      setTimeout(() => {
        console.log(signal + " x" + signals);
        clearInterval(timer);
        process.exit(7);
      }, 200);
    });
  }
}
console.log(JSON.stringify({ program: "sources", node: process.versions.node, args, pid: process.pid }));
if (args[0] === "die") process.kill(process.pid, "SIGKILL");
`;

function file(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function checkout(name: string): string {
  const place = join(root, name);
  cpSync(bin, join(place, "bin"), { recursive: true });
  file(join(place, "package.json"), '{"type":"module"}');
  file(join(place, "src/cli/main.ts"), program);
  return place;
}

function installed(name: string): string {
  const place = checkout(name);
  mkdirSync(join(place, "node_modules/.bin"), { recursive: true });
  symlinkSync(process.execPath, join(place, "node_modules/.bin/node"));
  return place;
}

/** Read before the launcher, it makes this Node say that it is an old one. */
const old = join(root, "old.cjs");
file(old, 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.1.0" } });');

class Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  output = "";
  errors = "";

  constructor(place: string, args: readonly string[], options: readonly string[] = []) {
    const all = [...options, join(place, "bin/prediction-exporter"), ...args];
    this.child = spawn(process.execPath, all, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
    });
    this.ended = new Promise((resolve) => this.child.once("close", (code, signal) => resolve({ code, signal })));
  }

  get pid(): number {
    return this.child.pid as number;
  }

  started(): Promise<void> {
    return until(() => this.output.includes("\n"), { deadlineMillis: 30_000, what: "the program's first line" });
  }

  said(): unknown {
    return JSON.parse(this.output.split("\n")[0] as string);
  }
}

async function ended(
  place: string,
  args: readonly string[],
  options?: readonly string[],
): Promise<Run & { code: number | null }> {
  const run = new Run(place, args, options);
  return Object.assign(run, { code: (await run.ended).code });
}

describe("a Node that is new enough", () => {
  test("runs the sources of a checkout itself", async () => {
    const run = await ended(installed("new"), ["exit", "3"]);
    expect(run.said()).toEqual({ program: "sources", node: process.versions.node, args: ["exit", "3"], pid: run.pid });
    expect(run.code).toBe(3);
  });

  test("runs the build of a package", async () => {
    const place = join(root, "package");
    cpSync(bin, join(place, "bin"), { recursive: true });
    file(join(place, "package.json"), '{"type":"module"}');
    file(join(place, "dist/cli/main.js"), 'console.log(JSON.stringify("build"));');
    const run = await ended(place, []);
    expect([run.said(), run.code]).toEqual(["build", 0]);
  });

  test("says what to do where nothing is installed", async () => {
    const place = checkout("nothing");
    const run = await ended(place, []);
    expect([run.output, run.errors, run.code]).toEqual(["", `prediction-exporter: run \`npm ci\` in ${place} first\n`, 2]);
  });
});

describe("a Node that is too old", () => {
  const place = installed("old");

  test("goes on with the one that is installed, and ends with its code", async () => {
    const run = await ended(place, ["exit", "4", "two words"], ["--require", old]);
    expect(run.said()).toMatchObject({ node: process.versions.node, args: ["exit", "4", "two words"] });
    expect(run.said()).not.toMatchObject({ pid: run.pid });
    expect(run.code).toBe(4);
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("passes %s on", async (signal) => {
    const run = new Run(place, ["wait"], ["--require", old]);
    await run.started();
    run.child.kill(signal);
    expect(await run.ended).toEqual({ code: 7, signal: null });
    expect(run.output).toContain(`${signal} x1\n`);
  });

  test("passes on once what a terminal sends to the whole group", async () => {
    const run = new Run(place, ["wait"], ["--require", old]);
    await run.started();
    process.kill(-run.pid, "SIGINT");
    expect(await run.ended).toEqual({ code: 7, signal: null });
    expect(run.output).toContain("SIGINT x1\n");
  });

  test("dies of the signal that its child died of", async () => {
    expect(await new Run(place, ["die"], ["--require", old]).ended).toEqual({ code: null, signal: "SIGKILL" });
  });

  test("takes its child along when it is killed", async () => {
    const run = new Run(place, ["wait"], ["--require", old]);
    await run.started();
    run.child.kill("SIGKILL");
    await run.ended;
    await until(() => run.output.includes("SIGTERM x1\n"), { deadlineMillis: 30_000 });
  });

  test("says what is needed where no other is installed", async () => {
    const bare = checkout("bare");
    mkdirSync(join(bare, "node_modules"));
    const run = await ended(bare, [], ["--require", old]);
    const message = "prediction-exporter: needs Node 22.18 or newer, this is 20.1.0\n";
    expect([run.output, run.errors, run.code]).toEqual(["", message, 2]);
  });
});
