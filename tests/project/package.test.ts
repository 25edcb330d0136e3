// The package as its users get it: packed from a copy of the checkout, installed into an empty folder, and run there.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freeAddress } from "../e2e/exporter.ts";
import { until } from "../until.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));
const mostDependencies = 10;

interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
}

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const read = <Type>(path: string): Type => JSON.parse(readFileSync(join(checkout, path), "utf8")) as Type;
const manifest = read<Manifest>("package.json");
const lock = Object.entries(read<{ packages: Record<string, LockEntry> }>("package-lock.json").packages).filter(
  ([place]) => place !== "",
);

/** The environment without what an enclosing `npm test` says about itself. */
function environment(): NodeJS.ProcessEnv {
  const ofNpm = /^(npm_(package|lifecycle|command|execpath|node)|npm_config_(local_|global_)?prefix$|INIT_CWD$)/;
  const kept = Object.entries(process.env).filter(([key]) => !ofNpm.test(key));
  return { ...Object.fromEntries(kept), PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
}

function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env: environment(), encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? status}\n${stdout}${stderr}`);
  return stdout;
}

describe("the packed package", () => {
  const root = mkdtempSync(join(tmpdir(), "package-"));
  const copy = join(root, "copy");
  const empty = join(root, "empty");
  const installed = join(empty, "node_modules/prediction-exporter");

  beforeAll(() => {
    const without = new Set([".git", "node_modules", "dist", "tests", "tools"]);
    mkdirSync(copy);
    for (const name of readdirSync(checkout).filter((one) => !without.has(one))) {
      cpSync(join(checkout, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(checkout, "node_modules"), join(copy, "node_modules"));
    run("npm", ["pack", "--pack-destination", root], copy);
    mkdirSync(empty);
    const tarball = join(root, `prediction-exporter-${manifest.version}.tgz`);
    run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", tarball], empty);
  });

  afterAll(() => rmSync(root, { recursive: true }));

  test("says its version", () => {
    expect(run(join(empty, "node_modules/.bin/prediction-exporter"), ["--version"], empty)).toBe(`${manifest.version}\n`);
  });

  test("brings what is needed to run and no more", () => {
    expect(readdirSync(installed).sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "alertmanager",
      "bin",
      "dist",
      "examples",
      "grafana",
      "package.json",
      "prometheus",
    ]);
    // Boards as Grafana reads them, not what they are generated from.
    expect(readdirSync(join(installed, "grafana")).sort()).toEqual(["boards", "provisioning"]);
    const files = readdirSync(join(installed, "dist"), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.filter((entry) => !entry.name.endsWith(".js"))).toEqual([]);
  });

  test("brings what the demo takes for normal", () => {
    const files = readdirSync(join(installed, "examples/demo"));
    expect(files.sort()).toEqual(["forecast.json", "fraud.json", "recommendation.json"]);
  });

  describe("shows the demo", () => {
    const temporary = join(root, "temporary");
    let demo: ChildProcess;
    let output = "";
    afterAll(() => void demo?.kill("SIGKILL"));

    test("with its three models, until the minutes that it was given are over", async () => {
      mkdirSync(temporary);
      const listen = await freeAddress();
      const child = spawn(join(empty, "node_modules/.bin/prediction-exporter"), ["demo", "--listen", listen, "--minutes", "0"], {
        cwd: empty,
        env: { ...environment(), TMPDIR: temporary },
        stdio: ["ignore", "pipe", "pipe"],
      });
      demo = child;
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      const ended = new Promise<number | string>((resolve) => {
        child.once("exit", (code, signal) => resolve(code ?? signal ?? ""));
      });
      const get = (path: string): Promise<Response> => {
        if (child.exitCode !== null) throw new Error(`the demo ended with ${child.exitCode}: ${output}`);
        return fetch(`http://${listen}${path}`);
      };
      // It has a while of the past to fold before its minutes begin: how long that may take is for tests/demo/demo.test.ts.
      const models = async (): Promise<string> => {
        const page = await (await get("/metrics")).text();
        return [...new Set([...page.matchAll(/^ml_model_info\{model="([^"]*)"/gm)].map(([, model]) => model))].sort().join();
      };
      const shown = { deadlineMillis: 300_000, what: "it shows its models" };
      await until(async () => (await models()) === "forecast,fraud,recommendation", shown);
      expect((await get("/")).status).toBe(200);
      expect(readdirSync(temporary)).toHaveLength(1);
      expect(await ended).toBe(0);
      expect(output).toContain(`http://${listen}/metrics`);
      expect(output).not.toMatch(/ {4}at |error/i);
      expect(readdirSync(temporary)).toEqual([]);
    }, 660_000);
  });
});

describe("dependencies", () => {
  test("at run time are few", () => {
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(mostDependencies);
  });

  test("are stated as one version each", () => {
    expect(Object.values(manifest.dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test("at run time run nothing when they are installed", () => {
    expect(lock.filter(([, entry]) => entry.hasInstallScript && !entry.dev).map(([place]) => place)).toEqual([]);
  });

  test("are locked by hash, wherever they are fetched from", () => {
    expect(lock.filter(([, entry]) => entry.resolved !== undefined).map(([place]) => place)).toEqual([]);
    expect(lock.filter(([, entry]) => entry.integrity === undefined).map(([place]) => place)).toEqual([]);
  });

  test("bring the Node that these tests run under", () => {
    expect(lock.find(([place]) => place === "node_modules/node")?.[1].version).toBe(process.versions.node);
  });

  test("leave users the Node that the sources are built for", () => {
    expect(manifest.engines.node).toBe(">=22.15");
  });
});
