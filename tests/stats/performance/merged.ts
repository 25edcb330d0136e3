// Adding sums: what panes keep of performance is numbers and lists of numbers, and merging panes adds them.

/**
 * The sums of two disjoint sets of events together: field by field, lists number by number.
 *
 * With whole counts the result is exact, so any order of merging gives the same; sums of other numbers differ by rounding.
 * @throws where lists have different lengths: they were counted in different bins
 */
export function merged<Sums extends object>(one: Sums, other: Sums): Sums {
  const fields = Object.entries(one).map(([name, value]) => [name, plus(value, (other as Record<string, unknown>)[name], name)]);
  return Object.fromEntries(fields) as Sums;
}

function plus(one: unknown, other: unknown, name: string): unknown {
  if (typeof one === "number") return one + (other as number);
  if (!isList(one)) return merged(one as object, other as object);
  const list = other as ArrayLike<number>;
  if (one.length !== list.length) throw new Error(`${name}: ${one.length} and ${list.length} bins cannot be merged`);
  return Float64Array.from(one, (value, index) => value + (list[index] as number));
}

function isList(value: unknown): value is ArrayLike<number> {
  return typeof (value as { length?: unknown }).length === "number";
}
