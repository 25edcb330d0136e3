// Pairs of a minute that closes, by the cohort of their predictions: labels of a minute are of the few cohorts that a horizon reaches.
import { OpenPairs } from "../performance/open-pairs.ts";
import { NearStarts } from "../window/near-starts.ts";
import { paneStart } from "../window/resolution.ts";

/** Cohorts in a row that are found without a search. */
const startsNear = 8;

export class OpenCohorts {
  readonly #widthMillis: number;
  /** Null as long as there are none: most open minutes never have any. */
  #all: NearStarts<OpenPairs> | null = null;

  /** @param widthMillis of a cohort */
  constructor(widthMillis: number) {
    this.#widthMillis = widthMillis;
  }

  /** By start. */
  get all(): ReadonlyMap<number, OpenPairs> {
    return this.#all?.all ?? new Map();
  }

  /** What takes pairs of predictions of this time. */
  of(predictedMillis: number): OpenPairs {
    return this.at(paneStart(predictedMillis, this.#widthMillis));
  }

  /** That of the cohort which starts then. */
  at(start: number): OpenPairs {
    this.#all ??= new NearStarts(this.#widthMillis, startsNear);
    let cohort = this.#all.get(start);
    if (cohort === undefined) {
      cohort = new OpenPairs();
      this.#all.set(start, cohort);
    }
    return cohort;
  }
}
