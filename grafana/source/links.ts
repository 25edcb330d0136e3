// Addresses of boards, as panels and boards link to them. Variables are Grafana's; what labels say is encoded, whatever is in it.
import { DashboardLinkBuilder, DashboardLinkType } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Board, Link } from "./spec.ts";
import { datasourceName } from "./variables.ts";

/** All boards have it: a board's menu lists those that do. */
export const boardTag = "prediction-exporter";

/** @param from where labels are found: `__data.fields` in a table, `__field.labels` of a series */
export function address({ board, labels = [], keep = [] }: Link, from: "__data.fields" | "__field.labels"): string {
  const given = labels.map((label) => `var-${label}=\${${from}.${label}:percentencode}`);
  const kept = [datasourceName, ...keep].map((name) => `\${${name}:queryparam}`);
  return `/d/${board}?${[...given, ...kept].join("&")}&\${__url_time_range}`;
}

/** Grafana's form of a link of a panel's values. */
export function valueLink(title: string, link: Link, from: "__data.fields" | "__field.labels"): object {
  return { title, url: address(link, from), targetBlank: false };
}

/** The menu of all boards; time and variables come along, but not "All" models to a board that is about one. */
export function boardMenu({ variables }: Board): DashboardLinkBuilder {
  const severalModels = variables.some(({ name, many }) => name === "model" && many);
  return new DashboardLinkBuilder("Boards")
    .type(DashboardLinkType.Dashboards)
    .tags([boardTag])
    .asDropdown(true)
    .includeVars(!severalModels)
    .keepTime(true);
}
