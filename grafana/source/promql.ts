// Expressions that boards have in common. Where the rules record a series, boards ask for that one and none of these is needed.

const shown = "and on (instance, job) (ml_exporter_restoring == 0)";

/**
 * A gauge of models, once for a pair of exporters, and of none that is still catching up after a start.
 * @param by labels that are kept, with commas
 */
export function gauge(selector: string, by: string): string {
  return `max by (${by}) (${selector} ${shown})`;
}

/**
 * How often a counter of models counts, per second; of a pair of exporters the greater is taken, shards are added.
 * An exporter that is catching up withholds its counters.
 */
export function perSecond(selector: string, by: string): string {
  return `sum by (${by}) (max without (instance, job) (rate(${selector}[$__rate_interval])))`;
}

/** How much a counter of models grew in the time that is looked at. */
export function grown(selector: string, by: string, range = "$__range"): string {
  return `sum by (${by}) (max without (instance, job) (increase(${selector}[${range}])))`;
}

/** A quantile of a histogram of models. */
export function quantile(q: number, histogram: string, matchers: string, by: string): string {
  return `histogram_quantile(${q}, ${perSecond(`${histogram}_bucket{${matchers}}`, `${by}, le`)})`;
}

/**
 * The greatest at the end of the time that is looked at, over all of it: what is greatest at each moment would be another
 * series from one moment to the next, and many in all.
 * @param by the labels that tell the series apart
 */
export function greatest(count: number, expression: string, by: string): string {
  return `${expression} and on (${by}) topk(${count}, last_over_time((${expression})[5m:1m] @ end()))`;
}

/** What a rule of the exporter compares a metric with, as a model's configuration has it. */
export function threshold(metric: string, matchers: string): string {
  return `max by (model, version) (model_version:ml_threshold:max{metric="${metric}", ${matchers}})`;
}

/** What a rule compares a model with, whichever of its versions says it. */
export function thresholdOfModel(metric: string): string {
  return `max by (model) (model_version:ml_threshold:max{metric="${metric}", model="$model"})`;
}

/** Bins that are numbers are bars in the order of these. Grafana takes no infinity: the last bin is a number beyond all others. */
export const beyond = "1e+300";
const numeric = `bin=~"[-+]?([0-9.]+(e[-+]?[0-9]+)?|Inf)"`;
const words = numeric.replace("=~", "!~");

/** The share that each bin of a feature has in a window, of all versions together: counts are added, never shares. */
export function shareByBin(matchers: string, bins: "numeric" | "words"): string {
  const counts = (which: string): string =>
    `sum by (bin) (${gauge(`ml_window_observations{${matchers}${which}}`, "version, bin")})`;
  const all = `scalar(sum(${gauge(`ml_window_observations{${matchers}}`, "version, bin")}) > 0)`;
  return named(`${counts(`, ${bins === "numeric" ? numeric : words}`)} / ${all}`, bins);
}

/** The same in the reference; where versions have different ones it is between them. */
export function referenceByBin(matchers: string, bins: "numeric" | "words"): string {
  const which = bins === "numeric" ? numeric : words;
  return named(`avg by (bin) (${gauge(`ml_reference_ratio{${matchers}, ${which}}`, "version, bin")})`, bins);
}

function named(expression: string, bins: "numeric" | "words"): string {
  return bins === "words" ? expression : String.raw`label_replace(${expression}, "bin", "${beyond}", "bin", "\\+Inf")`;
}
