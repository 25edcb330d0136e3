// Predictions with their outcomes, joined by id in memory: the first outcome of an id counts. For comparisons only.

export interface Joined {
  readonly predictedMillis: number;
  /** NaN, and the label null, where no outcome came. */
  readonly outcomeMillis: number;
  readonly label: number | string | null;
  readonly score: number;
  readonly scores: Readonly<Record<string, number>>;
  readonly prediction: number | string;
  /** As `name=value`, empty without. */
  readonly segment: string;
}

interface Line {
  readonly type?: "prediction" | "outcome";
  readonly id: string;
  readonly time: string;
  readonly score?: number;
  readonly scores?: Readonly<Record<string, number>>;
  readonly prediction?: number | string;
  readonly label?: number | string | null;
  readonly segment?: Readonly<Record<string, string>>;
}

const parsed = (text: string): Line[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);

function joined(line: Line, outcome: Line | undefined): Joined {
  const segment = Object.entries(line.segment ?? {}).map(([name, value]) => `${name}=${value}`);
  return {
    predictedMillis: Date.parse(line.time),
    outcomeMillis: outcome === undefined ? Number.NaN : Date.parse(outcome.time),
    label: outcome?.label ?? null,
    score: line.score ?? Number.NaN,
    scores: line.scores ?? {},
    prediction: line.prediction ?? Number.NaN,
    segment: segment.join(),
  };
}

/** A stream's predictions, in its order. */
export function joinEvents(text: string): Joined[] {
  const lines = parsed(text);
  const outcomes = new Map<string, Line>();
  for (const line of lines) {
    if (line.type === "outcome" && !outcomes.has(line.id)) outcomes.set(line.id, line);
  }
  return lines.filter(({ type }) => type === "prediction").map((line) => joined(line, outcomes.get(line.id)));
}

/** A reference's rows, which bring their labels with them. */
export function referenceRows(text: string): Joined[] {
  return parsed(text).map((line) => joined(line, line));
}
