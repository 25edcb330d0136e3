// Whom each shipped alert reaches: the routes as a table (routes.yml), asked with amtool. And that the file is in order.
import { existsSync, globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { type Labels, runAmtool } from "../servers/alertmanager.ts";
import { secretNames, shippedFile, shippedText } from "./shipped.ts";

interface Table {
  readonly alerts: Readonly<Record<string, { readonly component: string; readonly severities: readonly string[] }>>;
  readonly receivers: readonly { readonly severity: string; readonly team: string; readonly reach: readonly string[] }[];
  readonly exceptions: readonly { readonly what: string; readonly labels: Labels; readonly reach: readonly string[] }[];
}

const read = (path: string): unknown => load(readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8"));
const { alerts, receivers, exceptions } = read("routes.yml") as Table;

/** What amtool says of an alert: empty when it reaches just these. */
function misrouted(labels: Labels, reach: readonly string[]): string {
  const given = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const args = ["config", "routes", "test", `--config.file=${shippedFile}`, `--verify.receivers=${reach.join(",")}`, ...given];
  const { status, output } = runAmtool(...args);
  return status === 0 ? "" : `${given.join(" ")}: ${output}`;
}

test("amtool finds nothing wrong", () => {
  const { status, output } = runAmtool("check-config", shippedFile);
  expect(output).not.toMatch(/warn|fail|error/i);
  expect(status).toBe(0);
});

describe("routes", () => {
  const rows = Object.entries(alerts).flatMap(([alertname, { component, severities }]) =>
    severities.map((severity) => ({ alertname, component, severity })),
  );
  const routed = rows.filter(({ alertname }) => alertname !== "Watchdog");

  test.each(routed)("$alertname, $severity", ({ alertname, component, severity }) => {
    const expected = receivers.filter((row) => row.severity === severity);
    expect(expected).not.toEqual([]);
    const isOfModel = alertname.startsWith("Model");
    const ofModel = { model: "fraud", version: "3", tier: severity === "critical" ? "critical" : "standard" };
    for (const { team, reach } of expected) {
      const labels = { alertname, severity, component, ...(isOfModel ? ofModel : {}), ...(team === "" ? {} : { team }) };
      expect(misrouted(labels, reach)).toBe("");
    }
  });

  test.each(exceptions)("$what", ({ labels, reach }) => {
    expect(misrouted(labels, reach)).toBe("");
  });

  test("amtool notices another receiver", () => {
    expect(misrouted({ alertname: "ExporterDown", severity: "critical" }, ["platform-pager"])).toContain("platform-channel");
  });
});

describe("the rules", () => {
  const directory = fileURLToPath(new URL("../../prometheus/rules", import.meta.url));
  const files = existsSync(directory) ? globSync(`${directory}/*.yml`) : [];
  const shipped = files.flatMap((file) => alertsOf(load(readFileSync(file, "utf8")) as RuleFile));

  test("and the table name the same alerts, with the same component and severities", () => {
    const table = Object.entries(alerts).flatMap(([name, { component, severities }]) =>
      severities.map((severity) => `${name} ${component} ${severity}`),
    );
    if (files.length > 0) expect([...new Set(shipped)].toSorted()).toEqual(table.toSorted());
  });
});

interface RuleFile {
  readonly groups: readonly {
    readonly labels?: Labels;
    readonly rules: readonly { readonly alert?: string; readonly labels?: Labels }[];
  }[];
}

/** Name, component and severity of each. A severity that goes by the tier is a template, which names all that there are. */
function alertsOf({ groups }: RuleFile): string[] {
  return groups.flatMap((group) =>
    group.rules.flatMap(({ alert, labels }) => {
      if (alert === undefined) return [];
      const { component, severity = "" } = { ...group.labels, ...labels };
      const words = severity.includes("{{") ? [...severity.matchAll(/}}\s*(\w+)\s*{{/g)].map(([, word]) => word) : [severity];
      return words.map((word) => `${alert} ${component} ${word}`);
    }),
  );
}

describe("the file", () => {
  test("has no secrets, only names of files", () => {
    expect(shippedText).not.toMatch(
      /^\s*(- )?(routing_key|service_key|api_url|url|smtp_auth_password|password|credentials|app_token):/m,
    );
    expect(secretNames().toSorted()).toEqual([
      "dead-mans-switch-url",
      "pagerduty-payments",
      "pagerduty-platform",
      "pagerduty-second-line",
      "pagerduty-shop",
      "pagerduty-supply",
      "slack-payments-url",
      "slack-platform-url",
      "slack-shop-url",
      "slack-supply-url",
      "smtp-password",
      "supply-tickets-url",
    ]);
  });

  test("names alerts that there are", () => {
    const named = [...shippedText.matchAll(/alertname=~?"([^"]+)"/g)].flatMap(([, names]) => (names as string).split("|"));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => alerts[name] === undefined)).toEqual(["Model.+"]);
  });

  test("groups by alert and model everywhere", () => {
    expect(shippedText.match(/group_by: .*/g)).toEqual(["group_by: [alertname, model]"]);
  });
});
