// The kinds of parts that a pane of pairs has, and what each is about, as fields for people: so that a file can name every part.
import { decisionLayout, scoreLayout } from "./binary.ts";
import { classScoreLayout } from "./class-scores.ts";
import { classLayout } from "./classes.ts";
import { errorLayout } from "./errors.ts";
import type { Layout } from "./layout.ts";
import { lossLayout } from "./loss-cells.ts";
import {
  classPrefix,
  classScoresPart,
  confidencePart,
  decisionPrefix,
  errorPrefix,
  horizonOf,
  labelledPart,
  lossPart,
  onePrefix,
  requestsPart,
  scorePrefix,
  unusablePart,
} from "./part-names.ts";
import { requestLayout } from "./requests.ts";

export type PartField = number | string | null;

export interface PartKind {
  /** What parts of the kind are called together. */
  readonly called: string;
  /** Names of what a part is about, and which values each may have. */
  readonly fields: Readonly<Record<string, readonly ("number" | "text" | "null")[]>>;
  readonly layout: Layout;
  /** The values of the fields in a part's name; null where the part is of another kind. */
  fieldsOf(name: string): readonly PartField[] | null;
  nameOf(fields: readonly PartField[]): string;
}

const countLayout: Layout = { amounts: { weight: 0 }, exact: {}, lists: {} };

/** In the order in which files have them. */
export const partKinds: readonly PartKind[] = [
  single("labelled", labelledPart, countLayout),
  single("unusable", unusablePart, countLayout),
  inJson("decisions", decisionPrefix, { positive: ["number", "text", "null"], threshold: ["number", "null"] }, decisionLayout),
  inJson("scores", scorePrefix, { positive: ["number", "text", "null"] }, scoreLayout),
  single("class_scores", classScoresPart, classScoreLayout),
  single("confidence", confidencePart, scoreLayout),
  inJson("one_against_all", onePrefix, { class: ["text"] }, scoreLayout),
  single("requests", requestsPart, requestLayout),
  inJson("classes", classPrefix, { label: ["text"], prediction: ["text"] }, classLayout),
  {
    called: "errors",
    fields: { percentage_floor: ["number"], horizon: ["text"] },
    layout: errorLayout,
    fieldsOf(name) {
      if (!name.startsWith(errorPrefix)) return null;
      const horizon = horizonOf(name);
      return [Number(name.slice(errorPrefix.length, name.length - horizon.length - 1)), horizon];
    },
    nameOf: ([floor, horizon]) => `${errorPrefix}${floor} ${horizon}`,
  },
  single("losses", lossPart, lossLayout),
];

/** Of which there is one part at most. */
function single(called: string, partName: string, layout: Layout): PartKind {
  return { called, fields: {}, layout, fieldsOf: (name) => (name === partName ? [] : null), nameOf: () => partName };
}

/** Whose fields stand behind a prefix as JSON. */
function inJson(called: string, prefix: string, fields: PartKind["fields"], layout: Layout): PartKind {
  return {
    called,
    fields,
    layout,
    fieldsOf: (name) => (name.startsWith(prefix) ? (JSON.parse(name.slice(prefix.length)) as PartField[]) : null),
    nameOf: (values) => prefix + JSON.stringify(values),
  };
}
