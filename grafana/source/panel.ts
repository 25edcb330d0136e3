// Panels as Grafana has them, from what a board says of them. What all panels have in common is set here, once.
import { PanelBuilder as BarsBuilder } from "@grafana/grafana-foundation-sdk/barchart";
import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimelineBuilder } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as LinesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import { valueLink } from "./links.ts";
import { beyond } from "./promql.ts";
import { prometheus, queriesOf, refId } from "./query.ts";
import type { Bars, Lines, Panel, Stat, Step, Timeline } from "./spec.ts";
import { tablePanel } from "./table.ts";

export function panelBuilder(panel: Panel): Builder<dashboard.Panel> {
  switch (panel.kind) {
    case "lines":
      return linesPanel(panel);
    case "stat":
      return statPanel(panel);
    case "table":
      return withCommon(tablePanel(panel), panel);
    case "bars":
      return barsPanel(panel);
    case "timeline":
      return timelinePanel(panel);
  }
}

/** What builders of all kinds have. */
interface CommonBuilder {
  title(text: string): this;
  description(text: string): this;
  datasource(ref: common.DataSourceRef): this;
  unit(unit: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  noValue(text: string): this;
  repeat(name: string): this;
  repeatDirection(direction: "h" | "v"): this;
  targets(targets: Builder<Dataquery>[]): this;
}

function withCommon<Built extends CommonBuilder>(builder: Built, panel: Panel): Built {
  const { title, description, unit, noData, decimals, min, max, repeat } = panel;
  builder.title(title).description(description).datasource(prometheus).unit(unit).noValue(noData);
  if (decimals !== undefined) builder.decimals(decimals);
  if (min !== undefined) builder.min(min);
  if (max !== undefined) builder.max(max);
  if (repeat !== undefined) builder.repeat(repeat.name).repeatDirection("h");
  return builder.targets(queriesOf(panel));
}

/** Names of series below a panel; a table of numbers would take its room. */
function legend(): common.VizLegendOptionsBuilder {
  const { List } = common.LegendDisplayMode;
  return new common.VizLegendOptionsBuilder()
    .displayMode(List)
    .placement(common.LegendPlacement.Bottom)
    .showLegend(true)
    .calcs([]);
}

function tooltip(mode = common.TooltipDisplayMode.Multi, sort = common.SortOrder.None): common.VizTooltipOptionsBuilder {
  return new common.VizTooltipOptionsBuilder().mode(mode).sort(sort);
}

function linesPanel(panel: Lines): LinesBuilder {
  const { queries, limit, band, stacked, log } = panel;
  const builder = withCommon(new LinesBuilder(), panel)
    .lineWidth(2)
    .fillOpacity(stacked === true ? 40 : 0)
    .showPoints(common.VisibilityMode.Never)
    .legend(legend())
    .tooltip(tooltip(common.TooltipDisplayMode.Multi, common.SortOrder.Descending));
  if (stacked === true) builder.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group("A"));
  if (log === true) {
    builder.scaleDistribution(new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(10));
  }
  if (limit !== undefined) {
    builder.thresholds(
      steps([
        [null, "text"],
        [limit.value, "red"],
      ]),
    );
    builder.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  }
  for (const [index, { limitOf }] of queries.entries()) {
    if (limitOf !== undefined) builder.overrideByQuery(refId(index), limitStyle);
  }
  if (band !== undefined) {
    const [lower, upper] = band.map((index) => queries[index]?.name ?? "") as [string, string];
    builder.overrideByName(lower, edgeStyle);
    builder.overrideByName(upper, [
      ...edgeStyle,
      { id: "custom.fillBelowTo", value: lower },
      { id: "custom.fillOpacity", value: 20 },
    ]);
  }
  return builder;
}

/** A limit is dashed, so that it is told from what it limits without its colour. */
const limitStyle = [
  { id: "color", value: { mode: "fixed", fixedColor: "red" } },
  { id: "custom.lineStyle", value: { fill: "dash", dash: [10, 10] } },
  { id: "custom.lineWidth", value: 1 },
  { id: "custom.fillOpacity", value: 0 },
  { id: "custom.stacking", value: { mode: "none", group: "limit" } },
];

const edgeStyle = [
  { id: "custom.lineWidth", value: 0 },
  { id: "custom.hideFrom", value: { legend: true, tooltip: false, viz: false } },
];

function statPanel(panel: Stat): StatBuilder {
  const { steps: coloured, words, show = "value", link } = panel;
  const builder = withCommon(new StatBuilder(), panel)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false).fields(""))
    .graphMode(common.BigValueGraphMode.None)
    .colorMode(common.BigValueColorMode.Value)
    .justifyMode(common.BigValueJustifyMode.Auto)
    .orientation(common.VizOrientation.Auto)
    .textMode(show as common.BigValueTextMode)
    .thresholds(steps(coloured ?? [[null, "text"]]));
  if (words !== undefined) builder.mappings([mapping(words)]);
  if (link !== undefined) {
    builder.overrideByFieldType("number", [{ id: "links", value: [valueLink("Look closer", link, "__field.labels")] }]);
  }
  return builder;
}

function barsPanel(panel: Bars): BarsBuilder {
  const builder = withCommon(new BarsBuilder(), panel)
    .xField(panel.by)
    .showValue(common.VisibilityMode.Never)
    .stacking(common.StackingMode.None)
    .groupWidth(0.8)
    .barWidth(0.95)
    .fillOpacity(70)
    .xTickLabelMaxLength(12)
    .legend(legend())
    .tooltip(tooltip());
  builder.withTransformation({ id: "joinByField", options: { byField: panel.by, mode: "outer" } });
  if (panel.numeric === true) {
    // Grafana sorts texts as texts: 10 before 9.
    builder.withTransformation({
      id: "convertFieldType",
      options: { conversions: [{ targetField: panel.by, destinationType: "number" }] },
    });
  }
  const above = { [beyond]: { text: "above", color: "text" } } as const;
  if (panel.numeric === true)
    builder.overrideByName(panel.by, [
      { id: "mappings", value: [mapping(above)] },
      { id: "unit", value: "none" },
    ]);
  builder.withTransformation({ id: "sortBy", options: { sort: [{ field: panel.by, desc: false }] } });
  for (const [index, { name }] of panel.queries.entries()) {
    builder.overrideByRegexp(`/^Value( #${refId(index)})?$/`, [{ id: "displayName", value: name }]);
  }
  return builder;
}

function timelinePanel(panel: Timeline): TimelineBuilder {
  return withCommon(new TimelineBuilder(), panel)
    .mergeValues(true)
    .showValue(common.VisibilityMode.Never)
    .rowHeight(0.8)
    .mappings([mapping(panel.words)])
    .legend(legend())
    .tooltip(tooltip(common.TooltipDisplayMode.Single));
}

export function steps(values: readonly Step[]): dashboard.ThresholdsConfigBuilder {
  const all = values.map(([value, color]) => ({ value, color }));
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(all);
}

function mapping(words: Timeline["words"]): dashboard.ValueMap {
  const options = Object.fromEntries(Object.entries(words).map(([value, word], index) => [value, { ...word, index }]));
  return { type: dashboard.MappingType.ValueToText, options };
}
