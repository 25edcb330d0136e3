// What panels ask of Prometheus, as Grafana has it.
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import type { Panel } from "./spec.ts";
import { datasourceName } from "./variables.ts";

export const prometheus = { type: "prometheus", uid: `\${${datasourceName}}` };

/** Queries are A, B, C and so on, in their order. */
export function refId(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}

/** Whether a panel asks for the newest values only. */
export function isNow({ kind }: Pick<Panel, "kind">): boolean {
  return kind === "table" || kind === "bars" || kind === "stat";
}

export function queriesOf(panel: Panel): DataqueryBuilder[] {
  const format = panel.kind === "stat" ? PromQueryFormat.TimeSeries : PromQueryFormat.Table;
  return panel.queries.map(({ expr, name }, index) => {
    const query = new DataqueryBuilder().refId(refId(index)).datasource(prometheus).expr(expr).legendFormat(name);
    return isNow(panel) ? query.instant().format(format) : query.range();
  });
}
