// How long it takes to learn dispersion from a reference, and to test one window with it.
import { Random } from "../src/source/simulator/random.ts";
import { type Dispersion, dispersionOf } from "../src/stats/dispersion.ts";
import { dispersedAndersonDarling, dispersedDifference, dispersedMinEffect } from "../src/stats/dispersion-tests.ts";
import { quadraticFormTail } from "../src/stats/quadratic-form.ts";

const hourMillis = 3_600_000;
const [panes, bins, events] = [2000, 22, 1000];
const random = new Random(1);

function counts(): Float64Array {
  const all = new Float64Array(bins);
  for (let event = 0; event < events; event++) {
    const bin = random.below(bins);
    all[bin] = (all[bin] as number) + 1;
  }
  return all;
}

function measure(what: string, times: number, work: (index: number) => unknown): void {
  for (let index = 0; index < times; index++) work(index);
  const cpu = process.cpuUsage();
  for (let index = 0; index < times; index++) work(index);
  const { user, system } = process.cpuUsage(cpu);
  process.stdout.write(`${what}: ${((user + system) / times).toFixed(1)} microseconds of processor time\n`);
}

const reference = Array.from({ length: panes }, (_, pane) => ({ startMillis: pane * hourMillis, counts: counts() }));
for (const hours of [1, 24]) {
  const options = { paneMillis: hourMillis, windowMillis: hours * hourMillis, byHour: true, ordered: true };
  measure(`dispersion of ${panes} hours, ${bins} bins, window ${hours} h`, 10, () => dispersionOf(reference, options));
}
const dispersion = dispersionOf(reference, {
  paneMillis: hourMillis,
  windowMillis: hourMillis,
  byHour: false,
  ordered: true,
}) as Dispersion;
const all = { counts: new Float64Array(bins).fill((panes * events) / bins), size: panes * events };
const windows = Array.from({ length: 100 }, () => ({ counts: counts(), size: events }));
const windowOf = (index: number) => windows[index % windows.length] as (typeof windows)[number];
const form = { shares: dispersion.chiSquare.shares, degreesOfFreedom: dispersion.degreesOfFreedom };
measure(`tail of ${form.shares.length} eigenvalues`, 20_000, (index) => quadraticFormTail(form, 1 + (index % 100) / 20));
measure("any difference", 20_000, (index) => dispersedDifference(dispersion, all, windowOf(index)));
measure("PSI above 0.1", 20_000, (index) => dispersedMinEffect(dispersion, all, windowOf(index), 0.1));
measure("Anderson-Darling", 20_000, (index) => dispersedAndersonDarling(dispersion, all, windowOf(index)));
