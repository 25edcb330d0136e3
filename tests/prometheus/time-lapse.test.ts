// What a rehearsal makes of rules: the same statements about a time that runs faster.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import {
  type Lapse,
  lapsedConfiguration,
  lapsedDuration,
  lapsedExpression,
  lapsedRules,
  lapsedTemplate,
  type RuleFile,
} from "./time-lapse.ts";

const lapse: Lapse = { pace: 60, fromMillis: 7_000_000, atMillis: 100_000 };
/** 7000 s less sixty times 100 s. */
const shift = 1000;
const lapsed = (expression: string): string => lapsedExpression(expression, lapse);

describe("an expression", () => {
  test.each([
    [
      "ranges, steps and offsets are divided",
      "max_over_time(a:b[30d:1h] offset 2h)",
      "max_over_time(a:b[43200000ms:60000ms] offset 120000ms)",
    ],
    ["an offset into the future, too", "x offset -1h", "x offset -60000ms"],
    ["a range of seconds is one", "increase(x[300])", "increase(x[5000ms])"],
    ["what is counted stays", "increase(x[5m]) > 100", "increase(x[5000ms]) > 100"],
    ["what is by the second is of more seconds", "sum(rate(x[5m])) > 2", "sum((rate(x[5000ms]) / 60)) > 2"],
    ["the time of now is that of the rehearsal", "time() - x > 8d", `(time() * 60 + ${shift}) - x > 8d`],
    ["so is that of a sample", "timestamp(x)", `(timestamp(x) * 60 + ${shift})`],
    ["and what is meant by it where nothing is said", "hour() > 8", `hour(vector(time() * 60 + ${shift})) > 8`],
    ["but not where something is", "hour(x) > 8", "hour(x) > 8"],
    ["durations as numbers stay", "avg_over_time(x[1w]) / 1h", "avg_over_time(x[10080000ms]) / 1h"],
    [
      "how far a line goes on is divided",
      "predict_linear(x[4h], 4 * 3600) < 0",
      "predict_linear(x[240000ms], (4 * 3600) / 60) < 0",
    ],
    ["one in another", "deriv(rate(x[1m])[1h:1m])", "(deriv((rate(x[1000ms]) / 60)[60000ms:1000ms]) / 60)"],
    ["of the same end", "sum(rate(timestamp(x)[1h:1m]))", `sum((rate((timestamp(x) * 60 + ${shift})[60000ms:1000ms]) / 60))`],
    ["texts in which there is a time stay", 'x{window="1h", a="[5m]"}', 'x{window="1h", a="[5m]"}'],
  ])("%s", (_what, expression, expected) => {
    expect(lapsed(expression)).toBe(expected);
  });

  test.each([["x @ end()"], ["sum("], ["x["]])("%s cannot be", (expression) => {
    expect(() => lapsed(expression)).toThrow(expression);
  });
});

test("a duration is a thousandth of a second at least, and nothing stays nothing", () => {
  expect(["1d", "1h30m", "0s", "10ms"].map((text) => lapsedDuration(text, 60))).toEqual(["1440000ms", "90000ms", "0ms", "1ms"]);
  expect(() => lapsedDuration("soon", 60)).toThrow("soon");
});

describe("a template", () => {
  test("asks about the same time", () => {
    const asked =
      '{{ with query (printf "max(rate(x{a=%q}[5m])) > 0" $labels.a) }}{{ . | first | value | printf "%.2f" }}{{ end }}';
    expect(lapsedTemplate(asked, lapse)).toBe(asked.replace("rate(x{a=%q}[5m])", "(rate(x{a=%q}[5000ms]) / 60)"));
  });

  test("also in a text between other quotes, and with quotes in it", () => {
    expect(lapsedTemplate('{{ printf `x{a=%q,b="[1h]"}[1h]` $labels.a | query }}', lapse)).toContain(
      '`x{a=%q,b="[1h]"}[60000ms]`',
    );
    expect(lapsedTemplate('{{ query (printf "x{a=\\"b\\"}[1h]") }}', lapse)).toBe('{{ query (printf "x{a=\\"b\\"}[60000ms]") }}');
  });

  test("says the same of everything else", () => {
    const said =
      '{{ $value | humanizeDuration }} in [1h], {{ range query (printf "up") | sortByLabel "instance" }}x[1h]{{ end }}';
    expect(lapsedTemplate(said, lapse)).toBe(said);
  });
});

test("rules wait as much shorter", () => {
  const file = {
    groups: [
      {
        name: "g",
        interval: "1m",
        rules: [{ alert: "A", expr: "up == 0", for: "3m", keep_firing_for: "5m", labels: { a: "b" }, annotations: { s: "5m" } }],
      },
    ],
  };
  expect(lapsedRules(file, lapse)).toEqual({
    groups: [
      {
        name: "g",
        interval: "1000ms",
        rules: [
          { alert: "A", expr: "up == 0", for: "3000ms", keep_firing_for: "5000ms", labels: { a: "b" }, annotations: { s: "5m" } },
        ],
      },
    ],
  });
});

test("a configuration scrapes and evaluates more often, and leaves who is scraped as much time as there is", () => {
  const alerting = { alertmanagers: [{ timeout: "10s" }] };
  const config = {
    global: { scrape_interval: "15s", scrape_timeout: "10s", evaluation_interval: "30s", sample_limit: 10 },
    alerting,
    scrape_configs: [
      { job_name: "a", scrape_interval: "2m", scrape_timeout: "3s" },
      { job_name: "b", scrape_timeout: "5s" },
    ],
  };
  expect(lapsedConfiguration(config, 60)).toEqual({
    global: { scrape_interval: "1000ms", scrape_timeout: "1000ms", evaluation_interval: "1000ms", sample_limit: 10 },
    alerting,
    scrape_configs: [{ job_name: "a", scrape_interval: "2000ms", scrape_timeout: "2000ms" }, { job_name: "b" }],
  });
});

const rules = fileURLToPath(new URL("../../prometheus/rules/", import.meta.url));

test.each(readdirSync(rules))("%s can be rehearsed", (name) => {
  const file = load(readFileSync(join(rules, name), "utf8")) as RuleFile;
  const before = JSON.stringify(file);
  const after = JSON.stringify(lapsedRules(file, lapse));
  expect(after).not.toBe(before);
  // Nothing is left that is an hour for Prometheus.
  expect(after.match(/\[\d+(s|m(?!s)|[hdw])/)).toBe(null);
});
