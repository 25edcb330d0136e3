// What an estimate has to be told because neither the configuration nor a reference says it.

export interface Assumptions {
  /** Versions of a model that are live at once: those that had a prediction within `defaults.expire`. */
  readonly versions: number;
  /** The same of single models. */
  readonly versionsOf: ReadonlyMap<string, number>;
  /** Values of each attribute that segments are made of. */
  readonly segmentValues: number;
  /** Features of a model that names none; every fourth is a category. */
  readonly features: number;
  readonly categories: number;
  /** Classes of a model of several. */
  readonly classes: number;
  /** Horizons of a forecast. */
  readonly horizons: number;
  /** Models that the configuration does not list. */
  readonly unlisted: number;
  /** Partitions of each topic. */
  readonly partitions: number;
}

/** A release takes a while, so two versions are live; the rest is what models mostly have. */
export const usualAssumptions: Assumptions = {
  versions: 2,
  versionsOf: new Map(),
  segmentValues: 5,
  features: 20,
  categories: 10,
  classes: 3,
  horizons: 1,
  unlisted: 0,
  partitions: 6,
};
