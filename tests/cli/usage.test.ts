// How commands are asked for: help, versions, and exit code 2 with a message for what cannot be meant.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folder } from "./command.ts";

const folder = new Folder();
beforeAll(() => {
  folder.write("good.yml", "source: {file: {paths: [events.jsonl]}}\n");
  folder.write("unknown-key.yml", "source: {file: {paths: [events.jsonl]}, retries: 3}\n");
  folder.write("format.yml", "source: {file: {paths: [events.jsonl], format: morse}}\n");
  folder.write("listen.yml", "source: {file: {paths: [events.jsonl]}}\nweb: {listen: everywhere}\n");
  folder.write("events.jsonl", "");
});
afterAll(() => folder.close());

describe("help", () => {
  test("names the commands", async () => {
    const { code, output, errors } = await folder.run("--help");
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    for (const command of ["run", "demo", "simulate", "check", "replay", "reference"])
      expect(output).toMatch(new RegExp(`\\n +${command} `));
  });

  test("of a command names its options", async () => {
    const { code, output } = await folder.run("replay", "--help");
    expect(code).toBe(0);
    for (const option of ["--config", "--input", "--output", "--every", "--bins"]) expect(output).toContain(option);
  });

  test("the version is the package's", async () => {
    const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
    expect(await folder.run("--version")).toEqual({ code: 0, output: `${manifest.version}\n`, errors: "" });
  });
});

const replay = ["replay", "--config", "good.yml", "--input", "events.jsonl", "--output", "out.jsonl"];

describe("exit code 2", () => {
  test.each([
    { what: "no command", args: [], says: "Usage: prediction-exporter" },
    { what: "an unknown command", args: ["reply"], says: "error: unknown command 'reply'" },
    { what: "an unknown option", args: ["run", "--config", "good.yml", "--loud"], says: "error: unknown option '--loud'" },
    { what: "a missing option", args: ["run"], says: "error: required option '--config <file>' not specified" },
    { what: "a configuration that is not there", args: ["run", "--config", "none.yml"], says: "none.yml: ENOENT" },
    {
      what: "an unknown key",
      args: ["run", "--config", "unknown-key.yml"],
      says: "unknown-key.yml:1: source.retries: no such key; there are: kafka, file, simulator, idle, stuck, ahead\n",
    },
    {
      what: "an unknown format",
      args: ["replay", "--config", "format.yml", "--input", "events.jsonl", "--output", "out.jsonl"],
      says: 'format.yml:1: source.file.format: no format "morse"; there are: ',
    },
    {
      what: "an address that is none",
      args: ["run", "--config", "listen.yml"],
      says: 'listen.yml:2: web.listen: "everywhere" is not host:port, :port or [IPv6]:port\n',
    },
    { what: "a duration that is none", args: [...replay, "--every", "daily"], says: "--every daily: not whole minutes" },
    { what: "seconds", args: [...replay, "--every", "90s"], says: "--every 90s: not whole minutes such as 1m, 1h or 24h\n" },
    { what: "no time at all", args: [...replay, "--every", "0m"], says: "--every 0m: not whole minutes" },
  ])("for $what", async ({ args, says }) => {
    const { code, output, errors } = await folder.run(...args);
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(errors).toContain(says);
    expect(errors).not.toMatch(/ {4}at /);
  });
});
