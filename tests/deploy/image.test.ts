// What Containerfile makes, without an engine: its own steps, in folders that stand for those of the image, from the files that
// .dockerignore leaves; then the exporter is started as the image starts it, where nothing but its state may be written.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../servers/port.ts";
import { until } from "../until.ts";
import { root, serviceOf } from "./stack.ts";

const longRun = 300_000;

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** Instructions with their continued lines, without comments. */
const instructions: readonly Instruction[] = readFileSync(join(root, "Containerfile"), "utf8")
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => ({ name: line.slice(0, line.indexOf(" ")), rest: line.slice(line.indexOf(" ") + 1) }));

const lastStage = instructions.map(({ name }) => name).lastIndexOf("FROM");
const [building, running] = [instructions.slice(0, lastStage), instructions.slice(lastStage)];

function of(stage: readonly Instruction[], name: string): string[] {
  return stage.filter((one) => one.name === name).map(({ rest }) => rest);
}

const entrypoint = JSON.parse(of(running, "ENTRYPOINT")[0] ?? "[]") as string[];
const command = JSON.parse(of(running, "CMD")[0] ?? "[]") as string[];
const health = JSON.parse(/CMD (\[.*\])$/.exec(of(running, "HEALTHCHECK")[0] ?? "")?.[1] ?? "[]") as string[];

test("runs under the Node of the tests, as nobody in particular", () => {
  expect(of(building, "ARG")).toEqual([`NODE_VERSION=${process.versions.node}`]);
  const base = `node:\${NODE_VERSION}-bookworm-slim`;
  expect([...of(building, "FROM"), ...of(running, "FROM")]).toEqual([`${base} AS build`, base]);
  expect(of(running, "USER")).toEqual(["65532:65532"]);
  expect(running.findLastIndex(({ name }) => name === "RUN")).toBeLessThan(running.findIndex(({ name }) => name === "USER"));
});

test("writes to one place, which is its own and a volume of the stack", () => {
  const [volume] = of(running, "VOLUME");
  expect(of(running, "RUN").join("\n")).toContain(`chown 65532:65532 ${volume}`);
  const { volumes = [], healthcheck } = serviceOf("exporter");
  expect(volumes.filter(({ type }) => type === "volume").map(({ target }) => target)).toEqual([volume]);
  expect(volumes.map(({ target }) => target)).toContain(command.at(-1));
  expect(healthcheck?.test).toEqual(["CMD", ...health]);
});

describe("the image's files", () => {
  const directory = mkdtempSync(join(tmpdir(), "image-"));
  const [build, app] = [join(directory, "build"), join(directory, "app")];
  const inside = (text: string): string => text.replaceAll(/(?<![\w.])\/(build|app)\b/g, `${directory}/$1`);

  /** As in a container: nothing of an enclosing `npm test`. */
  function environment(): NodeJS.ProcessEnv {
    const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_)/.test(name));
    return { ...Object.fromEntries(kept), PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
  }

  beforeAll(() => {
    const ignored = readFileSync(join(root, ".dockerignore"), "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(ignored[0]).toBe("*");
    mkdirSync(build);
    for (const name of ignored.slice(1).map((line) => line.replace("!", ""))) {
      cpSync(join(root, name), join(build, name), { recursive: true });
    }
    const steps = of(building, "RUN");
    // The packages are those of the checkout: they are installed in this very way before any test.
    expect(steps[0]).toBe("npm ci --no-audit --no-fund");
    symlinkSync(join(root, "node_modules"), join(build, "node_modules"));
    for (const step of steps.slice(1)) {
      const args = ["-e", "-c", inside(step).replace("npm ci", "npm ci --prefer-offline")];
      const { status, stdout, stderr } = spawnSync("/bin/sh", args, { cwd: build, env: environment(), encoding: "utf8" });
      if (status !== 0) throw new Error(`${step}: ${status}\n${stdout}${stderr}`);
    }
  }, longRun);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test("are the package, and what it needs to run", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    const there = (name: string): boolean => existsSync(join(app, "node_modules", name));
    expect(Object.keys(dependencies).filter((name) => !there(name))).toEqual([]);
    expect(Object.keys(devDependencies).filter(there)).toEqual([]);
    expect(existsSync(join(app, "src"))).toBe(false);
    expect(readdirSync(app).filter((name) => name.endsWith(".tgz"))).toEqual([]);
    expect(statSync(inside(entrypoint[0] ?? "")).mode & 0o111).toBe(0o111);
    // What the stack's configuration names.
    for (const [, path = ""] of readFileSync(join(root, "deploy/compose/exporter.yml"), "utf8").matchAll(
      /reference: (\/app\/.*)$/gm,
    )) {
      expect(existsSync(inside(path))).toBe(true);
    }
  });

  describe("run", () => {
    const state = join(directory, "state");
    const config = join(directory, "exporter.yml");
    const running = new Set<ChildProcess>();
    afterAll(() => {
      for (const child of running) child.kill("SIGKILL");
    });

    /** Starts what the image starts. Node refuses to write anywhere but to the state, as a read-only root does. */
    function start(): { child: ChildProcess; ended: Promise<number | string>; log: () => string } {
      const [program = "", ...args] = [...entrypoint.map(inside), ...command.slice(0, -1), config];
      const permissions = `--permission --allow-fs-read=* --allow-fs-write=${state}/*`;
      const env = { ...environment(), NODE_ENV: "production", NODE_OPTIONS: permissions };
      const child = spawn(program, args, { cwd: state, env, stdio: ["ignore", "pipe", "pipe"] });
      running.add(child);
      let log = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          log += text;
        });
      }
      const ended = new Promise<number | string>((resolve) =>
        child.once("close", (code, signal) => resolve(code ?? signal ?? "")),
      );
      return { child, ended, log: () => log };
    }

    function configure(port: number, place: string): void {
      mkdirSync(place, { recursive: true });
      const source = "{simulator: {history: 10m}}";
      writeFileSync(config, `source: ${source}\nstate: {directory: ${place}, every: 1s}\nweb: {listen: "127.0.0.1:${port}"}\n`);
    }

    test("as one process that keeps its state, says how it is, and ends when it is told to", async () => {
      const port = await freePort();
      configure(port, state);
      const { child, ended, log } = start();
      const [program = "", ...args] = health.map((word) => word.replace("9877", String(port)));
      const healthy = (): number | null => spawnSync(program, args, { env: environment() }).status;
      const whileItRuns = (condition: () => boolean): Promise<void> => {
        const holds = (): boolean => {
          if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${log()}`);
          return condition();
        };
        return until(holds, { deadlineMillis: 60_000, what: String(condition) });
      };
      await whileItRuns(() => healthy() === 0);
      await whileItRuns(() => readdirSync(state).some((name) => name.endsWith(".snapshot")));
      // The shell has made room for Node, and given it its flags.
      expect(readFileSync(`/proc/${child.pid}/cmdline`, "utf8").split("\0").slice(0, 2)).toEqual([
        "node",
        "--max-semi-space-size=16",
      ]);
      const given = readFileSync(`/proc/${child.pid}/environ`, "utf8").split("\0");
      expect(given).toEqual(expect.arrayContaining(["MALLOC_ARENA_MAX=1", "GLIBC_TUNABLES=glibc.malloc.hugetlb=1"]));
      child.kill("SIGTERM");
      expect(await ended).toBe(0);
      expect(log()).not.toMatch(/ERR_ACCESS_DENIED|"level":(50|60)/);
      expect(healthy()).not.toBe(0);
    });

    test("and could not write elsewhere", async () => {
      configure(await freePort(), join(directory, "elsewhere"));
      const { ended, log } = start();
      expect(await ended).not.toBe(0);
      expect(log()).toContain("Access to this API has been restricted");
    });
  });
});
