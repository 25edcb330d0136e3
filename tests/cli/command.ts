// The command line as a process in a folder of its own, as a user starts it.
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const launcher = fileURLToPath(new URL("../../bin/prediction-exporter", import.meta.url));
/** A process that has not ended by then hangs, on a busy machine too: it is killed, and its end says so. */
const longestMillis = 200_000;

export interface Ended {
  /** The exit code, or the signal that ended it. */
  readonly code: number | string;
  readonly output: string;
  readonly errors: string;
}

export class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  output = "";
  errors = "";

  constructor(directory: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.child = spawn(launcher, args, {
      cwd: directory,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
    });
    const hangs = setTimeout(() => this.child.kill("SIGKILL"), longestMillis);
    this.ended = new Promise((resolve) => {
      this.child.once("close", (code, signal) => {
        clearTimeout(hangs);
        resolve({ code: code ?? signal ?? "", output: this.output, errors: this.errors });
      });
    });
  }
}

function dataPath(data: string): string {
  return fileURLToPath(new URL(`../data/${data}`, import.meta.url));
}

/** The first lines of a compressed file of the tests' data. */
export function firstLines(data: string, many: number): string[] {
  return gunzipSync(readFileSync(dataPath(data)))
    .toString("utf8")
    .split("\n")
    .slice(0, many);
}

/** A folder with what a command needs; gone, with what still runs in it, when it is closed. */
export class Folder {
  readonly directory = mkdtempSync(join(tmpdir(), "command-"));
  readonly #started: Running[] = [];
  readonly #environment: Readonly<Record<string, string>>;

  /** @param environment what its commands are told beside the arguments */
  constructor(environment: Readonly<Record<string, string>> = {}) {
    this.#environment = environment;
  }

  place(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(this.place(name), content);
  }

  /** Copies a file of the tests' data. */
  take(data: string, name: string): void {
    cpSync(dataPath(data), this.place(name));
  }

  read(name: string): string {
    return readFileSync(this.place(name), "utf8");
  }

  start(...args: readonly string[]): Running {
    const running = new Running(this.directory, args, this.#environment);
    this.#started.push(running);
    return running;
  }

  /** Runs a command to its end. */
  run(...args: readonly string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  async close(): Promise<void> {
    for (const { child } of this.#started) child.kill("SIGKILL");
    await Promise.all(this.#started.map(({ ended }) => ended));
    rmSync(this.directory, { recursive: true, force: true });
  }
}
