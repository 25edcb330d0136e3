// What the sums of a part are called where people read them. A part is a sparse vector of numbered sums (`SumTable`): whoever fills
// one says here what the numbers mean, so that files can name them all.

/** Numbered sums, some for each place of a list, such as the cells of a histogram. */
export interface ListLayout {
  /** Names of what each place has, and the number of place 0; the number of place i is i further. */
  readonly amounts: Readonly<Record<string, number>>;
  /** Exact sums (`primitive/exact-sum.ts`) of each place, each as wide as one. */
  readonly exact: Readonly<Record<string, number>>;
  readonly places: number;
  /** What names of places are. */
  readonly called: string;
  /** What a place is called: the boundary of values by which it is told apart, or its number. */
  readonly nameOf: (place: number) => number;
  /** The place of a name; any number that is no place where there is none of that name. */
  readonly placeOf: (name: number) => number;
}

export interface Layout {
  /** Sums by name, and their numbers. */
  readonly amounts: Readonly<Record<string, number>>;
  /** Exact sums by name, and the numbers at which they begin. */
  readonly exact: Readonly<Record<string, number>>;
  readonly lists: Readonly<Record<string, ListLayout>>;
}
