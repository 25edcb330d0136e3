// docker-compose.yml: valid, pinned, closed to the outside, and without secrets, as far as that shows without an engine. That its files
// are what the programs want is in mounted.test.ts.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { CORE_SCHEMA, load, mergeTag } from "js-yaml";
import { describe, expect, test } from "vitest";
import { alertmanagerBinaries } from "../servers/alertmanager-binaries.ts";
import { kafkaJars } from "../servers/kafka-jars.ts";
import { prometheusBinaries } from "../servers/prometheus-binaries.ts";
import { images } from "./images.ts";
import { composed } from "./programs.ts";
import { composeFile, root, type Service, type Stack, serviceOf, stack } from "./stack.ts";

const text = readFileSync(composeFile, "utf8");
const services = Object.entries(stack.services);
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

test("is as the Compose Specification wants it", () => {
  const schema = JSON.parse(readFileSync(new URL("schemas/compose-spec.json", import.meta.url), "utf8")) as object;
  // Not strict: the schema has keys of its own. Formats are of no use here: durations are read by Compose, in stack.ts.
  const validate = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(schema);
  validate(load(text, { schema: CORE_SCHEMA.withTags(mergeTag) }));
  expect(validate.errors ?? []).toEqual([]);
  validate({ services: { one: { image: "one", port: [] } } });
  expect(validate.errors).not.toBeNull();
});

test("has what the whole way needs", () => {
  const wanted = ["alertmanager", "exporter", "grafana", "kafka", "mail", "prometheus", "simulator", "sink"];
  expect(services.map(([name]) => name).sort()).toEqual(wanted);
});

describe.each(services)("%s", (_name, service) => {
  test("is published on the loopback only", () => {
    expect((service.ports ?? []).filter(({ host_ip }) => host_ip !== "127.0.0.1")).toEqual([]);
  });

  test("may do little, and write to little", () => {
    const { read_only, cap_drop, cap_add, privileged, security_opt, mem_limit, pids_limit } = service;
    expect({ read_only, cap_drop, cap_add, privileged, security_opt }).toEqual({
      read_only: true,
      cap_drop: ["ALL"],
      cap_add: undefined,
      privileged: undefined,
      security_opt: ["no-new-privileges:true"],
    });
    expect(mem_limit).toMatch(/^\d+[mg]$/);
    expect(pids_limit).toBeGreaterThan(0);
    expect((service.volumes ?? []).filter(({ type, read_only }) => type === "bind" && read_only !== true)).toEqual([]);
  });

  test("takes files that are there", () => {
    const files = (service.volumes ?? []).filter(({ type }) => type === "bind").map(({ source }) => source);
    expect(files.filter((file) => !file.startsWith(root) || !existsSync(file))).toEqual([]);
  });

  test("waits for those that it needs to be healthy", () => {
    for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(condition).toBe("service_healthy");
      expect(serviceOf(needed).healthcheck?.test?.[0]).toBe("CMD");
    }
  });

  test("is one of the pinned images, or our own, and sets documented variables only", () => {
    const { image, build, environment = {} } = service;
    if (build !== undefined) {
      expect(image).toBe(`prediction-exporter:${manifest.version}`);
      expect(existsSync(join(build.context, build.dockerfile))).toBe(true);
      expect(environment).toEqual({});
    } else {
      expect(Object.keys(images)).toContain(image);
      const documented = Object.keys(images[image]?.variables ?? {});
      expect(Object.keys(environment).filter((name) => !documented.includes(name))).toEqual([]);
    }
  });

  test("is told secrets by files, never by its environment", () => {
    const secret = /PASSWORD|SECRET|TOKEN|CREDENTIAL|API_?KEY|AUTH_(BASIC|GENERIC)|PRIVATE/i;
    for (const [name, value] of Object.entries(service.environment ?? {})) {
      if (secret.test(name))
        expect([name, value]).toEqual([expect.stringMatching(/__FILE$/), expect.stringMatching(/^\/run\/secrets\//)]);
    }
  });
});

test("every service is looked after, but for the one that serves nothing", () => {
  const checked = services.filter(([, { healthcheck }]) => healthcheck?.disable !== true).map(([name]) => name);
  const has = ({ healthcheck }: Service): boolean => healthcheck?.test?.[0] === "CMD";
  expect(services.filter(([, service]) => has(service)).map(([name]) => name)).toEqual(checked);
  expect(services.length - checked.length).toBe(1);
  expect(serviceOf("simulator").healthcheck).toEqual({ disable: true });
});

test("ports and volumes are each of one service, and every volume is used", () => {
  const ports = services.flatMap(([, { ports = [] }]) => ports.map(({ published }) => published));
  expect(new Set(ports).size).toBe(ports.length);
  const volumes = services.flatMap(([, service]) => (service.volumes ?? []).filter(({ type }) => type === "volume"));
  expect(volumes.map(({ source }) => source).sort()).toEqual(Object.keys(stack.volumes).sort());
});

test("no secret stands in the file", () => {
  const folder = join(root, "deploy/compose/secrets");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(10);
  const passwords = files.filter(({ name }) => name.includes("password"));
  expect(passwords.map(({ name }) => name).sort()).toEqual(["grafana-admin-password", "smtp-password"]);
  for (const { parentPath, name } of passwords) expect(text).not.toContain(readFileSync(join(parentPath, name), "utf8").trim());
  for (const { file } of Object.values(stack.secrets)) expect(existsSync(file ?? "")).toBe(true);
});

describe("pinned images", () => {
  const tag = (image: string): string => {
    const found = Object.keys(images).filter((name) => name.startsWith(`${image}:`));
    expect(found).toHaveLength(1);
    return found[0]?.slice(image.length + 1).replace(/^v/, "") ?? "";
  };

  test("have an exact version, are all used, and are documented", () => {
    for (const [name, { page, variables }] of Object.entries(images)) {
      expect(name).toMatch(/^[a-z]+\/[a-z]+:v?\d+\.\d+\.\d+$/);
      expect(services.map(([, { image }]) => image)).toContain(name);
      for (const source of [page, ...Object.values(variables)]) expect(source).toMatch(/^https:\/\/|^docs\//);
      const set = services
        .filter(([, { image }]) => image === name)
        .flatMap(([, { environment = {} }]) => Object.keys(environment));
      expect(set.sort()).toEqual(Object.keys(variables).sort());
    }
  });

  test("are not newer than what the tests run", async () => {
    const said = (program: string): string => {
      const { stdout, stderr } = spawnSync(program, ["--version"], { encoding: "utf8" });
      return /version (\d+\.\d+\.\d+)/.exec(`${stdout}${stderr}`)?.[1] ?? "";
    };
    const [{ prometheus }, { alertmanager }] = [await prometheusBinaries(), await alertmanagerBinaries()];
    const kafka = readdirSync(await kafkaJars()).flatMap((jar) => /^kafka-clients-(.*)\.jar$/.exec(jar)?.slice(1) ?? []);
    expect(newest(tag("prom/prometheus"), said(prometheus))).toBe(said(prometheus));
    expect(newest(tag("prom/alertmanager"), said(alertmanager))).toBe(said(alertmanager));
    expect(newest(tag("apache/kafka"), kafka[0] ?? "")).toBe(kafka[0]);
  });
});

function newest(one: string, other: string): string {
  const difference = one.split(".").map((part, index) => Number(part) - Number(other.split(".")[index]));
  return (difference.find((part) => part !== 0) ?? 0) > 0 ? one : other;
}

test("a configuration of one's own takes the place of the demo's, as docs/stack.md says", () => {
  const directory = mkdtempSync(join(tmpdir(), "compose-"));
  try {
    const [, override = ""] = /```yaml\n(services:[^`]*)```/.exec(readFileSync(join(root, "docs/stack.md"), "utf8")) ?? [];
    writeFileSync(join(directory, "compose.override.yml"), override);
    const { services: changed } = composed(composeFile, join(directory, "compose.override.yml")) as Stack;
    const configurations = changed.exporter?.volumes?.filter(({ target }) => target.endsWith("/exporter.yml")) ?? [];
    expect(configurations).toMatchObject([{ source: expect.not.stringContaining("deploy/compose"), read_only: true }]);
    expect(changed.exporter?.volumes).toHaveLength(serviceOf("exporter").volumes?.length ?? 0);
    // Services of a profile start with that profile only; all others have none.
    const ofProfile = Object.entries(changed).filter(([, { profiles = [] }]) => profiles.length > 0);
    expect(ofProfile.map(([name]) => name)).toEqual(["simulator"]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("what follows from other files is as they have it", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/deploy.ts", "--check"], { cwd: root, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
