// pint has nothing to say of the rules, and what it is configured to ask of an alert it does ask.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { lintRules, pintProgram } from "../servers/pint.ts";

// As this is loaded, where no time runs out: building takes minutes.
await pintProgram();

const bundle = (path: string): string => fileURLToPath(new URL(`../../prometheus/${path}`, import.meta.url));
const config = bundle("pint.hcl");
const directory = mkdtempSync(join(tmpdir(), "pint-"));
afterAll(() => rmSync(directory, { recursive: true }));

const base = (label: string, otherwise: string): string =>
  `{{ with $externalLabels.${label} }}{{ . }}{{ else }}${otherwise}{{ end }}`;
const good = {
  alert: "ModelWrong",
  expr: "up == 0",
  labels: { severity: '{{ if eq $labels.tier "critical" }}critical{{ else }}warning{{ end }}', component: "slo" },
  annotations: {
    summary: "A model is wrong.",
    description: "{{ $labels.job }} is wrong.",
    runbook_url: `${base("runbooks", "https://example.test/docs/runbooks")}/ModelWrong.md`,
    dashboard_url: `${base("boards", "http://localhost:3000/d")}/ml-model`,
  },
};

/** JSON is YAML. */
async function findings(rule: object): Promise<string> {
  const file = join(directory, "rules.yml");
  writeFileSync(file, JSON.stringify({ groups: [{ name: "one", rules: [rule] }] }, null, 1));
  return await lintRules(config, [file]);
}

test("the rules have no finding", async () => {
  expect(await lintRules(config, [bundle("rules")])).toBe("");
});

test("folders without rules are no pass", async () => {
  expect(await lintRules(config, [bundle("nothing")])).toContain("no matching files");
});

describe("an alert", () => {
  const { labels, annotations } = good;

  test("of the form that is asked for has no finding", async () => {
    expect(await findings(good)).toBe("");
  });

  test.each([
    ["its first word is unknown", { ...good, alert: "WrongModel" }, "name not allowed"],
    ["its severity is unknown", { ...good, labels: { ...labels, severity: "page" } }, "`severity` label value"],
    ["it has no severity", { ...good, labels: { component: "slo" } }, "`severity` label is required"],
    ["its component is unknown", { ...good, labels: { ...labels, component: "x" } }, "`component` label value"],
    ["its summary is no sentence", { ...good, annotations: { ...annotations, summary: "Wrong" } }, "`summary` annotation value"],
    [
      "its summary differs by instance",
      { ...good, annotations: { ...annotations, summary: "{{ $labels.job }}." } },
      "`summary` annotation value",
    ],
    ["its runbook is that of another", { ...good, alert: "ModelOther" }, "`runbook_url` annotation value"],
    [
      "its board has a fixed place",
      { ...good, annotations: { ...annotations, dashboard_url: "http://x/d/ml-a" } },
      "dashboard_url",
    ],
    [
      "it has no description",
      { ...good, annotations: { ...annotations, description: undefined } },
      "`description` annotation is",
    ],
    ["it fires whatever happens", { ...good, expr: "up" }, "always firing alert"],
    ["its value is in a label", { ...good, labels: { ...labels, value: "{{ $value }}" } }, "alerts/template"],
  ])("is found out where %s", async (_, rule, finding) => {
    expect(await findings(rule)).toContain(finding);
  });
});
