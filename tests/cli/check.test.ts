// The command `check`: what it prints is a configuration again; every mistake is named, those of files too.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { check, checked } from "../../src/cli/check.ts";
import { ConfigError } from "../../src/config/load.ts";

const directory = mkdtempSync(join(tmpdir(), "check-"));
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const place = (name: string): string => join(directory, name);
function write(name: string, text: string): string {
  writeFileSync(place(name), text);
  return place(name);
}

function refusal(path: string): string {
  try {
    checked(path);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message.replaceAll(`${directory}/`, "");
  }
  return "accepted";
}

const kafka = (rest: string): string =>
  `source:\n  kafka:\n    brokers: [localhost:9092]\n    topics: {predictions: {}}\n${rest}`;

describe("a configuration without mistakes", () => {
  const path = write(
    "good.yml",
    kafka("limits: {pending: 5}\nmodels: {fraud: {outcomes: {horizon: 168h}, business: {unit: EUR}}}\n"),
  );

  test("is printed with its defaults, warnings beside", () => {
    const [output, errors] = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write").mockReturnValue(true));
    check(path);
    const printed = { output: output?.mock.calls.join(""), errors: errors?.mock.calls.join("") };
    vi.restoreAllMocks();
    expect(printed.output).toContain("    client_id: prediction-exporter\n");
    expect(printed.output).toContain("\n      horizon: 7d\n");
    expect(printed.output).toContain("\n  pending: 5\n");
    expect(printed.errors).toBe(`${path}:6: models.fraud.business is accepted but not used by this version\n`);
  });

  test.each(["exporter.yml", "mapped.yml", "minimal.yml"])("what is printed of %s is printed of itself", (name) => {
    const { resolved, warnings } = checked(new URL(`../../examples/${name}`, import.meta.url).pathname);
    expect(warnings).toEqual([]);
    expect(checked(write(`resolved-${name}`, resolved))).toEqual({ resolved, warnings: [] });
  });
});

describe("files of secrets", () => {
  const secrets = [
    "    ssl: {ca_file: FOLDER/ca.pem}",
    "    sasl: {mechanism: plain, username: alice, password_file: FOLDER/password}",
  ];
  const config = (name: string): string => write(name, kafka(`${secrets.join("\n").replaceAll("FOLDER", directory)}\n`));

  test("are shown by their names only", () => {
    write("ca.pem", "-----BEGIN CERTIFICATE-----");
    write("password", "hunter2\n");
    const { resolved } = checked(config("secrets.yml"));
    expect(resolved).toContain(`      password_file: ${place("password")}\n`);
    expect(resolved).not.toMatch(/hunter2|BEGIN/);
  });

  test("that cannot be read are mistakes, with their lines", () => {
    rmSync(place("ca.pem"), { force: true });
    rmSync(place("password"), { force: true });
    mkdirSync(place("password"));
    expect(refusal(config("unreadable.yml"))).toBe(
      [
        "unreadable.yml:5: source.kafka.ssl.ca_file: no such file; the path of a file that can be read is needed",
        "unreadable.yml:6: source.kafka.sasl.password_file: a folder, not a file",
      ].join("\n"),
    );
    rmSync(place("password"), { recursive: true });
  });

  // Who may do everything reads every file.
  test.skipIf(process.getuid?.() === 0)("that may not be read are mistakes", () => {
    chmodSync(write("ca.pem", ""), 0o000);
    write("password", "hunter2");
    expect(refusal(config("forbidden.yml"))).toBe(
      "forbidden.yml:5: source.kafka.ssl.ca_file: no permission to read the file; the path of a file that can be read is needed",
    );
  });

  test("a secret that stands in the place of its file is not shown", () => {
    const path = write("inline.yml", kafka("    sasl: {mechanism: plain, username: alice, password_file: hunter2}\n"));
    expect(refusal(path)).toBe(
      "inline.yml:5: source.kafka.sasl.password_file: no such file; the path of a file that can be read is needed",
    );
  });
});

test("an address that is none is a mistake, with its line", () => {
  expect(refusal(write("listen.yml", kafka("web:\n  listen: everywhere\n")))).toBe(
    'listen.yml:6: web.listen: "everywhere" is not host:port, :port or [IPv6]:port',
  );
});

test("a file that is not there is named", () => {
  expect(refusal(place("none.yml"))).toMatch(/^none.yml: ENOENT/);
});

test("all mistakes of the schema are named", () => {
  const bad = readFileSync(new URL("../config/bad/models-words.yml", import.meta.url), "utf8");
  const messages = readFileSync(new URL("../config/bad/models-words.txt", import.meta.url), "utf8");
  expect(`${refusal(write("models-words.yml", bad))}\n`).toBe(messages);
});
