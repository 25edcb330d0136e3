// How often the demo's models alarm that their predictions are worse while nothing happens to them, over weeks of their streams and
// their labels. Features are left out, as folding them takes several times as long; of drift see `bench/demo.ts`.
//
//   npm run bench:quiet [-- seeds days]
import type { Fold } from "../src/state/fold.ts";
import { dayMillis, hourMillis } from "../src/window/resolution.ts";
import { foldDemo } from "./demo-signals.ts";

const [seeds = 2, days = 14] = process.argv.slice(2).map(Number);
/** A Friday. From one seed to the next it is 29 hours later. */
const beginning = Date.parse("2026-11-20T12:00:00Z");
/** As the demo is configured, one false alarm in 30 days is accepted of a version, a tenth of it for worse predictions. */
const daysAnAlarm = 300;

function labelsOf({ join }: Fold): string {
  const labels = [...join.models].map(([model, { versions }]) => {
    return `${model} ${[...versions.values()].reduce((sum, { joined, absent }) => sum + joined + absent, 0)}`;
  });
  return labels.join(", ");
}

let [alarms, accepted] = [0, 0];
for (let seed = 1; seed <= seeds; seed++) {
  const momentMillis = beginning + seed * 29 * hourMillis;
  const until = { momentMillis, untilMillis: momentMillis, historyMillis: days * dayMillis };
  const { fold, told } = foldDemo({ seed, ...until, incidents: false, topics: ["predictions", "outcomes"], features: false });
  const raised = told.filter(({ alert, state }) => alert === "performance" && state === "on");
  alarms += raised.length;
  accepted += [...fold.models.values()].reduce((sum, { versions }) => sum + versions.size, 0) * (days / daysAnAlarm);
  process.stdout.write(`seed ${seed}, ${days} days: ${raised.length} alarms; labels: ${labelsOf(fold)}\n`);
  for (const { time, model, version, text } of raised) process.stdout.write(`  ${time} ${model} ${version}: ${text}\n`);
}
process.stdout.write(`${alarms} alarms, ${accepted.toFixed(1)} accepted\n`);
