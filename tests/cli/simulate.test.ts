// The command `simulate` as a process: files whose every line is an event, and a plain word where it cannot write.
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { native } from "../../src/decode/native.ts";
import type { Event } from "../../src/event/event.ts";
import { until } from "../until.ts";
import { type Ended, Folder } from "./command.ts";

const hour = 3_600_000;
const minute = 60_000;
const topics = ["predictions", "outcomes", "runs"];
const folder = new Folder();
afterAll(() => folder.close());
const simulate = (...args: readonly string[]): Promise<Ended> => folder.run("simulate", ...args);
const linesOf = (path: string): string[] => folder.read(path).split("\n").slice(0, -1);

/** The events of a file's lines, each of which has to be one. */
function eventsOf(path: string): Event[] {
  const events: Event[] = [];
  const options = { messageBytes: 100_000, futureMillis: 0 };
  const lines = linesOf(path);
  for (const line of lines) {
    native.decode(Buffer.from(line), Number.NaN, options, {
      event: (event) => void events.push(event),
      reject: (reason, detail) => expect.unreachable(`${path}: ${reason}: ${detail}: ${line}`),
    });
  }
  expect(events.length).toBe(lines.length);
  return events;
}

describe("--to file", () => {
  test("writes the streams of the last hours to a file for each topic", async () => {
    const beganMillis = Date.now();
    const { code, output, errors } = await simulate("--to", "file", "--output", "hours", "--seed", "7", "--history", "2h");
    expect({ code, output, errors }).toEqual({ code: 0, output: "", errors: "writing the streams of 2h\n" });
    expect(readdirSync(folder.place("hours")).sort()).toEqual(topics.map((topic) => `${topic}.jsonl`).sort());
    const [predictions, outcomes, runs] = topics.map((topic) => eventsOf(`hours/${topic}.jsonl`)) as [Event[], Event[], Event[]];
    expect(new Set(predictions.map(({ type, model }) => `${type} ${model}`))).toEqual(
      new Set(["prediction forecast", "prediction fraud", "prediction recommendation"]),
    );
    expect(new Set(outcomes.map(({ type }) => type))).toEqual(new Set(["outcome"]));
    // Once a quarter of an hour a job starts and ends; the moment itself is not a part of the history.
    expect(new Set(runs.map(({ type }) => type))).toEqual(new Set(["run"]));
    expect(runs.length).toBeGreaterThanOrEqual(14);
    const times = predictions.map(({ timeMillis }) => timeMillis);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(beganMillis - 2 * hour - minute);
    expect(Math.min(...times)).toBeLessThan(beganMillis - 2 * hour + 5 * minute);
    expect(Math.max(...times)).toBeGreaterThan(beganMillis - 5 * minute);
    expect(predictions.length).toBeGreaterThan(5000);
  });

  test("goes on in real time until it is told to end, and then has written whole lines", async () => {
    const running = folder.start("simulate", "--to", "file", "--output", "follow", "--history", "15m", "--follow");
    const isThere = (): boolean => readdirSync(folder.directory).includes("follow");
    await until(isThere, { deadlineMillis: 20_000, what: "it has begun" });
    // No part of the history is later than this.
    const begunMillis = Date.now();
    const latestMillis = (): number => Math.max(...eventsOf("follow/predictions.jsonl").map(({ timeMillis }) => timeMillis));
    // How soon depends on the hour of the day, as traffic does: one prediction is enough.
    await until(() => latestMillis() > begunMillis, { deadlineMillis: 60_000, what: "a prediction of now is written" });
    running.child.kill("SIGINT");
    const { code, errors } = await running.ended;
    expect({ code, errors }).toEqual({ code: 0, errors: "writing the streams of 15m\n" });
    expect(folder.read("follow/predictions.jsonl").endsWith("}\n")).toBe(true);
    expect(latestMillis()).toBeLessThanOrEqual(Date.now());
  });

  const fails = async (says: string, output: string): Promise<void> => {
    const { code, errors } = await simulate("--to", "file", "--history", "1h", "--output", output);
    expect({ code, says: errors.includes(says), errors }).toEqual({ code: 1, says: true, errors });
    expect(errors).not.toMatch(/ {4}at /);
  };

  test("ends with 1 and says why, where its folder cannot be made", async () => {
    folder.write("file", "");
    await fails("prediction-exporter: ENOTDIR: not a directory, mkdir 'file/folder'\n", "file/folder");
  });

  test("ends with 1 and says why, where its files cannot be opened", async () => {
    for (const topic of topics) mkdirSync(folder.place(`taken/${topic}.jsonl`), { recursive: true });
    await fails("EISDIR: illegal operation on a directory, open 'taken/predictions.jsonl'\n", "taken");
  });

  test("ends with 1 and says why, where the disk is full", async () => {
    mkdirSync(folder.place("full"));
    symlinkSync("/dev/full", folder.place("full/predictions.jsonl"));
    await fails("full/predictions.jsonl: ENOSPC: no space left on device", "full");
  });
});

describe("bad usage ends with 2 and says what would be right", () => {
  test.each([
    [["--to", "nowhere"], "--to nowhere: kafka or file\n"],
    [["--to", "file", "--history", "x"], "--history x: a duration such as 25h\n"],
    [["--to", "file", "--history", "0s"], "--history 0s: a duration such as 25h\n"],
    [["--to", "file", "--seed", "1.5"], "error: option '--seed <number>' argument '1.5' is invalid. a whole number\n"],
    [["--to", "kafka"], "--to kafka needs --config, which says where the brokers are\n"],
    [["--to", "kafka", "--config", "none.yml"], "none.yml: ENOENT: no such file or directory, stat 'none.yml'\n"],
    [[], "error: required option '--to <kafka|file>' not specified\n"],
  ])("%j", async (args, says) => {
    expect(await simulate(...args)).toEqual({ code: 2, output: "", errors: says });
    expect(readdirSync(folder.directory).filter((name) => name.endsWith(".jsonl"))).toEqual([]);
  });

  test("a configuration without brokers", async () => {
    folder.write("file.yml", "source: {file: {paths: [a]}}\n");
    const errors = "file.yml: source.kafka is missing: it says where the brokers are\n";
    expect(await simulate("--to", "kafka", "--config", "file.yml")).toEqual({ code: 2, output: "", errors });
  });

  test("a configuration with a mistake", async () => {
    folder.write("mistake.yml", "source: {kafka: {topics: {t: }}}\n");
    const { code, errors } = await simulate("--to", "kafka", "--config", "mistake.yml");
    expect({ code, named: errors.startsWith("mistake.yml:1: source.kafka.brokers") }).toEqual({ code: 2, named: true });
  });
});

describe("--incidents", () => {
  const withFile = (content: string): Promise<Ended> => {
    folder.write("incidents.yml", content);
    return simulate("--to", "file", "--history", "15m", "--output", "incidents", "--incidents", "incidents.yml");
  };

  test("takes a file of them; the history has none", async () => {
    const entry = "{story: fraud, effect: {kind: scaled, feature: amount, factor: 100}, after: 0s, lasts: 35m}";
    expect(await withFile(`- ${entry}\n`)).toMatchObject({ code: 0 });
  });

  test.each([
    ["", "incidents.yml:1: (top): missing; a list of incidents, each with story, effect, after and lasts\n"],
    ["[]", "incidents.yml:1: (top): a list of incidents, each with story, effect, after and lasts\n"],
    [
      "- story: freud\n  effect: {kind: slow, factor: 0}\n  after: soon\n  lasts: 0s\n",
      [
        'incidents.yml:1: 0.story: one of fraud, recommendation, forecast; did you mean "fraud"?',
        "incidents.yml:2: 0.effect.factor: a number above 0",
        'incidents.yml:3: 0.after: "soon" is not a duration such as 30s, 5m, 1h or 7d',
        "incidents.yml:4: 0.lasts: a duration above 0\n",
      ].join("\n"),
    ],
    [
      "- {story: fraud, effect: {kind: lost}, after: 1m, lasts: 1m}\n",
      "incidents.yml:1: 0.effect.kind: one of scaled, missing, renamed, text, slow, no_predictions, no_outcomes, accused, few_clicks, cheap_orders, late_job, failed_job\n",
    ],
    [
      "- {story: fraud, effect: {kind: missing, feature: amount, factor: 2}, after: 1m, lasts: 1m}\n",
      "incidents.yml:1: 0.effect.factor: no such key; there are: kind, feature\n",
    ],
  ])("%j is a mistake", async (content, errors) => {
    expect(await withFile(content)).toEqual({ code: 2, output: "", errors });
  });
});

describe("brokers that are not there end it with 1, with their names", () => {
  const toBroker = (port: number): Promise<Ended> => {
    folder.write(`${port}.yml`, `source: {kafka: {brokers: ["127.0.0.1:${port}"], topics: {predictions: {}}}}\n`);
    return simulate("--to", "kafka", "--config", `${port}.yml`, "--history", "1h");
  };
  const listening = (accept: (socket: Socket) => void): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer(accept).listen(0, "127.0.0.1", () => resolve(server));
    });
  const portOf = (server: Server): number => (server.address() as { port: number }).port;

  test("where nobody listens", async () => {
    const server = await listening(() => undefined);
    const port = portOf(server);
    await new Promise((resolve) => server.close(resolve));
    const { code, errors } = await toBroker(port);
    expect(code).toBe(1);
    expect(errors).toContain(`prediction-exporter: brokers 127.0.0.1:${port}: Connection error: connect ECONNREFUSED`);
  });

  test("where nobody answers", async () => {
    const sockets: Socket[] = [];
    const server = await listening((socket) => void sockets.push(socket));
    try {
      const { code, errors } = await toBroker(portOf(server));
      expect(code).toBe(1);
      expect(errors).toContain(`prediction-exporter: brokers 127.0.0.1:${portOf(server)}: `);
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
});
