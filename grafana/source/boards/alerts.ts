// Alerts themselves: what fires, what fired most, for how long, and what nobody needed. For those who tune them.
import { beginnings } from "../beginnings.ts";
import type { Board, Panel } from "../spec.ts";
import { alerted, alertname, severity } from "../variables.ts";

const none = "No such alert was on in this time.";
const { lines, stat, table, timeline } = beginnings(none);
const of = 'alertstate="firing", severity=~"$severity", model=~"$model", alertname=~"$alertname", alertname!="Watchdog"';
const on = `ALERTS{${of}}`;
/** Evaluated once a minute: rules are every 30 s, and what is on for less was no alert. */
const minutes = "[$__range:1m]";
const began = `(${on} unless ${on} offset 1m)`;
const ended = `((${on} offset 1m) unless ${on})`;

const now: readonly Panel[] = [
  {
    ...stat("Firing", "By severity: critical pages, warning is a ticket, info is only shown."),
    width: 8,
    decimals: 0,
    queries: [{ expr: `count by (severity) (${on})`, name: "{{severity}}" }],
    noData: "Nothing fires.",
  },
  {
    ...stat(
      "Alerts are delivered",
      "The Watchdog fires always: where it does not, rules are not evaluated, and no other alert could fire.",
    ),
    width: 8,
    queries: [{ expr: 'count(ALERTS{alertname="Watchdog", alertstate="firing"})', name: "Watchdog" }],
    words: { "1": { text: "yes", color: "green" } },
    show: "value",
    noData: "No: the Watchdog does not fire.",
  },
  {
    ...stat("Began", "Alerts that began in this time. More than somebody can look at is too many, whatever they say."),
    width: 8,
    decimals: 0,
    queries: [{ expr: `sum by (severity) (count_over_time(${began}${minutes}))`, name: "{{severity}}" }],
  },
];

const firing: readonly Panel[] = [
  {
    ...table(
      "What fires",
      "Alerts that are on, the hundred that are longest. A click on a model shows its board; runbooks are linked in the notification.",
    ),
    width: 24,
    height: 10,
    labels: {
      alertname: "Alert",
      severity: "Severity",
      team: "Team",
      model: "Model",
      version: "Version",
      component: "Of",
      instance: "Where",
    },
    links: { model: { board: "ml-model", labels: ["model", "version"] } },
    queries: [
      {
        expr: `topk(100, max by (alertname, severity, team, model, version, component, instance) (60 * count_over_time(${on}${minutes}) and ${on}))`,
        name: "On for, of this time",
        unit: "s",
      },
    ],
    sortBy: "On for, of this time",
    noData: "Nothing fires.",
  },
  {
    ...timeline("When they were on", "The twenty that were on longest in this time."),
    height: 10,
    queries: [
      {
        expr: `max by (alertname, model, version) (${on}) and on (alertname, model, version) topk(20, max by (alertname, model, version) (count_over_time(${on}[$__range:1m] @ end())))`,
        name: "{{alertname}} {{model}} {{version}}",
      },
    ],
    words: { "1": { text: "on", color: "red" } },
  },
];

const worth: readonly Panel[] = [
  {
    ...table(
      "What fired most",
      "How often each began, how long it was on in all and each time. Often and short: it flaps; its `for` is too short, or its limit too near.",
    ),
    width: 24,
    height: 10,
    labels: { alertname: "Alert", severity: "Severity" },
    queries: [
      { expr: `topk(50, sum by (alertname, severity) (count_over_time(${began}${minutes})))`, name: "Began", decimals: 0 },
      { expr: `topk(50, 60 * sum by (alertname, severity) (count_over_time(${on}${minutes})))`, name: "On in all", unit: "s" },
      {
        expr: `topk(50, 60 * sum by (alertname, severity) (count_over_time(${on}${minutes})) / sum by (alertname, severity) (count_over_time(${began}${minutes})))`,
        name: "On each time",
        unit: "s",
      },
      {
        expr: `topk(50, sum by (alertname, severity) (count_over_time((${ended} unless (${on} offset 16m))${minutes})))`,
        name: "Ended by itself within 15 min",
        decimals: 0,
      },
    ],
    sortBy: "Began",
  },
  {
    ...table(
      "Never acted on",
      "On for a day without a break, and still on: nobody mends it, so nobody needs it, or nobody has it. Route it, mend it, or delete it.",
    ),
    labels: { alertname: "Alert", severity: "Severity", team: "Team", model: "Model", version: "Version" },
    links: { model: { board: "ml-model", labels: ["model", "version"] } },
    queries: [
      {
        // Of 288 times that are five minutes apart at most two are missing: a restart of Prometheus is no end.
        expr: `topk(50, max by (alertname, severity, team, model, version) (count_over_time(${on}[1d:5m]) >= 286 and ${on}))`,
        name: "Times of 288",
        decimals: 0,
      },
    ],
    noData: "None: no alert has been on for a whole day.",
  },
  {
    ...lines("Alerts that fire", "By severity, over time."),
    width: 12,
    stacked: true,
    queries: [{ expr: `count by (severity) (${on})`, name: "{{severity}}" }],
  },
];

const delivery: readonly Panel[] = [
  {
    ...lines("Notifications", "Per second by way of delivery, and those that failed."),
    width: 12,
    unit: "cps",
    queries: [
      { expr: "sum by (integration) (rate(alertmanager_notifications_total[$__rate_interval])) > 0", name: "{{integration}}" },
      {
        expr: "sum by (integration) (rate(alertmanager_notifications_failed_total[$__rate_interval])) > 0",
        name: "failed: {{integration}}",
      },
    ],
    noData: "Nothing was to be delivered, or Prometheus does not scrape Alertmanager.",
  },
  {
    ...lines("In Alertmanager", "Alerts by state, and silences. What is silenced for months should not be an alert."),
    width: 12,
    queries: [
      { expr: "max by (state) (alertmanager_alerts)", name: "{{state}}" },
      { expr: 'max by (state) (alertmanager_silences{state="active"})', name: "silences" },
    ],
    noData: "Prometheus does not scrape Alertmanager.",
  },
];

export const alerts: Board = {
  uid: "ml-alerts",
  title: "ML: alerts",
  audience: "For those who answer alerts, and those who tune them.",
  questions: [
    "What fires now, and since when?",
    "What fires most, and how long is it on?",
    "What ends by itself before anybody could act, and what does nobody ever act on?",
    "Are notifications delivered?",
  ],
  variables: [severity, alerted, alertname],
  annotations: "none",
  from: "now-7d",
  rows: [
    { title: "Now", panels: now },
    { title: "What fires", panels: firing },
    { title: "What they are worth", panels: worth },
    { title: "Delivery", panels: delivery },
  ],
};
