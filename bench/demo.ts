// Whether the drift alarms of the demo are honest, over seeds, days of the week and times of the day: none in the history, and
// each incident found soon. Ends with 1 where that is not so. Takes a minute a seed.
//
//   node bench/demo.ts 1 20     seeds 1 to 20
import { driftIncidents, foldDemo, isAlarm, minuteMillis, type Signal, signalsOf } from "./demo-signals.ts";

const [first = 1, last = 20] = process.argv.slice(2).map(Number);
/** A Monday. From one seed to the next it is another day of the week, and 7 hours later. */
const beginning = Date.parse("2026-11-16T00:00:00Z");
const hourMillis = 60 * minuteMillis;
const stepMillis = 31 * hourMillis;
const scriptMillis = 60 * minuteMillis;
const longestMinutes = 5;

interface Found {
  /** The smallest p-value of the history, as a multiple of what alarms. */
  readonly nearest: Signal | null;
  readonly falseAlarms: readonly Signal[];
  /** By incident: minutes from its start to the first alarm of its own signal, as the clock has it; Infinity: never. */
  readonly minutes: ReadonlyMap<string, number>;
}

function play(seed: number, momentMillis: number): Found {
  const [history, alarms]: [Signal[], (Signal & { clockMillis: number })[]] = [[], []];
  const untilMillis = momentMillis + scriptMillis;
  const incidents = foldDemo({ seed, momentMillis, untilMillis, incidents: true }, (fold, endMillis, clockMillis) => {
    const signals = [...signalsOf(fold)];
    if (endMillis <= momentMillis) history.push(...smallest(signals), ...signals.filter(isAlarm));
    else alarms.push(...signals.filter(isAlarm).map((one) => ({ ...one, clockMillis })));
  });
  const minutes = incidents.flatMap(({ id, story, startMillis }): [string, number][] => {
    const own = driftIncidents[id];
    if (own === undefined) return [];
    const found = alarms.find((one) => one.model === story && one.feature === own.feature && one.test === own.test);
    return [[id, found === undefined ? Number.POSITIVE_INFINITY : (found.clockMillis - startMillis) / minuteMillis]];
  });
  return { nearest: smallest(history)[0] ?? null, falseAlarms: history.filter(isAlarm), minutes: new Map(minutes) };
}

/** The signal that is nearest to an alarm, if there is one. */
function smallest(signals: readonly Signal[]): Signal[] {
  const ratio = ({ pValue, alpha }: Signal): number => pValue / alpha;
  return signals.length === 0 ? [] : [signals.reduce((least, one) => (ratio(one) < ratio(least) ? one : least))];
}

function inWords({ model, version, feature, test, windowMillis, overMillis, pValue, alpha }: Signal): string {
  const [window, over] = [windowMillis / minuteMillis, overMillis / minuteMillis];
  return `${model} ${version} ${feature} ${test} ${window}m over ${over}m p=${pValue.toExponential(1)} alpha=${alpha.toExponential(1)}`;
}

for (let seed = first; seed <= last; seed++) {
  const momentMillis = beginning + seed * stepMillis;
  const { nearest, falseAlarms, minutes } = play(seed, momentMillis);
  const late = [...minutes.values()].filter((one) => !(one <= longestMinutes)).length;
  if (falseAlarms.length > 0 || late > 0 || minutes.size < Object.keys(driftIncidents).length) process.exitCode = 1;
  const found = [...minutes].map(([id, one]) => `${id} ${one.toFixed(1)}`).join(", ");
  const when = new Date(momentMillis).toUTCString().slice(0, 22);
  process.stdout.write(`seed ${seed}, ${when}: ${falseAlarms.length} false alarms; minutes to alarm: ${found}\n`);
  process.stdout.write(`  nearest to a false one: ${nearest === null ? "none" : inWords(nearest)}\n`);
}
