// How often the sequential detectors alarm without a reason, and how soon with one: simulated streams of one feature, in panes of
// a minute, through the code that runs in production. Prints the tables of docs/detectors.md; with --smoke of a few runs, to see that it
// works.
import { mix, Random } from "../src/source/simulator/random.ts";
import { createHistogramDetector, histogramBaseline, orderOf, stepHistogramDetector } from "../src/stats/histogram-detector.ts";
import { createRateDetector, rateBaseline, stepRateDetector } from "../src/stats/rate-detector.ts";
import { arrivals, autoregressive, clustered, independent, type Traffic } from "./detector-traffic.ts";
import { binsOfNormal, changed, normalEdges, psiOf, shiftOf } from "./test-sizes-traffic.ts";

const seed = 7;
const smoke = process.argv[2] === "--smoke";
const valuesOfReference = 28_000;
const [usualRate, highRate] = [1000 / 60, 500];

/** One detector with its reference: a pane's counts in, ln M out. */
interface Detector {
  step(counts: Float64Array): number;
  startAnew(): void;
}

type DetectorOf = (reference: Float64Array, overdispersion: number) => Detector;

/** @param ordered whether bins have an order, as those of numbers have and categories have not */
const histogram = (accepted: number, ordered: boolean): DetectorOf => {
  return (counts, overdispersion) => {
    const detector = createHistogramDetector(counts.length, ordered);
    const reference = { counts, size: valuesOfReference };
    const baseline = histogramBaseline(reference, accepted, overdispersion, ordered ? orderOf(reference, overdispersion) : null);
    let minutes = 0;
    return {
      step: (pane) => stepHistogramDetector(detector, pane, 1, baseline, Math.floor(minutes++ / 60)),
      startAnew: () => detector.logEvidence.fill(Number.NEGATIVE_INFINITY),
    };
  };
};

/** Of the values in the second of two bins. */
const rate = (tolerance: number): DetectorOf => {
  return (reference, overdispersion) => {
    const detector = createRateDetector();
    const hits = reference[1] as number;
    const baseline = rateBaseline({ count: hits, size: valuesOfReference }, tolerance, overdispersion);
    return {
      step: (counts) =>
        stepRateDetector(detector, { count: counts[1] as number, size: (counts[0] as number) + (counts[1] as number) }, baseline),
      startAnew: () => detector.fill(Number.NEGATIVE_INFINITY),
    };
  };
};

interface Case {
  readonly name: string;
  readonly detector: DetectorOf;
  readonly law: Float64Array;
  readonly now: Float64Array;
  readonly traffic: Traffic;
  readonly valuesAMinute: number;
}

const edges = new Map([10, 20].map((bins) => [bins, normalEdges(bins, 1)]));
const edgesOf = (bins: number): Float64Array => edges.get(bins) as Float64Array;
const usual = (bins: number): Float64Array => binsOfNormal(0, edgesOf(bins));
const twoBins = (share: number): Float64Array => Float64Array.of(1 - share, share);

/** Draws a reference, then panes of the law and, from the change on, of another. */
function start({ detector, law, now, traffic, valuesAMinute }: Case, random: Random) {
  const reference = new Float64Array(law.length);
  traffic.stream(random, law)(valuesOfReference, reference);
  const running = detector(reference, traffic.overdispersion);
  const [before, after] = [traffic.stream(random, law), traffic.stream(random, now)];
  const counts = new Float64Array(law.length);
  const minute = (isChanged: boolean): number => {
    counts.fill(0);
    (isChanged ? after : before)(arrivals(random, valuesAMinute), counts);
    return running.step(counts);
  };
  return { minute, startAnew: running.startAnew };
}

/** Minutes that are simulated for each line of false alarms, by so many references. */
const [minutesWithout, referencesWithout] = smoke ? [2000, 1] : [300_000, 30];
/** One false alarm in so many minutes is allowed here: often enough that a few would be seen. */
const allowedMinutes = 1000;

function falseAlarms(one: Case): string {
  let [alarms, greatest] = [0, Number.NEGATIVE_INFINITY];
  for (let run = 0; run < referencesWithout; run++) {
    const { minute, startAnew } = start(one, new Random(mix(seed, run)));
    for (let at = 0; at < minutesWithout / referencesWithout; at++) {
      const logEvidence = minute(true);
      greatest = Math.max(greatest, logEvidence);
      if (logEvidence < Math.log(allowedMinutes)) continue;
      alarms += 1;
      startAnew();
    }
  }
  return `${one.name} | ${one.traffic.name} | ${alarms} of ${minutesWithout / allowedMinutes} | ${greatest.toFixed(1)}`;
}

const changes = smoke ? 2 : 200;
const threshold = Math.log(3e7);
/** Minutes before the change and, at most, after it. */
const [warmUp, mostMinutes] = [200, 2880];

function delay(one: Case, random: Random): number {
  const { minute } = start(one, random);
  for (let at = 0; at < warmUp; at++) minute(false);
  for (let at = 1; at <= mostMinutes; at++) if (minute(true) >= threshold) return at;
  return Number.POSITIVE_INFINITY;
}

function delays(one: Case): string {
  const all = Array.from({ length: changes }, (_, run) => delay(one, new Random(mix(seed, run)))).sort((a, b) => a - b);
  const quantile = (share: number): string => {
    const minutes = all[Math.floor(share * changes)] as number;
    return Number.isFinite(minutes) ? `${minutes} min` : "never";
  };
  return `${one.name} | ${Math.round(one.valuesAMinute * 60)} | ${quantile(0.5)} | ${quantile(0.9)}`;
}

const shares = (accepted: number, bins: number, ordered = true): string =>
  `${bins} ${ordered ? "bins" : "categories"}, tolerance ${accepted}`;

/** Laws that are no drift: the reference's own, and at the edge of the tolerance by a shift or by one bin that grows. */
function unchanged(traffic: Traffic): Case[] {
  const base = { traffic, valuesAMinute: usualRate };
  const still = (accepted: number, bins: number): Case => {
    return {
      ...base,
      name: `${shares(accepted, bins)}: as the reference`,
      detector: histogram(accepted, true),
      law: usual(bins),
      now: usual(bins),
    };
  };
  const shifted = (accepted: number): Case => {
    const now = binsOfNormal(shiftOf(edgesOf(10), 1, accepted), edgesOf(10));
    return {
      ...base,
      name: `${shares(accepted, 10)}: shift by PSI ${accepted}`,
      detector: histogram(accepted, true),
      law: usual(10),
      now,
    };
  };
  const rates = (tolerance: number): Case => {
    const [law, now] = [twoBins(0.01), twoBins(0.01 + tolerance)];
    return {
      ...base,
      name: `rate 1 % -> ${(1 + tolerance * 100).toFixed(0)} %, tolerance ${tolerance}`,
      detector: rate(tolerance),
      law,
      now,
    };
  };
  return [
    still(0, 10),
    still(0.02, 10),
    still(0.02, 20),
    shifted(0.02),
    shifted(0.1),
    oneBinGrows(base, 0.1),
    rates(0),
    rates(0.01),
  ];
}

/** One rare category grows: here chi-square is several times the PSI that is accepted. */
function oneBinGrows(base: Pick<Case, "traffic" | "valuesAMinute">, accepted: number): Case {
  const law = Float64Array.of(0.01, ...new Array<number>(9).fill(0.11));
  const sizes = Array.from({ length: 1000 }, (_, step) => step / 1000);
  const size = sizes.findLast((step) => psiOf(law, changed(law, "one up", step)) <= accepted) as number;
  const name = `${shares(accepted, 10, false)}: one of 1 % grows by PSI ${accepted}`;
  return { ...base, name, detector: histogram(accepted, false), law, now: changed(law, "one up", size) };
}

function changesOf(valuesAMinute: number): Case[] {
  const base = { traffic: independent, valuesAMinute };
  const shift = (by: number, accepted: number, bins: number, ordered = true): Case => {
    const now = binsOfNormal(by, edgesOf(bins));
    return {
      ...base,
      name: `${shares(accepted, bins, ordered)}: shift of ${by} sd`,
      detector: histogram(accepted, ordered),
      law: usual(bins),
      now,
    };
  };
  const spread = (by: number, accepted: number, bins: number, ordered = true): Case => ({
    ...base,
    name: `${shares(accepted, bins, ordered)}: spread times ${by}`,
    detector: histogram(accepted, ordered),
    law: usual(bins),
    now: binsOfNormal(
      0,
      edgesOf(bins).map((edge) => edge / by),
    ),
  });
  const rise = (what: string, from: number, to: number, tolerance: number): Case => {
    return {
      ...base,
      name: `rate, tolerance ${tolerance}: ${what}`,
      detector: rate(tolerance),
      law: twoBins(from),
      now: twoBins(to),
    };
  };
  return [
    shift(0.5, 0.02, 10),
    shift(0.5, 0.02, 10, false),
    shift(0.5, 0.02, 20),
    shift(0.25, 0.02, 10),
    shift(0.25, 0.02, 10, false),
    spread(1.2, 0.02, 10),
    spread(1.2, 0.02, 10, false),
    shift(0.5, 0.1, 10),
    shift(0.5, 0.1, 10, false),
    shift(1, 0.1, 10),
    rise("unseen 0 % -> 20 %", 0, 0.2, 0.01),
    rise("unseen 0 % -> 5 %", 0, 0.05, 0.01),
    rise("missing 1 % -> 5 %", 0.01, 0.05, 0.01),
    rise("missing 1 % -> 5 %", 0.01, 0.05, 0),
    rise("missing 5 % -> 8 %", 0.05, 0.08, 0),
    rise("wrong type 0 % -> 1 %", 0, 0.01, 0.001),
  ];
}

const print = (line: string): boolean => process.stdout.write(`| ${line} |\n`);

print("no drift | values | alarms of those allowed | greatest ln M");
print("---|---|---|---");
for (const traffic of [independent, autoregressive, clustered]) for (const one of unchanged(traffic)) print(falseAlarms(one));
process.stdout.write("\n");
print("change | values an hour | found after, median | 9 of 10 within");
print("---|---|---|---");
for (const one of [...changesOf(usualRate), ...changesOf(highRate)]) print(delays(one));
