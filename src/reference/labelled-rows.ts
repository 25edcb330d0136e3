// How well a model did, from rows that have labels: gone through twice, as a reference's rows are, in bounded memory and so that
// the order of rows does not matter. A first time to see which classes and horizons are the commonest, a second time to add up.
import type { LabelledPair, PairSettings } from "../performance/labelled-pair.ts";
import { addPair, foldNames, mostNames, unusablePairs } from "../performance/pairs.ts";
import type { PerformancePane } from "../performance/pane.ts";
import { Dictionary } from "../primitive/dictionary.ts";

/** Names that are told apart while it is seen which are the commonest. */
const mostSeen = 10_000;
/** Names that are not known are put together after so many pairs. */
const foldedTogether = 1000;

export class LabelledRows {
  readonly #settings: PairSettings;
  readonly #seenClasses = new Dictionary(mostSeen);
  readonly #seenHorizons = new Dictionary(mostSeen);
  #classes: ReadonlySet<string> = new Set();
  #horizons: ReadonlySet<string> = new Set();
  readonly #pane: PerformancePane = new Map();
  /** Pairs of the second look. */
  pairs = 0;

  constructor(settings: PairSettings) {
    this.#settings = settings;
  }

  /** First look. */
  survey({ prediction, label, horizon }: Pick<LabelledPair, "prediction" | "label" | "horizon">): void {
    this.surveyName(prediction);
    this.surveyName(label);
    if (horizon !== "") this.#seenHorizons.add(horizon);
  }

  /** First look, at a prediction or a label: what may be the name of a class. */
  surveyName(value: LabelledPair["label"]): void {
    if (typeof value === "string" || (value !== null && this.#settings.task === "multiclass"))
      this.#seenClasses.add(String(value));
  }

  /** Between the looks. */
  freeze(): void {
    this.#classes = commonest(this.#seenClasses);
    this.#horizons = commonest(this.#seenHorizons);
  }

  /** Second look. */
  count(pair: LabelledPair): void {
    addPair(this.#pane, pair, this.#settings);
    this.pairs += 1;
    if (this.pairs % foldedTogether === 0) this.#fold();
  }

  #fold(): void {
    foldNames(this.#pane, this.#classes, this.#horizons);
  }

  /** Pairs that say nothing. */
  get unusable(): number {
    return unusablePairs(this.#pane);
  }

  /** Of the second look; null without pairs. */
  pane(): PerformancePane | null {
    this.#fold();
    return this.pairs === 0 ? null : this.#pane;
  }
}

/** As many as a running model tells apart; "" is no name of a horizon. */
function commonest(seen: Dictionary): ReadonlySet<string> {
  const first = seen.commonest().slice(0, mostNames);
  return new Set(["", ...first.map(([name]) => name)]);
}
