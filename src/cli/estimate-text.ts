// An estimate as a person reads it: a table by model and cause, what was assumed, and what to switch off first.
import { formatDuration } from "../config/duration.ts";
import type { Assumptions } from "../estimate/assumptions.ts";
import type { Line, Report } from "./estimate.ts";

type Row = readonly string[];

/** What the series of no model are called. */
const exporter = "the exporter";
const megabyte = 1e6;

export function estimateText(report: Report): string {
  const { total, scrapeMillis, seriesLimit, modelSeries } = report;
  const lines = [
    `${whole(total.series)} series, scraped every ${formatDuration(scrapeMillis)}`,
    "",
    ...table(report),
    "",
    `Memory: Prometheus ${megabytes(total)}; the exporter at most ${short(report.exporterBytes / megabyte)} MB for what models are like.`,
    ...(modelSeries > seriesLimit
      ? [`limits.series is ${whole(seriesLimit)}: ${whole(modelSeries - seriesLimit)} series of models will be turned away.`]
      : []),
    assumed(report.assumptions),
    "",
    ...switchOff(report),
  ];
  return lines.join("\n");
}

function table(report: Report): string[] {
  const { lines, total, currency } = report;
  const offers = Object.keys(total.cost);
  const head = ["model", "cause", "series", "samples/month", "Prometheus", ...offers.map((name) => `${name}, ${currency}`)];
  const models = [...new Set(lines.map(({ model }) => model))].sort((a, b) => Number(a === "") - Number(b === ""));
  const rows = models.flatMap((model) => {
    const own = lines.filter((line) => line.model === model).sort((a, b) => b.series - a.series);
    const name = model === "" ? exporter : model;
    return [...own.map((line, index) => row(index === 0 ? name : "", line)), row("", { ...sumOf(own), cause: "(all)" })];
  });
  return aligned([head, ...rows, row("all", total)], 2);
}

function row(name: string, { cause, series, samples, cost, ...usage }: Line): Row {
  return [name, cause, whole(series), short(samples), megabytes(usage), ...money(cost)];
}

function sumOf(lines: readonly Line[]): Line {
  const sum = (of: (line: Line) => number): number => lines.reduce((all, line) => all + of(line), 0);
  const offers = Object.keys(lines[0]?.cost ?? {});
  return {
    model: "",
    cause: "",
    series: sum(({ series }) => series),
    samples: sum(({ samples }) => samples),
    prometheusBytes: {
      least: sum(({ prometheusBytes }) => prometheusBytes.least),
      most: sum(({ prometheusBytes }) => prometheusBytes.most),
    },
    cost: Object.fromEntries(offers.map((name) => [name, sum(({ cost }) => cost[name] as number)])),
  };
}

function switchOff({ savings, total, currency }: Report): string[] {
  if (savings.length === 0) return ["Nothing of what is exported can be switched off."];
  const offers = Object.keys(total.cost);
  const head = ["What to switch off first", "what is lost", "series", "share", ...offers.map((name) => `${name}, ${currency}`)];
  const rows = savings.map(({ what, price, series, cost }): Row => {
    return [what, price, whole(series), `${((100 * series) / total.series).toFixed(1)} %`, ...money(cost)];
  });
  return aligned([head, ...rows], 2);
}

function money(cost: Line["cost"]): string[] {
  return Object.values(cost).map((amount) => amount.toFixed(2));
}

function assumed({ versionsOf, ...rest }: Assumptions): string {
  const { versions, segmentValues, features, categories, classes, horizons, unlisted, partitions } = rest;
  const own = [...versionsOf].map(([model, count]) => `, of ${model} ${count}`).join("");
  return [
    `Assumed: ${versions} live versions of a model${own} (--versions); where neither configuration nor reference says more,`,
    `${segmentValues} values of an attribute (--segment-values), ${features} features (--features), ${categories} categories (--categories),`,
    `${classes} classes (--classes), ${horizons} horizon${horizons === 1 ? "" : "s"} (--horizons); ${unlisted} models that are not listed (--unlisted);`,
    `${partitions} partitions of a topic of Kafka (--partitions).`,
  ].join("\n");
}

/** The first columns begin at the left, numbers end at the right. */
function aligned(rows: readonly Row[], left: number): string[] {
  const widths = (rows[0] as Row).map((_, column) => Math.max(...rows.map((one) => (one[column] as string).length)));
  return rows.map((one) => {
    const cells = one.map((text, column) => {
      const width = widths[column] as number;
      return column < left ? text.padEnd(width) : text.padStart(width);
    });
    return cells.join("  ").trimEnd();
  });
}

const whole = (value: number): string => Math.round(value).toLocaleString("en-US");

function megabytes({ prometheusBytes: { least, most } }: Pick<Line, "prometheusBytes">): string {
  return `${short(least / megabyte)}-${short(most / megabyte)} MB`;
}

/** With three digits; large ones in thousands, millions and so on. */
function short(value: number): string {
  return new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 }).format(value);
}
