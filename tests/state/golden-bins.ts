// The bins of the reference numbers of other software, and a configuration that has them.

export interface GoldenBins {
  readonly feature: string;
  readonly kind: "numeric" | "categorical";
  readonly edges?: readonly number[];
  readonly bins?: readonly string[];
  readonly others?: readonly string[];
  readonly reference_counts: readonly number[];
}
/** The bins of the reference numbers as a configuration. */
export function configFor(model: string, bins: readonly GoldenBins[], windows: readonly string[], defaults = {}): string {
  const features = Object.fromEntries(
    bins.map((row) => {
      if (row.kind === "numeric") return [row.feature, { type: "numeric", edges: row.edges }];
      const categories = (row.bins ?? []).filter((bin) => bin !== "other" && bin !== "unseen");
      return [row.feature, { type: "categorical", categories, other_categories: row.others ?? [] }];
    }),
  );
  return JSON.stringify({
    source: { file: { paths: ["-"] } },
    defaults: { windows, ...defaults },
    models: { [model]: { features } },
  });
}
