// What Grafana does with variables before it asks Prometheus, as far as the boards need it.
import type { BoardFile, VariableFile } from "./board-files.ts";

/** Values by the names of variables; "$__all" is all. */
export type Values = ReadonlyMap<string, string>;

export const all = "$__all";

/** Grafana's own: the time that is looked at, and for rates what four scrapes take at the least. */
export interface Times {
  readonly rangeSeconds: number;
  readonly scrapeSeconds: number;
}

/** https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/ */
export function replaceVariables(expression: string, board: BoardFile, values: Values, times: Times): string {
  const own: Readonly<Record<string, string>> = {
    __range: `${times.rangeSeconds}s`,
    __rate_interval: `${4 * times.scrapeSeconds}s`,
    __interval: `${times.scrapeSeconds}s`,
  };
  return expression.replaceAll(/\$(\w+)/g, (text, name: string) => {
    if (own[name] !== undefined) return own[name];
    const variable = board.templating.list.find((one) => one.name === name);
    const value = values.get(name);
    // Grafana leaves what is no variable as it is: names of outputs begin with $.
    if (variable === undefined || value === undefined) return text;
    return interpolated(variable, value);
  });
}

/**
 * A value of a variable with several, or with "All", is part of a regular expression; others are part of a text. Grafana escapes
 * quotes of the kind that boards do not use: https://github.com/grafana/grafana/blob/main/packages/grafana-prometheus/src/escaping.ts
 */
function interpolated({ multi, includeAll, allValue }: VariableFile, value: string): string {
  if (value === all) return allValue ?? "";
  return multi || includeAll ? value.replaceAll(/[\\^$*+?.()|{}[\]]/g, "\\\\$&") : value.replaceAll("\\", "\\\\");
}

/** What `label_values(selector, label)` asks for. */
export function labelValuesQuery({ query }: VariableFile): { readonly selector: string; readonly label: string } {
  const text = typeof query === "string" ? query : query.query;
  const [, selector, label] = /^label_values\((.+), *(\w+)\)$/.exec(text) ?? [];
  if (selector === undefined || label === undefined) throw new Error(`not label_values(series, label): ${text}`);
  return { selector, label };
}
