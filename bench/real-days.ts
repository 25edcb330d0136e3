// Drift of real flights (January to March against April to June) with p-values that know how days vary, beside plain thresholds.
// Writes docs/real-days.md.
//
//   node bench/real-days.ts FOLDER      the folder of the reference data, with flights-q2
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Dispersion, dispersionOf } from "../src/stats/dispersion.ts";
import { dispersedAndersonDarling, dispersedDifference, dispersedMinEffect } from "../src/stats/dispersion-tests.ts";
import { psi } from "../src/stats/psi.ts";
import { type Sample, total } from "../src/stats/sample.ts";
import { realAlarms } from "./real-alarms.ts";
import { type Feature, features, ksRejects, otherIsKnown, panesOf, type Row, rowsOf } from "./real-days-data.ts";
import { type FeatureDays, story } from "./real-days-story.ts";

const hourMillis = 3_600_000;
const dayMillis = 24 * hourMillis;
const accepted = 0.1;

type Panes = ReturnType<typeof panesOf>;

/** Windows of so many days, one ending each day. */
function windowsOf(panes: Panes, days: number): { readonly day: string; readonly window: Sample }[] {
  const first = panes[0]?.startMillis ?? 0;
  const last = panes.at(-1)?.startMillis ?? 0;
  const windows: { day: string; window: Sample }[] = [];
  for (let end = first + (days - 1) * dayMillis; end <= last; end += dayMillis) {
    const counts = new Float64Array(panes[0]?.counts.length ?? 0);
    for (const pane of panes) {
      if (pane.startMillis > end || pane.startMillis <= end - days * dayMillis) continue;
      pane.counts.forEach((count, bin) => {
        counts[bin] = (counts[bin] as number) + count;
      });
    }
    const day = new Date(end).toISOString().slice(0, 10);
    if (total(counts) > 0) windows.push({ day, window: { counts, size: total(counts) } });
  }
  return windows;
}

function examine(feature: Feature, reference: readonly Row[], later: readonly Row[], days: number): FeatureDays {
  const ownDays = panesOf(reference, feature, dayMillis);
  const [wholeOfIt] = windowsOf(ownDays, 90);
  const all = (wholeOfIt as { window: Sample }).window;
  const paneMillis = days === 1 ? hourMillis : dayMillis;
  const options = { paneMillis, windowMillis: days * dayMillis, byHour: false, ordered: feature.ordered };
  const dispersion = dispersionOf(panesOf(reference, feature, paneMillis), options);
  const own = windowsOf(ownDays, days);
  const base = { feature: feature.name, days, windows: own.length };
  const plain = {
    moderate: own.filter(({ window }) => psi(all, window) > 0.1).length,
    major: own.filter(({ window }) => psi(all, window) > 0.25).length,
    ks: days === 1 && feature.ordered ? ksRejects(reference, feature, dayMillis, 0.05) : null,
  };
  if (!dispersion.known) return { ...base, ...plain, known: null };
  return { ...base, ...plain, known: judged(dispersion, all, own, windowsOf(panesOf(later, feature, dayMillis), days)) };
}

function judged(dispersion: Dispersion, all: Sample, own: ReturnType<typeof windowsOf>, later: ReturnType<typeof windowsOf>) {
  const rejected = (p: (window: Sample) => number): number => own.filter(({ window }) => p(window) < 0.01).length;
  const ps = later.map(({ day, window }) => ({ day, p: dispersedMinEffect(dispersion, all, window, accepted) }));
  return {
    trace: dispersion.chiSquare.trace,
    groups: new Set(dispersion.groups).size,
    difference: rejected((window) => dispersedDifference(dispersion, all, window)),
    andersonDarling: rejected((window) => dispersedAndersonDarling(dispersion, all, window)),
    minEffect: rejected((window) => dispersedMinEffect(dispersion, all, window, accepted)),
    ps,
  };
}

const folder = process.argv[2];
if (folder === undefined) throw new Error("usage: node bench/real-days.ts FOLDER");
const reference = rowsOf(folder, "reference.jsonl.gz");
const later = rowsOf(folder, "events.jsonl.gz");
const all = otherIsKnown(features(folder), reference, folder);
const results = [1, 7, 28].flatMap((days) => all.map((feature) => examine(feature, reference, later, days)));
const { text, verdicts } = story(results, realAlarms(folder));
writeFileSync(join(dirname(fileURLToPath(import.meta.url)), "../docs/real-days.md"), text);
for (const verdict of verdicts) process.stdout.write(`${verdict}\n`);
if (verdicts.some((verdict) => verdict.startsWith("FAILS"))) process.exitCode = 1;
