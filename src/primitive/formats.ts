// Reads what primitives are written as in the format that a snapshot has: the current one, or the one before.
//
// Format 1 knew neither weights nor targets: every value counted as one, and had no target. Its bins kept sums about their
// anchors, in units of the scale / 2^26.
import { BinCounts } from "./bin-counts.ts";
import type { NumericBins } from "./bins.ts";
import { type Reader, readAll } from "./bytes.ts";
import { CategoryCounts } from "./category-counts.ts";
import { Dictionary, Tally } from "./dictionary.ts";
import { HyperLogLog } from "./hyperloglog.ts";
import { maxCells, NumberSketch } from "./sketch.ts";
import { bucketKeys, type Cell } from "./sketch-cell.ts";

const noTargets = { targetCount: 0, targetHigh: 0, targetLow: 0 } as const;

/**
 * Of an open pane, which goes on where it was; format 1 had the same for all.
 * @param cut whether its feature's edges are given; others had whole buckets
 */
export function readSketch(reader: Reader, cut: boolean): NumberSketch {
  if (reader.format !== 1) return NumberSketch.decode(reader, maxCells);
  const resolution = cut ? "cut" : 0;
  const overflow = reader.unsigned();
  let key = 0;
  const cells = readAll(reader, (): Cell => {
    key += reader.integer();
    const bucket = Math.floor(key / bucketKeys);
    const [count, positions, squares] = [reader.float(), reader.float(), reader.float()];
    return { bucket, slice: key - bucket * bucketKeys, resolution, count, positions, squares, ...noTargets };
  });
  return NumberSketch.of(cells, resolution, overflow, sumOf(cells.map(({ count }) => count)));
}

export function readDictionary(reader: Reader, limit: number): Dictionary {
  if (reader.format !== 1) return Dictionary.decode(reader, limit);
  const rest = tallyOf(reader.unsigned());
  const tallies = readAll(reader, () => [reader.text(), tallyOf(reader.unsigned())] as const);
  return Dictionary.of(tallies, rest, sumOf([rest, ...tallies.map(([, tally]) => tally)].map(({ count }) => count)), limit);
}

/** @param bins that the counts are of; null: they are not known, which no state is written with */
export function readBinCounts(reader: Reader, bins: NumericBins | null): BinCounts {
  if (bins === null) throw new RangeError("counts of unknown bins");
  if (reader.format !== 1) return BinCounts.decode(reader, bins);
  const values = [...reader.floats()];
  const many = values.length / 3;
  if (bins.anchors.length !== many) throw new RangeError(`counts of ${many} bins, not of ${bins.anchors.length}`);
  const [count, shifted, squares] = [0, 1, 2].map((part) => values.slice(part * many, (part + 1) * many)) as [
    number[],
    number[],
    number[],
  ];
  const sums = shifted.map((sum, bin) => {
    return (count[bin] as number) * (bins.anchors[bin] as number) + (sum / 2 ** 26) * (bins.scales[bin] as number);
  });
  const scaled = squares.map((sum, bin) => (sum / 2 ** 26) * (bins.scales[bin] as number) ** 2);
  return BinCounts.ofSums(bins, count, sums, scaled);
}

export function readCategoryCounts(reader: Reader): CategoryCounts {
  if (reader.format !== 1) return CategoryCounts.decode(reader);
  const count = readAll(reader, () => reader.unsigned());
  const none = count.map(() => 0);
  const unseenValues = count.at(-1) ?? 0;
  return CategoryCounts.of({
    count,
    targetCount: none,
    targetHigh: none,
    targetLow: none,
    weightSquares: sumOf(count),
    unseenValues,
  });
}

export function readHyperLogLog(reader: Reader): HyperLogLog {
  if (reader.format !== 1) return HyperLogLog.decode(reader);
  const sketch = new HyperLogLog();
  for (let left = reader.unsigned(); left > 0; left--) sketch.raise(reader.unsigned(), reader.unsigned());
  return sketch;
}

function tallyOf(values: number): Tally {
  const tally = new Tally();
  tally.count = values;
  tally.values = values;
  return tally;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
