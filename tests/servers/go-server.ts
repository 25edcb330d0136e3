// A server of the Prometheus family, which are all alike: on any free port, with a folder of its own, and a log in which it says where
// it listens.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { until } from "../until.ts";

export interface GoServer {
  readonly url: string;
  /** What it has logged so far. */
  log(): string;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/**
 * @param commandLine what it is started with, for a folder that is its own
 * @throws with its log where it ends before it is ready
 */
export async function startGoServer(
  program: string,
  commandLine: (directory: string) => readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<GoServer> {
  const directory = mkdtempSync(join(tmpdir(), `${basename(program)}-`));
  const child = spawn(program, commandLine(directory), { stdio: ["ignore", "ignore", "pipe"], env: environment });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const abandon = (): void => {
    child.kill("SIGKILL");
    remove();
  };
  const stop = async (): Promise<void> => {
    process.off("exit", abandon);
    child.kill("SIGTERM");
    await ended;
    remove();
  };
  process.once("exit", abandon);
  try {
    return { url: await ready(child, program, () => log), log: () => log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ready(child: ChildProcess, program: string, log: () => string): Promise<string> {
  const failed = new Promise<never>((_, reject) => {
    child.once("close", (code) => reject(new Error(`${basename(program)} ended with ${code}:\n${log()}`)));
    child.once("error", reject);
  });
  const address = (): string | undefined => /msg="Listening on".*?address=(127\.0\.0\.1:\d+)/.exec(log())?.[1];
  const answers = async (): Promise<boolean> => address() !== undefined && (await fetch(`http://${address()}/-/ready`)).ok;
  await Promise.race([failed, until(answers, { deadlineMillis: 60_000, what: `${basename(program)} is ready` })]);
  return `http://${address()}`;
}
