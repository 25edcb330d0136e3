// Writes what deploy/ has that follows from other files, so that neither can go its own way: the configurations of the stack
// (docker-compose.yml) and the rules for Kubernetes. Run: node scripts/deploy.ts; with --check it only says which are stale.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { demoConfig, demoReferencePath } from "../src/cli/demo-config.ts";
import { storyNames } from "../src/source/simulator.ts";
import { type RuleFile, ruleFiles } from "./rules/rule-files.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const written = "# Written by `npm run deploy:files`";
const kubernetesRules = "deploy/kubernetes/rules";

/** @throws where the text that is to be replaced is not there */
function replaced(text: string, what: string, by: string): string {
  if (!text.includes(what)) throw new Error(`not found: ${what}`);
  return text.replaceAll(what, by);
}

/** The shipped Alertmanager, but for where it delivers. */
function alertmanager(): string {
  const shipped = readFileSync(join(root, "alertmanager/alertmanager.yml"), "utf8");
  const delivered = replaced(
    shipped,
    "\nglobal:\n  smtp_smarthost: smtp.example.org:587\n",
    `
global:
  # In the stack pages go to a program that shows them, mail to one that keeps it, which has no TLS.
  pagerduty_url: http://sink:8080/v2/enqueue
  smtp_smarthost: mail:1025
  smtp_require_tls: false
`,
  );
  return `${written} from alertmanager/alertmanager.yml: the first settings of \`global\` differ, nothing else.\n\n${delivered}`;
}

/** The demo's models, read from Kafka. */
function exporter(): string {
  let text = demoConfig(":9877", 1, "/var/lib/prediction-exporter");
  text = replaced(
    text,
    "  simulator: {seed: 1}\n",
    "  kafka: {brokers: ['kafka:19092'], topics: {predictions: {}, outcomes: {}, runs: {}}}\n",
  );
  // As in the demo nobody has to see each first increase; here Prometheus is to.
  text = replaced(text, ", zero_for: 0s}", "}");
  for (const story of storyNames) {
    text = replaced(text, JSON.stringify(demoReferencePath(story)), `/app/examples/demo/${story}.json`);
  }
  return `${written} from the configuration of the demo: the source, the state and where references are differ.\n${text.trimEnd()}\n`;
}

/** A file of rules as the Prometheus Operator takes it: the same text, further in. */
function prometheusRule({ name, text }: RuleFile): string {
  const group = name.replace(/\.yml$/, "");
  const indented = text.trimEnd().replaceAll(/^(?=.)/gm, "  ");
  return `${written} from prometheus/rules/${name}.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: prediction-exporter-${group}
spec:
${indented}
`;
}

/** The shipped data sources at the addresses that they have in the stack. */
function dataSources(): string {
  const path = "grafana/provisioning/datasources/prediction-exporter.yml";
  const shipped = readFileSync(join(root, path), "utf8");
  const found = replaced(shipped, "http://localhost:9090", "http://prometheus:9090");
  const there = replaced(found, "http://localhost:9093", "http://alertmanager:9093");
  return `${written} from ${path}: the two addresses differ, nothing else.\n${there}`;
}

/** Boards as ConfigMaps, which the sidecar of Grafana's chart finds by their label. Kustomize takes no patterns, and no files from elsewhere. */
function boards(): string {
  const names = readdirSync(join(root, "grafana/boards"))
    .filter((name) => name.endsWith(".json"))
    .sort();
  const generators = names.map((name) => `  - name: ${name.replace(/\.json$/, "")}\n    files: [boards/${name}]\n`);
  return `${written}: a ConfigMap for each file in boards, for the sidecar that loads what has this label
# (https://github.com/grafana/helm-charts/tree/main/charts/grafana#sidecar-for-dashboards).
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
generatorOptions:
  disableNameSuffixHash: true
  labels: {grafana_dashboard: "1"}
configMapGenerator:
${generators.join("")}`;
}

function kustomization(resources: readonly string[]): string {
  return `${written}: what prometheus/rules has.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
${resources.map((name) => `  - ${name}\n`).join("")}`;
}

const rules = ruleFiles();
const files = new Map([
  ["deploy/compose/alertmanager.yml", alertmanager()],
  ["deploy/compose/exporter.yml", exporter()],
  ["deploy/compose/datasources.yml", dataSources()],
  ["grafana/kustomization.yaml", boards()],
  [`${kubernetesRules}/kustomization.yaml`, kustomization(rules.map(({ name }) => name))],
  ...rules.map((file) => [`${kubernetesRules}/${file.name}`, prometheusRule(file)] as const),
]);
// A file of rules that is no more has left its copy behind.
const left = readdirSync(join(root, kubernetesRules)).map((name) => `${kubernetesRules}/${name}`);

for (const path of new Set([...files.keys(), ...left])) {
  const [place, text] = [join(root, path), files.get(path)];
  const current = existsSync(place) ? readFileSync(place, "utf8") : undefined;
  if (current === text) continue;
  if (process.argv.includes("--check")) {
    process.stderr.write(`${relative(root, place)} is not as the files have it that it follows from: run npm run deploy:files\n`);
    process.exitCode = 1;
  } else if (text === undefined) rmSync(place);
  else writeFileSync(place, text);
}
