// How far estimates without labels were off, once the labels were there.

/**
 * The root mean square of (estimated - realised) of windows whose labels have come, in the unit of the metric: an estimate deserves to
 * be believed to about this much. What chance does to realised values is part of it. NaN without windows.
 */
export function typicalGap(gaps: readonly number[]): number {
  return Math.sqrt(gaps.reduce((sum, gap) => sum + gap ** 2, 0) / gaps.length);
}

/** The greatest |estimated - realised| of windows whose labels have come: what was the worst so far. NaN without windows. */
export function greatestGap(gaps: readonly number[]): number {
  return gaps.length === 0 ? Number.NaN : Math.max(...gaps.map(Math.abs));
}
