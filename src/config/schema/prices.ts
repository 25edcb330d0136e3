// The shape of a file of prices: what series, their samples, memory and disk cost in a month, by whoever asks for it.
import { lasting, list, number, section, text, type z } from "./terms.ts";

const price = number.min(0, "0 or above");
const amount = number.positive("above 0");

const offer = section({
  name: text,
  /** Active series. Where a series has more samples a minute than are included, it counts for as many times more. */
  series: section({ per_thousand: price, free: price.default(0), included_per_minute: amount.exactOptional() }).exactOptional(),
  /** Samples that are taken in. */
  samples: section({ per_million: price, free: price.default(0) }).exactOptional(),
  /** What is kept of them, for so long. */
  disk: section({ per_gb: price, retention: lasting("15d"), bytes_per_sample: amount.default(1.5) }).exactOptional(),
  /** Of a Prometheus of one's own. */
  memory: section({ per_gb: price }).exactOptional(),
}).superRefine(({ series, samples, disk, memory }, context) => {
  if ([series, samples, disk, memory].some((one) => one !== undefined)) return;
  context.addIssue({ code: "custom", message: "a price of at least one of series, samples, disk, memory" });
});

export const prices = section({
  currency: text,
  offers: list(offer, "a list of at least one offer, each with a name and what it asks for"),
});

export type Prices = z.output<typeof prices>;
export type Offer = Prices["offers"][number];
