// What people read: each template rendered by amtool, against texts that were read by a person (golden/*).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type AlertSent, runAmtool } from "../servers/alertmanager.ts";
import { driftAlert, hostile, hostileAlert, modelAlert, systemAlert } from "./examples.ts";
import { shippedTemplates } from "./shipped.ts";
import { templateData } from "./template-data.ts";

const directory = mkdtempSync(join(tmpdir(), "templates-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Every template of the file that a receiver may ask for. The others take what is within an alert. */
const asked = [...readFileSync(shippedTemplates, "utf8").matchAll(/define "([\w.]+)"/g)]
  .map(([, name]) => name as string)
  .filter((name) => !/\.(address|detail|entry|escaped|labels)$/.test(name));

function render(name: string, data: string): string {
  const file = join(directory, "data.json");
  writeFileSync(file, data);
  const type = name.endsWith(".html") ? "html" : "text";
  const text = `--template.text={{ template "${name}" . }}`;
  const { status, output } = runAmtool(
    ...["template", "render", `--template.glob=${shippedTemplates}`, text, `--template.type=${type}`, `--template.data=${file}`],
  );
  if (status !== 0) throw new Error(output);
  return output;
}

const renderAll = (data: string): string => asked.map((name) => `=== ${name}\n${render(name, data)}\n`).join("");

const groups: readonly { readonly what: string; readonly alerts: readonly AlertSent[]; readonly over?: number }[] = [
  { what: "drift", alerts: [driftAlert()] },
  { what: "resolved", alerts: [driftAlert()], over: 1 },
  {
    what: "versions",
    alerts: [driftAlert(), driftAlert({ version: "4" }, { score: "0.4", samples: "", description: "Model fraud 4: less." })],
    over: 1,
  },
  { what: "exporter", alerts: [systemAlert("ExporterDown", { instance: "exporter-1:9877", job: "prediction-exporter" })] },
  { what: "exporters", alerts: ["a:1", "b:1"].map((instance) => systemAlert("ExporterDown", { instance })) },
  { what: "ticket", alerts: [modelAlert("ModelReferenceTooOld", { severity: "warning" }, { summary: "The reference is old." })] },
  { what: "bare", alerts: [{ labels: { alertname: "SomethingElse" } }] },
  { what: "hostile", alerts: [hostileAlert()] },
];

describe("golden texts", () => {
  test.each(groups)("$what", async ({ what, alerts, over }) => {
    await expect(renderAll(templateData(alerts, over))).toMatchFileSnapshot(`golden/${what}.txt`);
  });
});

describe("names from anywhere", () => {
  const data = templateData([hostileAlert()]);

  test("stay in one line where a line means something", () => {
    for (const name of ["title", "subject", "slack.title", "runbook", "board", "silence"]) {
      expect(render(`prediction_exporter.${name}`, data)).not.toMatch(/[\r\n]/);
    }
  });

  test("are no markup in HTML", () => {
    const html = render("prediction_exporter.mail.html", data);
    expect(html).not.toContain("<script>");
    expect(html).toContain("&lt;script&gt;");
  });

  test("call nobody in Slack", () => {
    const text = render("prediction_exporter.slack.title", data) + render("prediction_exporter.slack.text", data);
    expect(text).not.toContain("<!");
    // All that is left of its markup are the links that the template writes.
    const links = text.match(/<[^>]*>/g) ?? [];
    expect(links.map((link) => link.split("|").slice(1))).toEqual([["Runbook>"], ["Board>"], ["Silence>"]]);
  });

  test("are not read as templates", () => {
    expect(renderAll(data)).toContain("{{ .ExternalURL }}");
  });

  test("of addresses are of the web", () => {
    const odd = templateData([driftAlert({}, { dashboard_url: "javascript:alert(1)" })]);
    expect(render("prediction_exporter.board", odd)).toBe("");
    expect(render("prediction_exporter.slack.text", odd)).not.toContain("javascript");
    expect(render("prediction_exporter.mail.html", odd)).not.toContain("javascript");
  });

  test("are one matcher in the address of a silence", () => {
    const address = render("prediction_exporter.silence", data);
    const filter = decodeURIComponent(address.slice(address.indexOf("filter=") + 7).replaceAll("+", " "));
    const quoted = hostile.model.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
    expect(filter).toBe(`{alertname="ModelDriftAlarm",model="${quoted}"}`);
  });
});
