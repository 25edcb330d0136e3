// How far estimates without labels were off, once the labels were there.

/** One metric of one window: estimated without labels, and realised with (nearly) all of them. */
export interface Matured {
  readonly estimated: number;
  readonly realised: number;
}

/**
 * The greatest |estimated - realised| of windows whose labels have come, in the unit of the metric: an estimate deserves to be
 * believed to about this much. Windows where either is NaN do not count; NaN where none is left.
 */
export function greatestGap(windows: Iterable<Matured>): number {
  let greatest = Number.NaN;
  for (const { estimated, realised } of windows) {
    const gap = Math.abs(estimated - realised);
    if (!Number.isNaN(gap) && !(gap <= greatest)) greatest = gap;
  }
  return greatest;
}
