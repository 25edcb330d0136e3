// How windows of a reference's own panes deviate from it: their covariance, and how much data it rests on.
// No estimate of what to do with it; that is `dispersion.ts`.

/** Counts of one base pane, an hour or a day. */
export interface PaneCounts {
  readonly startMillis: number;
  /** By bin. */
  readonly counts: ArrayLike<number>;
}

/** Panes as the estimates want them. Those without a value are left out: they say nothing. */
export interface Panes {
  /** Place in time in pane lengths from the first pane on; ascending. */
  readonly slots: readonly number[];
  readonly counts: readonly Float64Array[];
  readonly totals: readonly number[];
  /** Which mean belongs to the pane: its hour of the day, or 0. */
  readonly classes: readonly number[];
  /** Proportions by class. */
  readonly means: readonly Float64Array[];
  /** Values by class. */
  readonly classTotals: readonly number[];
}

const dayMillis = 86_400_000;

/**
 * @param panes in ascending order of their starts, counts by bin (already pooled)
 * @param byHour whether each hour of the day (UTC) has proportions of its own
 */
export function arrangePanes(panes: readonly PaneCounts[], paneMillis: number, byHour: boolean): Panes {
  const filled = panes
    .map((pane) => ({ start: pane.startMillis, counts: Float64Array.from(pane.counts), total: sumOf(pane.counts) }))
    .filter((pane) => pane.total > 0);
  const first = filled[0]?.start ?? 0;
  const classOf = (start: number): number => (byHour ? Math.floor((start % dayMillis) / paneMillis) : 0);
  const classes = byHour ? Math.max(1, Math.round(dayMillis / paneMillis)) : 1;
  const sums = Array.from({ length: classes }, () => new Float64Array(filled[0]?.counts.length ?? 0));
  for (const pane of filled) addTo(sums[classOf(pane.start)] as Float64Array, pane.counts);
  const classTotals = sums.map(sumOf);
  return {
    slots: filled.map((pane) => Math.round((pane.start - first) / paneMillis)),
    counts: filled.map((pane) => pane.counts),
    totals: filled.map((pane) => pane.total),
    classes: filled.map((pane) => classOf(pane.start)),
    means: sums.map((sum, at) => sum.map((count) => count / (classTotals[at] as number))),
    classTotals,
  };
}

/** All that is summed over one window. */
interface Window {
  /** By bin: counts less expected ones. */
  readonly residuals: Float64Array;
  /** By bin: sum over panes of total times proportion. */
  readonly expected: Float64Array;
  /** Values by class. */
  readonly classTotals: Float64Array;
}

/** The deviation of one window as a statistic sees it, from its residuals and expected counts by bin. */
export interface Scaling {
  readonly dimensions: number;
  deviation(residuals: Float64Array, expected: Float64Array, into: Float64Array): void;
}

/**
 * Covariances of statistics' deviations over all windows of so many consecutive panes, in units of one independent event.
 * Windows that reach over the ends are there too, which makes it the long-run covariance with Bartlett's weights 1 - l/width
 * for lags l < width, and positive semi-definite. What the estimated means take away of independent events is given back.
 * Source: Newey, West 1987, "A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent covariance
 * matrix", Econometrica 55.
 * @returns one symmetric matrix a scaling, row by row
 */
export function windowCovariances(panes: Panes, width: number, scalings: readonly Scaling[]): Float64Array[] {
  const matrices = scalings.map(({ dimensions }) => new Float64Array(dimensions * dimensions));
  const deviations = scalings.map(({ dimensions }) => new Float64Array(dimensions));
  let free = 0;
  forEachWindow(panes, width, (window) => {
    free += freeEvents(window.classTotals, panes.classTotals);
    for (let at = 0; at < scalings.length; at++) {
      const deviation = deviations[at] as Float64Array;
      scalings[at]?.deviation(window.residuals, window.expected, deviation);
      addOuterProduct(matrices[at] as Float64Array, deviation);
    }
  });
  return matrices.map((matrix, at) => mirrored(matrix, deviations[at]?.length ?? 0, 1 / free));
}

/**
 * By how much the mean of one statistic over the same windows is greater than that of another.
 * @param both the two statistics of a window, each times its number of values
 */
export function ratioOfMeans(
  panes: Panes,
  width: number,
  both: (residuals: Float64Array, expected: Float64Array) => readonly [number, number],
): number {
  let [first, second] = [0, 0];
  forEachWindow(panes, width, (window) => {
    const [one, other] = both(window.residuals, window.expected);
    const values = sumOf(window.classTotals);
    first += one * values;
    second += other * values;
  });
  return first / second;
}

/** How many of a window's independent events vary freely: each class's own mean contains some of them. */
function freeEvents(inWindow: Float64Array, inAll: readonly number[]): number {
  let free = 0;
  for (let index = 0; index < inWindow.length; index++) {
    const events = inWindow[index] as number;
    if (events > 0) free += events - (events * events) / (inAll[index] as number);
  }
  return free;
}

/** Visits each window of consecutive panes that holds at least one; its arrays are used again for the next. */
function forEachWindow(panes: Panes, width: number, visit: (window: Window) => void): void {
  const { slots } = panes;
  const bins = panes.counts[0]?.length ?? 0;
  const window = {
    residuals: new Float64Array(bins),
    expected: new Float64Array(bins),
    classTotals: new Float64Array(panes.classTotals.length),
  };
  let oldest = 0;
  let newest = 0;
  for (let slot = 0; oldest < slots.length; slot++) {
    if (oldest === newest) slot = slots[newest] as number;
    while (newest < slots.length && (slots[newest] as number) <= slot) addPane(window, panes, newest++, 1);
    while (oldest < newest && (slots[oldest] as number) <= slot - width) addPane(window, panes, oldest++, -1);
    if (oldest < newest) visit(window);
  }
}

function addPane(window: Window, panes: Panes, index: number, sign: number): void {
  const counts = panes.counts[index] as Float64Array;
  const kind = panes.classes[index] as number;
  const mean = panes.means[kind] as Float64Array;
  const total = sign * (panes.totals[index] as number);
  window.classTotals[kind] = (window.classTotals[kind] as number) + total;
  for (let bin = 0; bin < counts.length; bin++) {
    const expected = total * (mean[bin] as number);
    window.expected[bin] = (window.expected[bin] as number) + expected;
    window.residuals[bin] = (window.residuals[bin] as number) + sign * (counts[bin] as number) - expected;
  }
}

function addOuterProduct(matrix: Float64Array, vector: Float64Array): void {
  const size = vector.length;
  for (let row = 0; row < size; row++) {
    const value = vector[row] as number;
    for (let column = row, at = row * size + row; column < size; column++, at++) {
      matrix[at] = (matrix[at] as number) + value * (vector[column] as number);
    }
  }
}

/** A matrix of which the upper triangle is known, scaled. */
function mirrored(upper: Float64Array, size: number, scale: number): Float64Array {
  return upper.map((_, at) => {
    const row = Math.floor(at / size);
    const column = at % size;
    return scale * (upper[Math.min(row, column) * size + Math.max(row, column)] as number);
  });
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] as number;
  return sum;
}

function addTo(sums: Float64Array, values: Float64Array): void {
  for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] as number) + (values[at] as number);
}
