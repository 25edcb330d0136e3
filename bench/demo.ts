// Whether the drift alarms of the demo are honest, over seeds, days of the week and times of the day: none in the history, and
// each incident that changes values found soon. Ends with 1 where that is not so.
//
//   node bench/demo.ts 1 20     seeds 1 to 20
import { driftIncidents, falseAlarms, foldDemo, minutesToAlarm } from "./demo-signals.ts";

const [first = 1, last = 20] = process.argv.slice(2).map(Number);
/** A Monday. From one seed to the next it is another day of the week, and 7 hours later. */
const beginning = Date.parse("2026-11-16T00:00:00Z");
const hourMillis = 3_600_000;
const stepMillis = 31 * hourMillis;
const scriptMillis = hourMillis;
const longestMinutes = 5;

for (let seed = first; seed <= last; seed++) {
  const momentMillis = beginning + seed * stepMillis;
  const folded = foldDemo({ seed, momentMillis, untilMillis: momentMillis + scriptMillis, incidents: true });
  const wrong = falseAlarms(folded);
  const minutes = minutesToAlarm(folded);
  const late = [...minutes.values()].filter((one) => !(one <= longestMinutes)).length;
  if (wrong.length > 0 || late > 0 || minutes.size < Object.keys(driftIncidents).length) process.exitCode = 1;
  const found = [...minutes].map(([id, one]) => `${id} ${one.toFixed(1)}`).join(", ");
  const when = new Date(momentMillis).toUTCString().slice(0, 22);
  process.stdout.write(`seed ${seed}, ${when}: ${wrong.length} false alarms; minutes to alarm: ${found}\n`);
  for (const { time, model, text } of wrong) process.stdout.write(`  ${time} ${model} ${text}\n`);
}
