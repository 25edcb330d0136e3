// deploy/kubernetes as Kustomize builds it: valid by the schemas of Kubernetes and of the Prometheus Operator, with the rules as they are,
// the scrape as prometheus.yml has it, and a pod that may do little.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { load, loadAll } from "js-yaml";
import { afterAll, describe, expect, test } from "vitest";
import { ruleFiles } from "../../scripts/rules/rule-files.ts";
import { checked } from "../../src/cli/check.ts";
import { kustomized } from "./programs.ts";
import { root } from "./stack.ts";

type Labels = Readonly<Record<string, string>>;

interface Manifest<Spec = unknown> {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: Spec;
}

/** What tests look at, of manifests that are held against their schemas. */
interface StatefulSet {
  readonly replicas: number;
  readonly serviceName: string;
  readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: Pod };
  readonly volumeClaimTemplates: readonly Manifest[];
}

interface Pod {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: object;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly containers: readonly [PodContainer, ...PodContainer[]];
  readonly volumes: readonly object[];
}

interface PodContainer {
  readonly image: string;
  readonly args: readonly string[];
  readonly ports: readonly [{ readonly name: string; readonly containerPort: number }];
  readonly securityContext: object;
  readonly livenessProbe: { readonly httpGet: object };
  readonly readinessProbe: { readonly httpGet: object };
  readonly resources: { readonly limits: { readonly memory: string } };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface ServiceMonitor {
  readonly jobLabel: string;
  readonly selector: { readonly matchLabels: Labels };
  readonly endpoints: readonly [{ port: string; interval: string; scrapeTimeout: string; honorLabels: boolean }, ...object[]];
  readonly bodySizeLimit: string;
  readonly sampleLimit: number;
  readonly labelLimit: number;
  readonly labelNameLengthLimit: number;
  readonly labelValueLengthLimit: number;
}

const manifests = loadAll(kustomized(join(root, "deploy/kubernetes"))) as Manifest[];

function ofKind<Spec>(kind: string): Manifest<Spec>[] {
  return manifests.filter((manifest): manifest is Manifest<Spec> => manifest.kind === kind);
}

function theOne<Spec>(kind: string): Manifest<Spec> {
  const [found, ...others] = ofKind<Spec>(kind);
  if (found === undefined || others.length > 0) throw new Error(`not one ${kind}`);
  return found;
}

const schema = (name: string): object =>
  JSON.parse(readFileSync(new URL(`schemas/${name}.json`, import.meta.url), "utf8")) as object;

/**
 * Kubernetes prunes what a schema of the Operator does not know; here it is a mistake. `metadata` is not described there. Patterns are Go's,
 * which says for the rest of a pattern that case does not matter, and JavaScript in brackets.
 */
function strict(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/\(\?i\)(.*)$/, "(?i:$1)");
  if (Array.isArray(value)) return value.map(strict);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, strict(item)] as const);
  const closed = "properties" in value && !("additionalProperties" in value) ? { additionalProperties: false } : {};
  return { ...Object.fromEntries(entries), ...closed };
}

const options = { allErrors: true, strict: false, validateFormats: false };
const kubernetes = new Ajv2020(options).addSchema(schema("kubernetes"), "kubernetes");
const operator = new Ajv(options);
const validators: Readonly<Record<string, ValidateFunction>> = {
  ...Object.fromEntries(
    Object.entries({ StatefulSet: "apps", Service: "core", ConfigMap: "core", ServiceAccount: "core" }).map(([kind, group]) => [
      kind,
      kubernetes.compile({ $ref: `kubernetes#/$defs/io.k8s.api.${group}.v1.${kind}` }),
    ]),
  ),
  ...Object.fromEntries(
    ["ServiceMonitor", "PrometheusRule"].map((kind) => [kind, operator.compile(strict(schema(kind)) as object)]),
  ),
};

describe("schemas", () => {
  test.each(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
    "%s",
    (_name, manifest) => {
      const validate = validators[manifest.kind];
      validate?.(manifest);
      expect(validate?.errors).toBeNull();
    },
  );

  test.each(Object.keys(validators))("a mistake in a %s is found", (kind) => {
    const [manifest] = ofKind(kind);
    const key = kind === "ConfigMap" ? "date" : kind === "ServiceAccount" ? "automountServiceAccountTokens" : "specs";
    const validate = validators[kind];
    expect(validate?.({ ...manifest, [key]: {} })).toBe(false);
  });
});

test("there is what there should be, in no namespace", () => {
  const kinds = manifests.map(({ kind }) => kind).filter((kind) => kind !== "ConfigMap" && kind !== "PrometheusRule");
  expect(kinds.sort()).toEqual(["Service", "ServiceAccount", "ServiceMonitor", "StatefulSet"]);
  expect(manifests.filter(({ metadata }) => metadata.namespace !== undefined)).toEqual([]);
});

test("the rules are those of prometheus/rules", () => {
  const made = ofKind<{ groups: unknown }>("PrometheusRule").map(({ metadata, spec }) => [metadata.name, spec.groups]);
  const own = ruleFiles().map(({ name, text }) => {
    return [`prediction-exporter-${name.replace(".yml", "")}`, (load(text) as { groups: unknown }).groups];
  });
  expect(Object.fromEntries(made)).toEqual(Object.fromEntries(own));
  expect(own.length).toBeGreaterThan(5);
});

test("the boards are those of grafana/boards, each small enough to be applied", () => {
  const boards = ofKind("ConfigMap").filter(({ metadata }) => metadata.labels?.grafana_dashboard === "1");
  const files = readdirSync(join(root, "grafana/boards")).sort();
  expect(boards.flatMap(({ data }) => Object.keys(data ?? {})).sort()).toEqual(files);
  for (const { data = {} } of boards) {
    for (const [name, text] of Object.entries(data)) {
      expect(text).toBe(readFileSync(join(root, "grafana/boards", name), "utf8"));
      // `kubectl apply` keeps all of it in an annotation, which may have 256 KiB.
      expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThan(256 * 1024);
    }
  }
});

test("the exporter takes its configuration, which is mounted where it looks", () => {
  const path = join(root, "deploy/kubernetes/exporter/exporter.yml");
  const { resolved, warnings } = checked(path);
  expect(warnings).toEqual([]);
  const { state, web } = load(resolved) as { state: { directory: string }; web: { listen: string } };
  const [{ args, volumeMounts, ports }] = theOne<StatefulSet>("StatefulSet").spec.template.spec.containers;
  const [configuration] = ofKind("ConfigMap").filter(({ data }) => data?.["exporter.yml"] !== undefined);
  expect(configuration?.data).toEqual({ "exporter.yml": readFileSync(path, "utf8") });
  const mounts = Object.fromEntries(volumeMounts.map(({ name, mountPath }) => [name, mountPath]));
  expect(args).toEqual(["run", "--config", `${mounts.configuration}/exporter.yml`]);
  expect(mounts.state).toBe(state.directory);
  expect(web.listen).toBe(`:${ports[0].containerPort}`);
  const { volumes } = theOne<StatefulSet>("StatefulSet").spec.template.spec;
  expect(volumes).toEqual([{ name: "configuration", configMap: { name: configuration?.metadata.name } }]);
  expect(theOne<StatefulSet>("StatefulSet").spec.volumeClaimTemplates.map(({ metadata }) => metadata.name)).toEqual(["state"]);
});

test("it is scraped as prometheus.yml scrapes it, under the name that rules ask for", () => {
  interface Job {
    readonly job_name: string;
    readonly [limit: string]: unknown;
  }
  const { global, scrape_configs } = load(readFileSync(join(root, "prometheus/prometheus.yml"), "utf8")) as {
    global: Readonly<Record<string, unknown>>;
    scrape_configs: readonly Job[];
  };
  const job = scrape_configs.find(({ job_name }) => job_name === "prediction-exporter");
  const { spec } = theOne<ServiceMonitor>("ServiceMonitor");
  const [endpoint, ...others] = spec.endpoints;
  expect(others).toEqual([]);
  expect({
    body_size_limit: spec.bodySizeLimit,
    sample_limit: spec.sampleLimit,
    label_limit: spec.labelLimit,
    label_name_length_limit: spec.labelNameLengthLimit,
    label_value_length_limit: spec.labelValueLengthLimit,
    honor_labels: endpoint.honorLabels,
    scrape_timeout: endpoint.scrapeTimeout,
    scrape_interval: endpoint.interval,
  }).toEqual({
    body_size_limit: job?.body_size_limit,
    sample_limit: job?.sample_limit,
    label_limit: job?.label_limit,
    label_name_length_limit: job?.label_name_length_limit,
    label_value_length_limit: job?.label_value_length_limit,
    honor_labels: job?.honor_labels,
    scrape_timeout: job?.scrape_timeout,
    scrape_interval: global.scrape_interval,
  });
  const service = theOne<{ readonly ports: readonly { readonly name: string }[] }>("Service");
  expect(service.metadata.labels?.[spec.jobLabel]).toBe("prediction-exporter");
  expect(service.metadata.labels).toMatchObject(spec.selector.matchLabels);
  expect(Object.keys(spec.selector.matchLabels)).not.toEqual([]);
  expect(service.spec.ports.map(({ name }) => name)).toEqual([endpoint.port]);
});

describe("bases as docs/stack.md writes them", () => {
  const directory = mkdtempSync(join(tmpdir(), "kustomize-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const [own, pair, second] = [
    ...readFileSync(join(root, "docs/stack.md"), "utf8").matchAll(/```yaml\n(apiVersion: kustomize[^`]*)```/g),
  ].map(([, text = ""]) => text) as [string, string, string];

  /** Builds what a text says, from a folder with an exporter.yml. */
  function built(name: string, text: string): Manifest[] {
    const folder = join(directory, name);
    mkdirSync(folder);
    writeFileSync(
      join(folder, "kustomization.yaml"),
      text.replaceAll("../prediction-exporter/", `${relative(realpathSync(folder), root)}/`),
    );
    writeFileSync(join(folder, "exporter.yml"), `# of ${name}\n`);
    return loadAll(kustomized(folder)) as Manifest[];
  }

  test("one has its namespace, image and configuration", () => {
    const manifests = built("own", own);
    expect(manifests.filter(({ metadata }) => metadata.namespace !== "ml-monitoring")).toEqual([]);
    const set = manifests.find(({ kind }) => kind === "StatefulSet") as Manifest<StatefulSet>;
    const { containers, volumes } = set.spec.template.spec;
    expect(containers[0].image).toMatch(/^registry\.example\.com\/prediction-exporter:\d+\.\d+\.\d+$/);
    const configuration = manifests.find(({ data }) => data?.["exporter.yml"] !== undefined);
    expect(configuration?.data).toEqual({ "exporter.yml": "# of own\n" });
    expect(volumes).toEqual([{ name: "configuration", configMap: { name: configuration?.metadata.name } }]);
  });

  test("a pair has each its own pods, names and configuration, and everything else once", () => {
    built("a", second.replaceAll(/\bb\b/g, "a"));
    built("b", second);
    const manifests = built("pair", pair);
    for (const manifest of manifests) {
      const validate = validators[manifest.kind];
      expect([validate?.(manifest), validate?.errors]).toEqual([true, null]);
    }
    const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    const count = (wanted: string): number => manifests.filter(({ kind }) => kind === wanted).length;
    expect(["StatefulSet", "Service", "ServiceMonitor", "PrometheusRule"].map(count)).toEqual([2, 2, 1, ruleFiles().length]);
    const services = manifests.filter((one): one is Manifest<{ selector: Labels }> => one.kind === "Service");
    const sets = manifests.filter((one): one is Manifest<StatefulSet> => one.kind === "StatefulSet");
    const selects = ({ selector }: { selector: Labels }): string[] => {
      const matches = ({ spec }: Manifest<StatefulSet>): boolean =>
        Object.entries(selector).every(([label, value]) => spec.template.metadata.labels[label] === value);
      return sets.filter(matches).map(({ metadata }) => metadata.name);
    };
    expect(services.map(({ spec }) => selects(spec))).toEqual([["prediction-exporter-a"], ["prediction-exporter-b"]]);
    expect(sets.map(({ spec }) => spec.serviceName)).toEqual(services.map(({ metadata }) => metadata.name));
    const monitor = manifests.find(({ kind }) => kind === "ServiceMonitor") as Manifest<ServiceMonitor>;
    for (const { metadata } of services) expect(metadata.labels).toMatchObject(monitor.spec.selector.matchLabels);
  });
});

test("the pod meets the restricted profile, is one, and is asked where the exporter answers", () => {
  const { spec } = theOne<StatefulSet>("StatefulSet");
  const pod = spec.template.spec;
  expect(spec.replicas).toBe(1);
  expect(pod.automountServiceAccountToken).toBe(false);
  expect(pod.serviceAccountName).toBe(theOne("ServiceAccount").metadata.name);
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } });
  expect([pod.hostNetwork, pod.hostPID, pod.hostIPC]).toEqual([undefined, undefined, undefined]);
  const [container, ...others] = pod.containers;
  expect(others).toEqual([]);
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  expect(container.livenessProbe.httpGet).toEqual({ path: "/-/healthy", port: container.ports[0].name });
  expect(container.readinessProbe.httpGet).toEqual({ path: "/-/ready", port: container.ports[0].name });
  expect(container.resources.limits.memory).toMatch(/^\d+[MG]i$/);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  expect(container.image).toBe(`prediction-exporter:${version}`);
});
