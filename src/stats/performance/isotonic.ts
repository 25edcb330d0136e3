// Isotonic regression: the nondecreasing sequence that is nearest to a given one.

/** A run of places that have one value. */
interface Block {
  value: number;
  weight: number;
  places: number;
}

/**
 * The nondecreasing sequence with the least weighted sum of squared differences to `values`, by pooling adjacent violators.
 *
 * In linear time. Places of weight 0 have no say (their value may be NaN): they get the mean of their nearest neighbours that have
 * weight, or of the only one. All NaN where no place has weight.
 * @param weights by place, at least 0
 * Source: M. Ayer, H. D. Brunk, G. M. Ewing, W. T. Reid and E. Silverman 1955.
 */
export function isotonic(values: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const heavy = Array.from({ length: values.length }, (_, place) => place).filter((place) => (weights[place] as number) > 0);
  const blocks: Block[] = [];
  for (const place of heavy) pool(blocks, { value: values[place] as number, weight: weights[place] as number, places: 1 });
  const fitted = new Float64Array(values.length).fill(Number.NaN);
  let next = 0;
  for (const { value, places } of blocks) {
    for (let count = 0; count < places; count++) fitted[heavy[next++] as number] = value;
  }
  fillGaps(fitted, heavy);
  return fitted;
}

function pool(blocks: Block[], last: Block): void {
  for (let before = blocks.at(-1); before !== undefined && before.value > last.value; before = blocks.at(-1)) {
    const weight = before.weight + last.weight;
    last.value += (before.value - last.value) * (before.weight / weight);
    last.weight = weight;
    last.places += before.places;
    blocks.pop();
  }
  blocks.push(last);
}

/** Between two places that are known the mean of both; outside of all the nearest. */
function fillGaps(fitted: Float64Array, known: readonly number[]): void {
  let at = 0;
  for (let place = 0; place < fitted.length; place++) {
    if (known[at] === place) {
      at += 1;
      continue;
    }
    const [below, above] = [known[at - 1], known[at]];
    const lower = fitted[below ?? above ?? place] as number;
    const upper = fitted[above ?? below ?? place] as number;
    fitted[place] = lower + (upper - lower) / 2;
  }
}
