// What can be chosen on a board: its variables' values as Prometheus has them, each value once, and "All" where there is one.

import type { StoredPrometheus } from "../servers/stored-prometheus.ts";
import { type BoardFile, type VariableFile, variableOf } from "./board-files.ts";
import { all, labelValuesQuery, replaceVariables, type Times, type Values } from "./variables.ts";

/**
 * Every value of every variable at least once, beside the first values of the others: all features of each model, but not
 * each with all windows. Models are gone through as wholes, as the others depend on them.
 */
export async function combinations(prometheus: StoredPrometheus, board: BoardFile, times: Times): Promise<Values[]> {
  const variables = board.templating.list.filter(({ type }) => type === "query");
  const optionsOf = async (variable: VariableFile, values: Values): Promise<string[]> => {
    const { selector, label } = labelValuesQuery(variable);
    const found = await prometheus.labelValues(replaceVariables(selector, board, values, times), label);
    return variable.includeAll ? [all, ...found] : [...found];
  };
  const firsts = async (index: number, values: Values): Promise<Values> => {
    const variable = variables[index];
    if (variable === undefined) return values;
    const [first = ""] = await optionsOf(variable, values);
    return firsts(index + 1, new Map([...values, [variable.name, first]]));
  };
  const varied = async (index: number, values: Values): Promise<Values[]> => {
    const variable = variables[index];
    if (variable === undefined) return [values];
    const options = (await optionsOf(variable, values)).map((option): Values => new Map([...values, [variable.name, option]]));
    if (variable.name === "model") return (await Promise.all(options.map((option) => varied(index + 1, option)))).flat();
    const [first = new Map([...values, [variable.name, ""]]), ...others] = options;
    return [...(await varied(index + 1, first)), ...(await Promise.all(others.map((option) => firsts(index + 1, option))))];
  };
  return varied(0, new Map());
}

/** A panel that is repeated asks once for each value; what is shown then is of one value. */
export async function repeated(
  prometheus: StoredPrometheus,
  board: BoardFile,
  values: Values,
  name: string,
  times: Times,
): Promise<Values[]> {
  const variable = variableOf(board, name);
  if (variable === undefined || values.get(name) !== all) return [values];
  const { selector, label } = labelValuesQuery(variable);
  const found = await prometheus.labelValues(replaceVariables(selector, board, values, times), label);
  return found.map((value) => new Map([...values, [name, value]]));
}
