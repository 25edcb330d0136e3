// Rows of golden/performance.json, and which events each is about.
import type { Joined } from "./joined.ts";

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

/** Labelled events of a row: of its time span, by the time that it goes by, and of its segment. */
export function eventsOf(row: GoldenRow, events: readonly Joined[], reference: readonly Joined[]): Joined[] {
  if (row.by === "reference") return reference.filter(({ label }) => label !== null);
  const from = row.start === undefined ? Number.NEGATIVE_INFINITY : Date.parse(row.start);
  const to = row.end === undefined ? Number.POSITIVE_INFINITY : Date.parse(row.end);
  return events.filter((event) => {
    const time = row.by === "prediction_time" ? event.predictedMillis : event.outcomeMillis;
    const ofSegment = row.segment === undefined || event.segment === row.segment;
    return event.label !== null && time >= from && time < to && ofSegment;
  });
}
