// One pass over rows: takes them from whatever reads them, counts what is passed over and what is wrong, and remembers the
// first of these by name.
import type { OutcomeEvent, PredictionEvent } from "../../event/event.ts";
import type { Frame } from "../../event/frame.ts";
import type { Schema } from "../../event/schema.ts";

/** Bad rows that are named. */
const named = 5;

/** What rows are read for: the one model, and of it one version; null: all. */
export interface Wanted {
  readonly model: string;
  readonly version: string | null;
}

export interface PassCounts {
  rows: number;
  /** Outcomes of the model that are events of their own. */
  outcomes: number;
  /** Of other models or versions, or neither predictions nor outcomes. */
  others: number;
  /** Bad rows by reason. */
  readonly bad: Map<string, number>;
  /** The first bad rows, in words. */
  readonly examples: string[];
  /** What was not read at all, in words. */
  readonly notes: string[];
}

/** Where rows go. */
export interface RowTarget {
  /** Rows are put into the frame, by the schema. */
  readonly schema: Schema;
  readonly frame: Frame;
  /** Whether rows are asked for their ids. */
  readonly ids: boolean;
  /** The frame holds a row. @param id "" where it has none, or tables were not asked for theirs */
  row(segment: PredictionEvent["segment"], id: string): void;
  outcome(event: OutcomeEvent): void;
  /** Is told how much of all is done, in [0, 1]. */
  progress(share: number): void;
}

export class RowPass {
  readonly wanted: Wanted;
  readonly target: RowTarget;
  readonly counts: PassCounts = { rows: 0, outcomes: 0, others: 0, bad: new Map(), examples: [], notes: [] };

  constructor(wanted: Wanted, target: RowTarget) {
    this.wanted = wanted;
    this.target = target;
  }

  /** The frame holds a row. */
  take(segment: PredictionEvent["segment"], id: string): void {
    this.counts.rows += 1;
    this.target.row(segment, id);
  }

  /** A prediction, unless it is of another model or version. @param timeMillis its time; NaN where it has none */
  takeEvent(event: PredictionEvent, timeMillis: number): void {
    const { model, version } = this.wanted;
    if (event.model !== model || (version !== null && event.version !== version)) {
      this.other();
      return;
    }
    const { frame, schema } = this.target;
    frame.timeMillis = timeMillis;
    frame.failed = event.failed;
    frame.weight = event.weight;
    schema.extract(event, frame);
    this.take(event.segment, event.id);
  }

  /** An outcome, unless it is of another model or version; most do not say of which version. */
  takeOutcome(event: OutcomeEvent): void {
    const { model, version } = this.wanted;
    if (event.model !== model || (version !== null && event.version !== "" && event.version !== version)) {
      this.other();
      return;
    }
    this.counts.outcomes += 1;
    this.target.outcome(event);
  }

  other(): void {
    this.counts.others += 1;
  }

  progress(share: number): void {
    this.target.progress(share);
  }

  /** @param place where the row stands, in words */
  bad(reason: string, place: () => string, detail: string): void {
    const { bad, examples } = this.counts;
    bad.set(reason, (bad.get(reason) ?? 0) + 1);
    if (examples.length < named) examples.push(`${place()}: ${detail}`);
  }

  get badRows(): number {
    return [...this.counts.bad.values()].reduce((sum, count) => sum + count, 0);
  }
}
