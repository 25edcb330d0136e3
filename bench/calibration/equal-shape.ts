// Twenty bins of 5 %, for a change of just one of them.
import type { Shape } from "./shape.ts";

const bins = 20;

/** Categories, of which the last bin is that of the others. */
export function equalShape(): Shape {
  const probabilities = new Float64Array(bins).fill(1 / bins);
  const names = Array.from({ length: bins - 1 }, (_, at) => `c${at}`);
  return {
    bins: null,
    categories: { names, others: new Set(["another"]), open: false },
    binCount: bins + 1,
    testedBins: bins,
    latentEdges: null,
    probabilities: () => probabilities,
  };
}
