// A pair of which nothing is said but what a test says.
import { type LabelledPair, noList } from "../../src/performance/labelled-pair.ts";

export function pairOf(fields: Partial<LabelledPair>): LabelledPair {
  return {
    weight: 1,
    score: Number.NaN,
    prediction: null,
    label: null,
    horizon: "",
    ...noList,
    ...fields,
  };
}
