// Which bins are taken together, so that each is filled well enough for its deviations to be near normal.

/**
 * Pools bins until each group expects enough values.
 * Bins in order are pooled with their right neighbours (what is left over at the end, with the last group); of categories
 * the rarest are pooled into one group.
 * @param expected values expected by bin
 * @param ordered whether neighbouring bins are alike
 * @param enough what each group expects at least, where there is more than one group
 * @returns the group of each bin; groups are numbered from 0
 */
export function poolBins(expected: ArrayLike<number>, ordered: boolean, enough: number): Int32Array {
  return ordered ? poolNeighbours(expected, enough) : poolRarest(expected, enough);
}

/** Sums of what is given by bin, by group. */
export function pooled(values: ArrayLike<number>, groups: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(groupCount(groups));
  for (let bin = 0; bin < values.length; bin++) {
    const group = groups[bin] as number;
    sums[group] = (sums[group] as number) + (values[bin] as number);
  }
  return sums;
}

export function groupCount(groups: ArrayLike<number>): number {
  let most = -1;
  for (let bin = 0; bin < groups.length; bin++) most = Math.max(most, groups[bin] as number);
  return most + 1;
}

function poolNeighbours(expected: ArrayLike<number>, enough: number): Int32Array {
  const groups = new Int32Array(expected.length);
  let group = 0;
  let sum = 0;
  for (let bin = 0; bin < expected.length; bin++) {
    if (sum >= enough) {
      group += 1;
      sum = 0;
    }
    groups[bin] = group;
    sum += expected[bin] as number;
  }
  if (sum < enough && group > 0) return groups.map((one) => Math.min(one, group - 1));
  return groups;
}

function poolRarest(expected: ArrayLike<number>, enough: number): Int32Array {
  const value = (bin: number): number => expected[bin] as number;
  const rarestFirst = Array.from({ length: expected.length }, (_, bin) => bin).sort((a, b) => value(a) - value(b));
  let many = 0;
  let sum = 0;
  for (const bin of rarestFirst) {
    if (value(bin) >= enough && (many === 0 || sum >= enough)) break;
    sum += value(bin);
    many += 1;
  }
  const rare = new Set(rarestFirst.slice(0, many));
  let next = many > 0 ? 1 : 0;
  return Int32Array.from({ length: expected.length }, (_, bin) => (rare.has(bin) ? 0 : next++));
}
