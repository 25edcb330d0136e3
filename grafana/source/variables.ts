// The variables of boards. A board lists those that it uses, each after those that it depends on.
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";

export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** `label_values(series, label)`. */
  readonly query: string;
  /** Whether several can be chosen, and all: then it is matched by `=~`. */
  readonly many: boolean;
  /** What "All" matches. */
  readonly all?: string;
  readonly sort?: VariableSort;
}

/** The name of the variable that says which Prometheus is asked. */
export const datasourceName = "datasource";

/** All matches what has no such label, too: models that nobody configured have no team. */
const everything = ".*";
/** Series of all traffic have no segment; those of segments are not to be added to them, so they are no part of "All". */
const nothing = "^$";

const many = (name: string, label: string, description: string, query: string): Variable => ({
  ...{ name, label, description, query },
  ...{ many: true, all: everything },
});
const one = (name: string, label: string, description: string, query: string): Variable => ({
  ...{ name, label, description, query },
  many: false,
});

const ofModel = 'model="$model", version=~"$version"';

export const team = many("team", "Team", "Who a model belongs to, by the configuration.", "label_values(ml_model_info, team)");
export const models = many("model", "Model", "Models of these teams.", 'label_values(ml_model_info{team=~"$team"}, model)');
/** Models with objectives, and with batch jobs: several at a time. */
export const promised = many("model", "Model", "Models with objectives.", "label_values(ml_slo_objective_ratio, model)");
export const promisedVersions = many(
  "version",
  "Version",
  "Versions of these models.",
  'label_values(ml_slo_objective_ratio{model=~"$model"}, version)',
);
export const jobs = many("model", "Model", "Models with batch jobs.", "label_values(ml_batch_period_seconds, model)");
export const jobVersions = many(
  "version",
  "Version",
  "Versions of these models.",
  'label_values(ml_batch_period_seconds{model=~"$model"}, version)',
);
export const model = one("model", "Model", "One model.", "label_values(ml_model_info, model)");
export const version = many(
  ...["version", "Version", "Versions of the model that were seen within a week."],
  'label_values(ml_model_info{model="$model"}, version)',
);
export const feature = one(
  ...["feature", "Feature", "A feature, or an output: those begin with $."],
  `label_values(ml_feature_values_total{${ofModel}}, feature)`,
);
/** An output of the model whose counts by bin are exported. */
export const output = one(
  ...["output", "Output", "What the model says: its score, its prediction."],
  'label_values(ml_window_observations{model="$model", feature=~"[$].+"}, feature)',
);
export const segment: Variable = {
  ...one(
    ...["segment", "Segment", "A part of the traffic; All is all of it together."],
    'label_values(ml_drift_samples{model="$model"}, segment)',
  ),
  all: nothing,
};
/** Lengths in the order of their numbers, so that 1h comes before 24h and is shown first. */
export const window: Variable = {
  ...one("window", "Window", "How much time scores and metrics are of.", "label_values(ml_window_end_timestamp_seconds, window)"),
  sort: VariableSort.NumericalAsc,
};
export const metric = one(
  ...["metric", "Metric", "A metric of performance: docs/performance-metrics.md says what each is."],
  `label_values(ml_performance_samples{${ofModel}}, metric)`,
);
export const slo = many(
  ...["slo", "Objective", "Objectives of these models."],
  'label_values(ml_slo_objective_ratio{model=~"$model"}, slo)',
);
export const instance = many(
  ...["instance", "Exporter", "Exporters that Prometheus scrapes."],
  'label_values(up{job="prediction-exporter"}, instance)',
);
export const app = many("app", "App", "Serving APIs by their label app.", 'label_values(up{job="serving"}, app)');
export const host = many("host", "Host", "Hosts with a node_exporter.", "label_values(node_time_seconds, instance)");
export const severity = many(
  ...["severity", "Severity", "How urgent: critical pages, warning is a ticket."],
  'label_values(ALERTS{alertname!="Watchdog"}, severity)',
);
export const alerted = many(
  ...["model", "Model", "Models with such alerts; All has alerts of no model, too."],
  'label_values(ALERTS{severity=~"$severity", alertname!="Watchdog"}, model)',
);
export const alertname = many(
  ...["alertname", "Alert", "Alerts that were on in this time."],
  'label_values(ALERTS{severity=~"$severity", model=~"$model", alertname!="Watchdog"}, alertname)',
);

export function datasourceVariable(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder(datasourceName)
    .label("Prometheus")
    .type("prometheus")
    .current({ text: "Prometheus", value: "prometheus" });
}

export function queryVariable(variable: Variable): QueryVariableBuilder {
  const { name, label, description, query, sort = VariableSort.AlphabeticalAsc } = variable;
  const builder = new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource({ type: "prometheus", uid: `\${${datasourceName}}` })
    .query({ query, refId: name, qryType: 1 })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(sort)
    .multi(variable.many)
    .includeAll(variable.all !== undefined);
  if (variable.all === undefined) return builder;
  return builder
    .allValue(variable.all)
    .current({ text: variable.many ? ["All"] : "All", value: variable.many ? ["$__all"] : "$__all" });
}
