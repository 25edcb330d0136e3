// What Grafana is provisioned with belongs together: boards begin with the Prometheus of that uid, which says how often is scraped.
import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { boardFiles } from "./board-files.ts";

const file = (path: string): unknown => load(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));

interface Datasource {
  readonly name: string;
  readonly type: string;
  readonly uid: string;
  readonly jsonData: { readonly timeInterval?: string };
}

const { datasources } = file("grafana/provisioning/datasources/prediction-exporter.yml") as {
  datasources: readonly Datasource[];
};

test("boards begin with the Prometheus that is provisioned", () => {
  const prometheus = datasources.find(({ type }) => type === "prometheus");
  expect(boardFiles.size).toBeGreaterThan(0);
  for (const board of boardFiles.values()) {
    expect(board.templating.list[0]).toMatchObject({ current: { text: prometheus?.name, value: prometheus?.uid } });
  }
});

test("rates look at as much time as prometheus.yml makes necessary", () => {
  const { global } = file("prometheus/prometheus.yml") as { global: { scrape_interval: string } };
  expect(datasources.find(({ type }) => type === "prometheus")?.jsonData.timeInterval).toBe(global.scrape_interval);
});

test("uids are given once, and boards cannot be changed in the browser", () => {
  expect(new Set(datasources.map(({ uid }) => uid)).size).toBe(datasources.length);
  const { providers } = file("grafana/provisioning/dashboards/prediction-exporter.yml") as {
    providers: readonly { readonly allowUiUpdates: boolean; readonly folderUid: string }[];
  };
  expect(providers.map(({ allowUiUpdates }) => allowUiUpdates)).toEqual([false]);
});
