// What a board says, before it is Grafana's: panels with their questions. Whoever adds a panel has to say what it shows, in
// which unit, and why it may be empty.
import type { Variable } from "./variables.ts";

/** One question to Prometheus. */
export interface Query {
  readonly expr: string;
  /** The name of its series, as in `{{version}}`; of a table the title of its column. */
  readonly name: string;
  /** The alert whose limit this is: it is drawn as one. */
  readonly limitOf?: string;
  /** In a table: the unit of its column, if not that of the panel. */
  readonly unit?: string;
  readonly decimals?: number;
  /** In a table: values from which on the cell is coloured. */
  readonly steps?: readonly Step[];
}

/** From a value on (null: from the lowest) this colour. */
export type Step = readonly [from: number | null, color: "green" | "orange" | "red" | "blue" | "text"];

interface PanelText {
  readonly title: string;
  /** What it shows and what to do about it. */
  readonly description: string;
  /** Why there may be nothing: what the panel says in place of "No data", which must not look like a zero. */
  readonly noData: string;
  /** A unit of Grafana's. */
  readonly unit: string;
  readonly decimals?: number;
  readonly queries: readonly Query[];
  /** Columns of the 24 that a board has. */
  readonly width: number;
  readonly height?: number;
  readonly min?: number;
  readonly max?: number;
  /** Shown once for each value of this variable. */
  readonly repeat?: Variable;
}

/** Lines over time. */
export interface Lines extends PanelText {
  readonly kind: "lines";
  readonly stacked?: boolean;
  /** On an axis of powers of ten. */
  readonly log?: boolean;
  /** A number that an alert compares with, where rules have it as a number: drawn as a line. */
  readonly limit?: { readonly alert: string; readonly value: number };
  /** Two queries by their places: the area between them is filled. */
  readonly band?: readonly [lower: number, upper: number];
}

/** The newest value of each series, large. */
export interface Stat extends PanelText {
  readonly kind: "stat";
  readonly steps?: readonly Step[];
  /** Words in place of values. */
  readonly words?: Readonly<Record<string, { readonly text: string; readonly color: Step[1] }>>;
  /** The alert whose number the steps are. */
  readonly limit?: { readonly alert: string; readonly value: number };
  /** What is shown for each series, if not its value alone. */
  readonly show?: "value" | "value_and_name" | "name";
  /** Where a click on it leads. */
  readonly link?: Link;
}

/** The newest values as rows; queries are joined by their labels. */
export interface Table extends PanelText {
  readonly kind: "table";
  /** Labels that become columns, in their order, by their titles. */
  readonly labels: Readonly<Record<string, string>>;
  /** Where a click on a label leads. */
  readonly links?: Readonly<Record<string, Link>>;
  /** The title of the column that rows are sorted by, greatest first. */
  readonly sortBy?: string;
}

/** The newest values as bars, beside each other by a label. */
export interface Bars extends PanelText {
  readonly kind: "bars";
  readonly by: string;
  /** Whether that label is a number, which orders the bars. */
  readonly numeric?: boolean;
}

/** A state over time, a line for each series. */
export interface Timeline extends PanelText {
  readonly kind: "timeline";
  readonly words: Readonly<Record<string, { readonly text: string; readonly color: Step[1] }>>;
}

export type Panel = Lines | Stat | Table | Bars | Timeline;

/** Another board, and what it is to show: variables by their names, with labels of the row or series that is clicked. */
export interface Link {
  readonly board: string;
  /** Names of variables that get the value of the label of the same name. */
  readonly labels?: readonly string[];
  /** Names of variables that stay as they are on this board. */
  readonly keep?: readonly string[];
}

export interface Row {
  readonly title: string;
  /** Closed until somebody asks for it. */
  readonly collapsed?: boolean;
  readonly panels: readonly Panel[];
}

export interface Board {
  readonly uid: string;
  readonly title: string;
  /** Whom it is for. */
  readonly audience: string;
  /** What it answers: the questions to ask it. */
  readonly questions: readonly string[];
  readonly variables: readonly Variable[];
  /** What has happened, over all panels. */
  readonly annotations: "models" | "alerts" | "none";
  readonly rows: readonly Row[];
  /** How much time is shown at first. */
  readonly from?: string;
}
