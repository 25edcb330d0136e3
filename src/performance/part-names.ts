// Names of the parts of a pane. What decides the meaning of a part is in its name: under other settings others are filled and read.
import type { PairSettings } from "./labelled-pair.ts";

interface PartNames {
  /** By threshold, the model's own decisions first. */
  readonly decisions: readonly string[];
  readonly scores: string;
  /** Before the horizon. */
  readonly errors: string;
}

export const labelledPart = "labelled";
export const unusablePart = "unusable";
export const lossPart = "losses";
/** What stands before what a part is about. */
export const decisionPrefix = "decision ";
export const scorePrefix = "score ";
export const errorPrefix = "error ";
/** Before the names of a label and a prediction, which are JSON so that no name can look like two. */
export const classPrefix = "class ";

/** Scores by class, and of the class that was decided for. */
export const classScoresPart = "scores of classes";
export const confidencePart = "confidence";
/** Before the name of a class that is told from all others. */
export const onePrefix = "one against all ";
export const requestsPart = "requests";

const known = new WeakMap<PairSettings, PartNames>();

export function partNames(settings: PairSettings): PartNames {
  let names = known.get(settings);
  if (names === undefined) {
    const { positive, thresholds, percentageFloor } = settings;
    const [first = null, ...further] = thresholds;
    names = {
      decisions: [first, ...further].map((threshold) => decisionPrefix + JSON.stringify([positive, threshold])),
      scores: scorePrefix + JSON.stringify([positive]),
      errors: `${errorPrefix}${percentageFloor} `,
    };
    known.set(settings, names);
  }
  return names;
}

/** The name of the part that has the model's decisions. */
export function decisionsPart(settings: PairSettings): string {
  return partNames(settings).decisions[0] as string;
}

/** The name of the part that has the scores of pairs. */
export function scoresPart(settings: PairSettings): string {
  return partNames(settings).scores;
}

/** What stands behind the floor in the name of a part of errors. */
export function horizonOf(name: string): string {
  return name.slice(name.indexOf(" ", errorPrefix.length) + 1);
}
