// What has happened, drawn over all panels of a board: new versions, new references, alerts.
import { AnnotationQueryBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Board } from "./spec.ts";
import { datasourceName } from "./variables.ts";

/** Rules are evaluated every 30 s; what is shorter than two of these is drawn, too. */
const step = "60s";

export function annotationsOf({ annotations, variables }: Board): AnnotationQueryBuilder[] {
  if (annotations === "none") return [];
  const model = variables.find(({ name }) => name === "model");
  const matcher = model === undefined ? "" : `model${model.many ? "=~" : "="}"$model"`;
  const alerts = annotation(
    "Alerts",
    "red",
    `ALERTS{${['alertstate="firing"', matcher].filter((text) => text !== "").join(", ")}}`,
  )
    .titleFormat("{{alertname}}")
    .textFormat("{{model}} {{version}} {{instance}}")
    .tagKeys("severity,component");
  if (annotations === "alerts") return [alerts];
  return [
    change("New versions", "blue", "version .*", matcher),
    change("New references", "purple", "reference .*", matcher),
    alerts,
  ];
}

/** The value is when it happened, which Grafana takes in milliseconds. */
function change(name: string, color: string, changes: string, matcher: string): AnnotationQueryBuilder {
  const expr = `1000 * model_change:recent_timestamp_seconds:max{change=~"${changes}", ${matcher}}`;
  return annotation(name, color, expr).useValueForTime(true).titleFormat("{{model}}: {{change}}");
}

function annotation(name: string, color: string, expr: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource({ type: "prometheus", uid: `\${${datasourceName}}` })
    .enable(true)
    .iconColor(color)
    .expr(expr)
    .step(step);
}
