// What Alertmanager hands to templates for a group of alerts, as JSON for `amtool template render`.
import type { AlertSent, Labels } from "../servers/alertmanager.ts";

const externalUrl = "http://alertmanager.example.org:9093";
const begin = "2026-11-23T09:12:30Z";
const end = "2026-11-23T11:02:30Z";

/** @param over how many of the alerts, from the first, are over */
export function templateData(alerts: readonly AlertSent[], over = 0): string {
  const shown = alerts.map(({ labels, annotations = {} }, index) => ({
    status: index < over ? "resolved" : "firing",
    labels,
    annotations,
    startsAt: begin,
    endsAt: index < over ? end : "0001-01-01T00:00:00Z",
    generatorURL: "http://prometheus.example.org/graph",
    fingerprint: String(index),
  }));
  const commonLabels = common(shown.map(({ labels }) => labels));
  const grouped = Object.entries(commonLabels).filter(([name]) => name === "alertname" || name === "model");
  return JSON.stringify({
    receiver: "payments-pager",
    status: over === alerts.length ? "resolved" : "firing",
    alerts: shown,
    groupLabels: Object.fromEntries(grouped),
    commonLabels,
    commonAnnotations: common(shown.map(({ annotations }) => annotations)),
    externalURL: externalUrl,
  });
}

/** What all have, with the same value. */
function common(all: readonly Labels[]): Labels {
  return Object.fromEntries(
    Object.entries(all[0] ?? {}).filter(([name, value]) => all.every((labels) => labels[name] === value)),
  );
}
