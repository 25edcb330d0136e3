// The worst deviation of each metric from numbers that other software computed, with the bar that it has to keep.

/** Up to these a deviation is accepted: 0 for counts, rounding where the definition is the same, more where bins stand for values. */
const exactly = 1e-9;
const bars: Readonly<Record<string, number>> = {
  counts: 0,
  joined: 0,
  orphaned: 0,
  duplicate: 0,
  expired: 0,
  predictions: 0,
  labelled: 0,
  "rows without a window": 0,
  // Delays are added up in whole milliseconds.
  label_delay_mean: 1e-6,
  roc_auc: 1e-3,
  roc_auc_delong_se: 1e-3,
  roc_auc_delong_95: 2e-3,
  roc_auc_one_vs_rest: 1e-3,
  average_precision: 1e-3,
  "realised roc_auc": 1e-3,
  "estimated roc_auc": 5e-3,
  "estimated f1": 5e-3,
  "estimated accuracy": 5e-3,
  "estimated precision": 5e-3,
  "estimated recall": 5e-3,
};

export class Deviations {
  readonly #worst = new Map<string, { deviation: number; where: string; compared: number; outside: number }>();

  /** Notes |own - expected|; what is undefined for the one must be NaN for the other. */
  note(key: string, own: number, expected: unknown, where: string): void {
    const other = expected === null || expected === undefined ? Number.NaN : (expected as number);
    const deviation = Number.isNaN(own) && Number.isNaN(other) ? 0 : Math.abs(own - other);
    const entry = this.#worst.get(key) ?? { deviation: 0, where: "", compared: 0, outside: 0 };
    entry.compared += 1;
    if (!(deviation <= (bars[key] ?? exactly))) entry.outside += 1;
    if (!(deviation <= entry.deviation)) Object.assign(entry, { deviation, where });
    this.#worst.set(key, entry);
  }

  /** One line a metric: worst deviation, of how many, and whether it keeps its bar. */
  lines(): string[] {
    return [...this.#worst].map(([key, { deviation, where, compared, outside }]) => {
      const bar = bars[key] ?? exactly;
      const verdict = outside > 0 ? `${outside} OUTSIDE of ${bar}` : `within ${bar}`;
      return `${key}: worst ${deviation.toExponential(2)} of ${compared}, ${verdict}${where === "" ? "" : ` (${where})`}`;
    });
  }

  /** Metrics that miss their bar. */
  missed(): string[] {
    return [...this.#worst].filter(([, { outside }]) => outside > 0).map(([key]) => key);
  }

  /** Names of all that was compared. */
  compared(): string[] {
    return [...this.#worst.keys()];
  }
}
