// The command `run` as a process, with files as its source: it serves, ends in order, and says why where it cannot begin.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { formats } from "../../src/decode/index.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { decodeSnapshot } from "../../src/state/snapshot.ts";
import { until } from "../until.ts";
import { Folder, firstLines, type Running } from "./command.ts";

/** More than a day of them, so that there is a window of a day. */
const events = 1200;
const folder = new Folder();
const config = (state: string, more = ""): string =>
  `source: {file: {paths: [events.jsonl.gz]}}\nstate: {directory: ${state}}\nweb: {listen: "127.0.0.1:0"}\n${more}`;

beforeAll(() => {
  folder.write("events.jsonl.gz", gzipSync(`${firstLines("segments/events.jsonl.gz", events).join("\n")}\n`));
});
afterAll(() => folder.close());

interface LogLine {
  readonly msg: string;
  readonly [field: string]: unknown;
}

function logLines({ errors }: { readonly errors: string }): LogLine[] {
  const complete = errors.slice(0, errors.lastIndexOf("\n") + 1).split("\n");
  return complete.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as LogLine);
}

/** Waits for a line of the log. @throws when the process ends without it */
async function said(running: Running, message: string): Promise<LogLine> {
  const find = (): LogLine | undefined => logLines(running).find(({ msg }) => msg === message);
  const ended = (): boolean => running.child.exitCode !== null || running.child.signalCode !== null;
  await until(() => find() !== undefined || ended(), { deadlineMillis: 100_000, what: `the log says "${message}"` });
  const found = find();
  if (found === undefined) throw new Error(`ended without saying "${message}": ${running.errors}`);
  return found;
}

const snapshots = (state: string): string[] => readdirSync(folder.place(state)).filter((name) => name.endsWith(".snapshot"));

describe("an exporter", () => {
  test("serves what the file says, and at SIGTERM saves it and ends with 0", async () => {
    folder.write("whole.yml", config("whole", "defaults: {stale: 3650d}\n"));
    const running = folder.start("run", "--config", "whole.yml");
    const { listen } = await said(running, "listening");
    await said(running, "caught up");
    const get = async (path: string): Promise<Response> => fetch(`http://${listen}${path}`);
    expect(await (await get("/-/healthy")).text()).toBe("healthy\n");
    await until(async () => (await get("/-/ready")).status === 200, { deadlineMillis: 10_000, what: "it is ready" });
    const page = async (): Promise<string> => (await get("/metrics")).text();
    const mean = 'ml_window_mean{model="segments",version="1",segment="",feature="p1b1",window="24h"} ';
    await until(async () => (await page()).includes(mean), { deadlineMillis: 20_000, what: "all is read and closed" });
    const text = await page();
    expect(text).toContain('ml_model_info{model="segments",version="1",task="",team="",tier="standard"} 1\n');
    expect(text).toMatch(/^process_cpu_seconds_total /m);

    const beganMillis = performance.now();
    running.child.kill("SIGTERM");
    const { code, output } = await running.ended;
    expect({ code, output }).toEqual({ code: 0, output: "" });
    expect(performance.now() - beganMillis).toBeLessThan(10_000);
    const [name] = snapshots("whole") as [string];
    const settings = foldSettings(parseConfig(folder.read("whole.yml"), "whole.yml", formats));
    const loaded = decodeSnapshot(readFileSync(folder.place(`whole/${name}`)), settings);
    if (!("fold" in loaded)) throw new Error(loaded.refused);
    expect(loaded.fold.logs.get("events.jsonl.gz/0")?.next).toBe(events);
  });

  test("goes on where it stopped", async () => {
    folder.write("again.yml", config("again"));
    const first = folder.start("run", "--config", "again.yml");
    await said(first, "caught up");
    first.child.kill("SIGINT");
    expect((await first.ended).code).toBe(0);
    const next = folder.start("run", "--config", "again.yml");
    expect(await said(next, "restored")).toMatchObject({ logs: 1, models: 1 });
    await said(next, "caught up");
    next.child.kill("SIGTERM");
    expect((await next.ended).code).toBe(0);
    expect(snapshots("again")).toHaveLength(2);
  });

  test("ends at once at the second signal, and not with 0", async () => {
    folder.write("twice.yml", config("twice"));
    const running = folder.start("run", "--config", "twice.yml");
    const { listen } = await said(running, "listening");
    // A request that never gets to its end keeps it from ending for some seconds.
    const port = Number((listen as string).split(":")[1]);
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    await new Promise<void>((resolve) => socket.write("GET /metrics HTTP/1.1\r\nHost: ", () => resolve()));
    await until(async () => (await fetch(`http://${listen}/-/healthy`)).ok, { deadlineMillis: 60_000 });
    running.child.kill("SIGTERM");
    await said(running, "stopping");
    const beganMillis = performance.now();
    running.child.kill("SIGTERM");
    expect((await running.ended).code).toBe(1);
    expect(performance.now() - beganMillis).toBeLessThan(1500);
    socket.destroy();
  });

  test("says what is wrong with a file that it cannot read to its end", async () => {
    folder.write("cut.jsonl.gz", readFileSync(folder.place("events.jsonl.gz")).subarray(0, 50_000));
    folder.write("cut.yml", config("cut").replace("events.jsonl.gz", "cut.jsonl.gz"));
    const running = folder.start("run", "--config", "cut.yml");
    const { listen } = await said(running, "listening");
    const ready = async (): Promise<boolean> =>
      (await (await fetch(`http://${listen}/-/ready`)).text()).includes("cut.jsonl.gz: unexpected end of file");
    await until(ready, { deadlineMillis: 20_000, what: "it is not ready, and says why" });
    running.child.kill("SIGTERM");
    expect((await running.ended).code).toBe(0);
  });
});

describe("an exporter that cannot begin ends with 1 and says why", () => {
  const refused = async (says: string, name: string, text: string): Promise<void> => {
    folder.write(name, text);
    const beganMillis = performance.now();
    const { code, output, errors } = await folder.run("run", "--config", name);
    expect({ code, output }).toEqual({ code: 1, output: "" });
    expect(performance.now() - beganMillis).toBeLessThan(10_000);
    expect(errors).toContain(says);
    expect(errors).not.toMatch(/ {4}at /);
  };

  test("where the port is in use", async () => {
    const server = await new Promise<Server>((resolve) => {
      const taken = createServer().listen(0, "127.0.0.1", () => resolve(taken));
    });
    try {
      const { port } = server.address() as { port: number };
      const text = config("port").replace("127.0.0.1:0", `127.0.0.1:${port}`);
      await refused(`cannot listen on 127.0.0.1:${port}: the port is in use\n`, "port.yml", text);
    } finally {
      server.close();
    }
  });

  test("where its file is not there", async () => {
    await refused("nowhere.jsonl: ENOENT", "file.yml", config("file").replace("events.jsonl.gz", "nowhere.jsonl"));
  });

  test("where its state directory is a file", async () => {
    writeFileSync(folder.place("taken"), "");
    await refused("taken", "directory.yml", config("taken"));
  });
});
