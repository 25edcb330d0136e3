// Alerts as the shipped rules make them, for tests of what becomes of them.
import type { AlertSent, Labels } from "../servers/alertmanager.ts";

const runbooks = "https://github.com/prediction-exporter/prediction-exporter/blob/main/docs/runbooks";

/** An alert about a model of the demo. */
export function modelAlert(alertname: string, labels: Labels = {}, annotations: Labels = {}): AlertSent {
  const all = { alertname, severity: "critical", component: "drift", model: "fraud", version: "3", team: "payments", ...labels };
  return {
    labels: { ...all, tier: all.severity === "critical" ? "critical" : "standard" },
    annotations: { ...links(alertname, `ml-model?var-model=${all.model}&var-version=${all.version}`), ...annotations },
  };
}

/** An alert about what is of no model and no team. */
export function systemAlert(alertname: string, labels: Labels = {}, annotations: Labels = {}): AlertSent {
  return {
    labels: { alertname, severity: "critical", component: "exporter", ...labels },
    annotations: { ...links(alertname, "ml-exporter"), summary: "Something of the system is down.", ...annotations },
  };
}

function links(alertname: string, board: string): Labels {
  return { runbook_url: `${runbooks}/${alertname}.md`, dashboard_url: `http://localhost:3000/d/${board}` };
}

/** The page of the fraud story: amounts arrive in cents. */
export function driftAlert(labels: Labels = {}, annotations: Labels = {}): AlertSent {
  return modelAlert("ModelDriftAlarm", labels, {
    summary: "The model's values are distributed otherwise than in its reference.",
    description: "Model fraud 3: amount over 1h has a PSI of 0.8312 in 1.204k values, p-value 1.2e-09 where 4.6e-06 alarms.",
    score: "0.8312",
    samples: "1204",
    threshold: "4.6e-06 (p-value)",
    false_alarms: "one in 30 days for all signals of the version",
    reasons: "amount (1h, min_effect), $score (1h, min_effect)",
    first_deviation: "2026-11-23 08:41:00 UTC",
    recent_changes: "version 3 since 2026-11-20 09:00:00 UTC",
    ...annotations,
  });
}

/** Values that a producer of events may choose, with what each kind of message gives a meaning to. */
export const hostile = {
  /** Ends texts, attributes and headers; markup of HTML, Slack and templates. */
  model: "a\"b'\r\nBcc: all@example.org\n<script>alert(1)</script> <!channel> & {{ .ExternalURL }} | `x`",
  /** A list in YAML, with what is no template. */
  version: '["{{"]',
};

export function hostileAlert(): AlertSent {
  const { model, version } = hostile;
  return driftAlert(
    { model, version },
    {
      description: `Model ${model} ${version}: score 0.8312`,
      reasons: `{a: "{{ fail }}"}\n...\n--- ${model}`,
      recent_changes: version,
      dashboard_url: `http://localhost:3000/d/ml-model?var-model=${model}|x>&var-version=${version}`,
    },
  );
}
