// docs/calibration.md and its plot, from the results that are kept: the same of the same results.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { models, results, shorterCells, stableCells } from "./cells.ts";
import { frontierResults } from "./frontier.ts";
import { plot } from "./plot.ts";
import { casesOf, powerResults } from "./power.ts";
import { frontierTable, frontierVerdicts, powerTable, powerVerdicts } from "./power-report.ts";
import { publishedResults, publishedTable } from "./published.ts";
import { rateResults, rateTable } from "./rate-sizes.ts";
import { lengthTable } from "./reference-lengths.ts";
import { cellRates, shorterTable, signalTable, stableTable, stableVerdicts } from "./stable-report.ts";

const docs = join(dirname(fileURLToPath(import.meta.url)), "../../docs");
const [textPath, plotPath] = [join(docs, "calibration.md"), join(docs, "calibration.svg")];

interface Report {
  readonly text: string;
  readonly plot: string;
  readonly verdicts: readonly string[];
}

function report(): Report {
  const lines = results();
  const stable = cellRates(stableCells, lines);
  const shorter = cellRates(shorterCells, lines);
  const power = powerResults();
  const verdicts = [...stableVerdicts(stable), ...powerVerdicts(power), ...frontierVerdicts(frontierResults())];
  const text = [
    introduction(lines.length, power.length),
    howWords,
    "## What was asked of it",
    verdicts.join("\n"),
    "## Months without drift",
    stableWords,
    "![False alarms a model and month of each cell](calibration.svg)",
    stableTable(stable),
    "### Which signals were raised",
    signalTable(stable),
    "### Rates of states that come in clusters",
    rateWords,
    rateTable(rateResults()),
    "### Shorter references",
    shorterWords,
    lengthTable(),
    ...(shorter.length > 0 ? [shorterTable(shorter)] : []),
    "## How soon changes are found",
    powerWords,
    powerTable(power),
    "### One window more",
    frontierWords,
    frontierTable(frontierResults()),
    "## Published detectors with their defaults",
    publishedWords,
    publishedTable(publishedResults()),
  ].join("\n\n");
  return { text: `${text}\n`, plot: plot(stable), verdicts };
}

function introduction(stable: number, power: number): string {
  const all = stableCells.length * models.whole + shorterCells.length * models.shorter;
  const allPower = casesOf().length;
  const complete =
    stable === all && power === allPower ? "" : ` So far ${stable} of ${all} models and ${power} of ${allPower} delays.`;
  return `# Do the alarms keep their promise, and how soon do they come?

Written by \`npm run bench:calibration\`; every figure below is measured by it, through the code that runs in production.${complete}

A model version has one alarm, and \`false_alarms: 1/30d\` is promised for all of its signals together. Here models of 20 features are
simulated: a reference of 84 days, then months in which nothing drifts further than \`min_effect\`, with windows of 1 h (looked at
every minute), 24 h (every hour) and 7 d (every day). Every reference is another one, as references that happened to be unusual
cause false alarms, too.`;
}

const howWords = `What is simulated are counts by bin and minute. References, look-back, matching by hour of the day, p-values and the alarm itself
are the product's own code; \`tests/bench/calibration.test.ts\` compares its p-values with those of the exporter on the same events, to nine
digits. Looks that bounds show to be far from an alarm have no p-value computed; of one in 8,192 it is computed all the same, and a wrong
bound ends the run. Features are independent of each other, which makes for the most alarms. Sequential detectors, which have a tenth of
the budget, do not take part: what is measured of them is in [detectors.md](detectors.md). Independent events are dealt into some thousands of minutes beforehand, from which minutes are drawn.`;

const stableWords = `With \`min_effect\` 0 nothing differs from the reference and no rates are tolerated. With 0.02 and 0.1 the distribution of
every feature differs all the time by just that PSI (features take turns: up and down the bins, one bin more, one bin less, every other
bin), and the rates of missing values and nulls are higher by just what is tolerated. \`min_samples_per_degree\` is 20; of 1,000 events
an hour in 22 bins windows of an hour are tested every minute then, as they are with the default of 40. (With 50 they would look back
to three whole hours.) Intervals are of 95 %, widened where models differ more than chance would make them. *Time on* is the share of the time
in which the alarm was on, *p-values* that of the looks with one, of the window length that has the least. The rules in the last columns
look at windows of 1 h and 24 h once an hour: alarms a model and month, and the share of the time in which they hold.`;

const rateWords = `The rate of one hour's missing values or nulls against that of the reference: by how much more often than it says the
test rejects (levels in the last columns; 1.00 is right). Clusters that
differ in size have a heavier tail than their variance alone says: the size that counts there is the third cumulant over the variance, which
the test takes from the reference, too.`;

const shorterWords = `A shorter reference cannot tell of all windows how much they differ without drift; p-values are then missing, and with
them the alarms of that window. For 20 numeric features in three windows:`;

const powerWords = `A reference of 28 days, windows of 1 h and 24 h, 1,000 events an hour (sparse: 60); one of 20 features changes at a
random time of the day. Medians over 100 seeds with their quartiles, by \`min_effect\` and \`min_samples_per_degree\`: 20 is here
as the default of 40 is, with 50 windows of an hour look back to three. Bins are quantiles,
so that normal, log-normal and heavy-tailed features are one problem: their figures differ by chance only.
CUSUM is told the distributions before and after (not when), and keeps the same promise for one of twenty features. Changes are of the
latent normal variable: of a log-normal feature it is the mean of its logarithm.`;

const frontierWords = `Medians with \`min_samples_per_degree\` 20. In an hour there are too few values to tell a shift
by 0.25 standard deviations (PSI 0.06) from an accepted PSI of 0.02, and in a window of a day it has to last for half of the day. A window between
them finds it sooner, and costs the others a third of their budget, which is some minutes. (With 50 values a degree
a window of an hour looks back to three whole hours instead, and larger changes are found later.) Sequential detectors take no part
here; with them the whole alarm finds such a shift in 5.1 h, with windows of 1 h and 24 h alone ([detectors.md](detectors.md)).`;

const publishedWords = `On one feature's standardised values (DDM: whether they are above the median), 1,000 an hour, independent and with a
correlation of 0.9 from event to event. The promise of one alarm in 30 days for 20 features is 0.05 for one.`;

/** Writes it. @returns what holds and what does not */
export function writeReport(): readonly string[] {
  const { text, plot: picture, verdicts } = report();
  writeFileSync(textPath, text);
  writeFileSync(plotPath, picture);
  return verdicts;
}

/** Throws where the report is not that of the results. */
export function checkReport(): void {
  const { text, plot: picture } = report();
  if (readFileSync(textPath, "utf8") !== text) throw new Error("docs/calibration.md does not show the results of this code");
  if (readFileSync(plotPath, "utf8") !== picture) throw new Error("docs/calibration.svg does not show the results of this code");
}
