// The shape of `models.*.features`: what is known of features.
import { choice, flag, inAnyCase, list, named, number, section, text, unlessRepeated, z } from "./terms.ts";

/** Names of the bins of categories that are not listed. */
const reservedCategories: readonly string[] = ["__other__", "__unseen__"];

const mostEdges = 255;

const category = z.string("a text").refine((name) => !reservedCategories.includes(name), "a name that is reserved");

const categories = (words: string) => z.array(category, words).superRefine(unlessRepeated);

const rangeWords = "a range is two numbers, the lower one first";
const range = z.tuple([number, number], rangeWords).refine(([low, high]) => low < high, rangeWords);

const edges = list(number, "a list of at least one number")
  .max(mostEdges, `at most ${mostEdges} edges`)
  .refine(
    (all) => all.every((edge, index) => index === 0 || edge > (all[index - 1] as number)),
    "edges ascend, none comes twice",
  );

const feature = section({
  type: choice(["numeric", "categorical"]).optional(),
  required: flag.optional(),
  range: range.optional(),
  edges: edges.optional(),
  categories: categories("a list of texts").min(1, "a list of at least one text").optional(),
  other_categories: categories("a list of texts").optional(),
  observations: flag.optional(),
  importance: z.number("a number, 0 or above").min(0, "a number, 0 or above").optional(),
}).superRefine((value, context) => {
  const { type, categories, other_categories: others } = value;
  const refuse = (key: string, message: string): void => context.addIssue({ code: "custom", path: [key], message });
  const numeric = (["range", "edges"] as const).find((key) => value[key] !== undefined);
  if (type === "categorical" && numeric !== undefined) refuse(numeric, "for a numeric feature only");
  if (type === "numeric" && categories !== undefined) refuse("categories", "for a categorical feature only");
  if (numeric !== undefined && categories !== undefined) refuse("categories", `not together with ${numeric}`);
  if (others === undefined) return;
  if (categories === undefined) refuse("other_categories", "only beside categories");
  if (!Array.isArray(others) || !Array.isArray(categories)) return;
  const both = others.find((name) => categories.includes(name));
  if (both !== undefined) refuse("other_categories", `${JSON.stringify(both)} is among the categories too`);
}, inAnyCase);

export const features = named(feature).superRefine(
  (all: Readonly<Record<string, Partial<z.output<typeof feature>> | null>>, context) => {
    for (const [name, said] of Object.entries(all)) {
      const categorical = said?.type === "categorical" || said?.categories !== undefined;
      if (name.startsWith("$score") && categorical) {
        context.addIssue({ code: "custom", path: [name], message: "scores are numeric" });
      }
    }
  },
  inAnyCase,
);

export const segments = z.array(text, "a list of attributes of events, as in [channel]").superRefine(unlessRepeated);
