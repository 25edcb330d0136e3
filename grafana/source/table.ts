// A table panel: the newest values of queries, joined by their labels to rows.
import * as common from "@grafana/grafana-foundation-sdk/common";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/table";
import { valueLink } from "./links.ts";
import { refId } from "./query.ts";
import type { Query, Table } from "./spec.ts";

export function tablePanel({ queries, labels, links = {}, sortBy }: Table): PanelBuilder {
  const builder = new PanelBuilder().showHeader(true).cellHeight(common.TableCellHeight.Sm).filterable(false);
  builder.withTransformation({ id: "merge", options: {} });
  const columns = [...Object.keys(labels), ...queries.map((_, index) => valueColumn(queries, index))];
  // Other labels, and the time of the query, are no columns.
  builder.withTransformation({ id: "filterFieldsByName", options: { include: { names: columns } } });
  const indexByName = Object.fromEntries(columns.map((column, index) => [column, index]));
  builder.withTransformation({ id: "organize", options: { indexByName, excludeByName: {}, renameByName: {} } });
  for (const [label, title] of Object.entries(labels)) {
    const link = links[label];
    builder.overrideByName(label, [
      { id: "displayName", value: title },
      ...(link === undefined ? [] : [{ id: "links", value: [valueLink(`${title}: look closer`, link, "__data.fields")] }]),
    ]);
  }
  for (const [index, query] of queries.entries()) {
    builder.overrideByName(valueColumn(queries, index), columnStyle(query));
  }
  if (sortBy !== undefined) builder.sortBy([new common.TableSortByFieldStateBuilder().displayName(sortBy).desc(true)]);
  return builder;
}

/** As Grafana names it: the letter of the query only where there are several. */
function valueColumn(queries: readonly Query[], index: number): string {
  return queries.length === 1 ? "Value" : `Value #${refId(index)}`;
}

function columnStyle({ name, unit, decimals, steps }: Query) {
  return [
    { id: "displayName", value: name },
    ...(unit === undefined ? [] : [{ id: "unit", value: unit }]),
    ...(decimals === undefined ? [] : [{ id: "decimals", value: decimals }]),
    ...(steps === undefined
      ? []
      : [
          { id: "thresholds", value: { mode: "absolute", steps: steps.map(([value, color]) => ({ value, color })) } },
          { id: "custom.cellOptions", value: { type: "color-text" } },
        ]),
  ];
}
