// Where servers for tests are kept between runs: outside of the checkout. Also how they get there: once, and whole.
import { type ChildProcess, execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { constants, homedir, setPriority } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const lockRetryMillis = 200;

export function cacheDirectory(): string {
  const { PREDICTION_EXPORTER_CACHE, XDG_CACHE_HOME } = process.env;
  return PREDICTION_EXPORTER_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "prediction-exporter");
}

/**
 * Makes a directory of the cache unless it is there. It is filled beside its place and renamed, so that work which was
 * cut short is never used; another process that wants the same waits for this one.
 * @param fill writes the content into the directory that it is given
 */
export async function cachedDirectory(place: string, fill: (temporary: string) => void | Promise<void>): Promise<string> {
  if (existsSync(place)) return place;
  await locked(`${place}.lock`, async () => {
    if (!existsSync(place)) await fillAndRename(place, fill);
  });
  return place;
}

/** Does something while no other process does what needs the same lock. */
export async function locked(path: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const release = await lock(path);
  try {
    await work();
  } finally {
    release();
  }
}

async function fillAndRename(place: string, fill: (temporary: string) => void | Promise<void>): Promise<void> {
  const temporary = mkdtempSync(`${place}-`);
  try {
    await fill(temporary);
    renameSync(temporary, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** A lock is a link to the number of its process: made in one step. One whose process has ended holds nobody up. */
async function lock(path: string): Promise<() => void> {
  for (;;) {
    try {
      symlinkSync(String(process.pid), path);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (!holderLives(path)) rmSync(path, { force: true });
    await wait(lockRetryMillis);
  }
}

function holderLives(path: string): boolean {
  try {
    process.kill(Number(readlinkSync(path)), 0);
    return true;
  } catch (error) {
    // EPERM: of another user, who may not be signalled but lives.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const running = new Set<ChildProcess>();

export interface ToolOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Whether what else runs goes before it: tests have deadlines, a build has none. */
  readonly gently?: boolean;
}

/** Runs a program of the machine to its end. @throws with what it printed, or with what to install where it is missing */
export function runTool(
  program: string,
  args: readonly string[],
  toInstall: string,
  { cwd, environment, gently = false }: ToolOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: environment, maxBuffer: 64 * 2 ** 20 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      running.delete(child);
      if (error === null) resolve(stdout);
      else if (error.code === "ENOENT")
        reject(new Error(`${program} cannot be started (${error.message}): install ${toInstall}`));
      else reject(new Error(`${program} ${args.join(" ")} failed:\n${stdout}${stderr}`));
    });
    running.add(child);
    if (gently && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  });
}

/** Ends the programs that this process has running; whoever waits for one is told that it failed. */
export function endTools(): void {
  for (const child of running) child.kill();
}
