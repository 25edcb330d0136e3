// Rows of golden/performance.json.

export interface GoldenRow {
  readonly by: "reference" | "prediction_time" | "outcome_time";
  readonly window?: string;
  readonly start?: string;
  readonly end?: string;
  readonly segment?: string;
  readonly samples: number;
  readonly classes?: readonly string[];
  readonly confusion_rows_are_labels?: readonly (readonly number[])[];
  readonly roc_auc_one_vs_rest?: Readonly<Record<string, number>>;
  readonly [metric: string]: unknown;
}

export function placeOf(row: GoldenRow): string {
  return [row.by, row.window, row.start, row.segment].filter((part) => part !== undefined).join(" ");
}
