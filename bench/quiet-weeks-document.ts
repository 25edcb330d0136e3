// The document of quiet weeks.
import {
  dayOf,
  type Fired,
  lasting,
  momentOf,
  promisedWeeks,
  subjectOf,
  type Verdict,
  verdictOf,
  verdictText,
} from "./quiet-weeks-report.ts";
import type { Line, Narrowed, Run } from "./quiet-weeks-results.ts";

export interface Documented {
  readonly runs: readonly Line[];
  /** What was changed since some of the runs. */
  readonly narrowed: readonly Narrowed[];
  /** How many alerts there are. */
  readonly alerts: number;
  /** Of what all this follows from. */
  readonly hash: string;
}

export function documentText({ runs, narrowed, alerts, hash }: Documented): string {
  const sum = (of: (run: Run) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const weeks = sum((run) => run.weeks);
  const verdict = verdictOf(runs.flatMap(({ fired }) => fired));
  return `# Quiet weeks

Written by \`npm run bench:quiet-weeks\`; every figure in the first two sections is measured by it.

The three stories of the demo run for ${promisedWeeks} weeks, and nothing happens to them. Of the ${alerts} alerts that are shipped, each one that fires
is false. How many may is stated beforehand: 14 of those that the exporter has tested at an accepted rate of false
alarms ([prometheus/false-alarms.yml](../prometheus/false-alarms.yml): one in 30 days, of each of the three models), and none of all others.

**${weeks} of ${promisedWeeks} weeks: ${verdictText(verdict)}. ${outcome(weeks, verdict)}**

${firedTable(runs)}
## The runs

Of the streams of each seed the weeks follow one another.

| command | weeks from | until | samples scraped | processor time, one core: exporter | blocks and rules |
|---|---|---|---|---|---|
${runs.map(runRow).join("\n")}

Samples scraped: ${millions(sum((run) => run.samples))}. Processor time: ${minutes(sum((run) => run.processorSeconds.exporter))} for the exporter, ${minutes(sum((run) => run.processorSeconds.rules))} for blocks and rules.

Rules, configuration and references: \`${hash}\` (\`npm run bench:quiet-weeks -- --check\` says whether they are still these). What
came of each run is in \`bench/quiet-weeks.jsonl\`.

${narrowed.map((one) => narrowedText(one, runs)).join("")}${method}`;
}

const millions = (count: number): string => `${(count / 1e6).toFixed(0)} million`;
const minutes = (seconds: number): string => `${(seconds / 60).toFixed(0)} min`;

function outcome(weeks: number, { holds }: Verdict): string {
  if (!holds) return "It does not hold.";
  return weeks < promisedWeeks ? "It holds so far; the other weeks have not been run." : "It holds.";
}

function runRow({ seed, weeks, from, until, samples, processorSeconds: { exporter, rules } }: Run): string {
  const command = `npm run bench:quiet-weeks -- --weeks ${weeks} --seed ${seed} --write`;
  const cells = [`\`${command}\``, dayOf(from), dayOf(until), millions(samples), minutes(exporter), minutes(rules)];
  return `| ${cells.join(" | ")} |`;
}

/** Nothing where no run is older than the change. */
function narrowedText({ was, alert, reason }: Narrowed, runs: readonly Line[]): string {
  const seeds = runs.filter(({ code }) => code === was).map(({ seed }) => seed);
  if (seeds.length === 0) return "";
  const of = seeds.length === 1 ? "seed" : "seeds";
  return `Weeks of ${of} ${seeds.join(", ")} were run before ${alert} was made narrower, and count with all that fired then: ${reason}.\n\n`;
}

function firedTable(runs: readonly Run[]): string {
  const rows = runs.flatMap(({ seed, fired }) => {
    const { ofBudget, others } = verdictOf(fired);
    return [...ofBudget, ...others].map((one) => firedRow(one, seed));
  });
  if (rows.length === 0) return "No alert fired but the Watchdog, which always does.\n";
  return `| alert | severity | of | seed | from (UTC) | for |\n|---|---|---|---|---|---|\n${rows.join("\n")}\n`;
}

function firedRow({ alert, severity, labels, from, until }: Fired, seed: number): string {
  return `| ${alert} | ${severity} | ${subjectOf(labels)} | ${seed} | ${momentOf(from)} | ${lasting(until - from)} |`;
}

const method = `## How it is done

**The exporter.** The simulator's streams with incidents switched off are folded with the demo's configuration and references, at the
demo's rates of events. Records are handed over every 10 s of event time, and what else needs a clock (which logs are idle, how old a window
is) goes by that same time. It begins with an empty state, as a new installation does, so its first days are judged, too. At the end of
each week it is stopped and another one goes on from its snapshot.

**The page.** At every minute the collectors write the page that \`/metrics\` would show. Families that no rule asks for are left out, and
series that no selector of a rule matches. What is said of windows is asked for once an hour, when the hour before is closed, and
stands until the next time: rules ask of windows of a day, which move by the hour. The one exception is the share of features that drift,
of which ModelDriftingFeatures wants 15 minutes beside a drift alarm: here it holds for an hour if it holds once, which makes that
alert more nervous than it is.

**Everything else** that rules ask for is well all the time (\`bench/quiet-weeks-house.ts\`): \`up\` of every job of prometheus.yml, a host, a GPU, a
serving API, a broker's exporter, Alertmanager, Prometheus itself. So are two series of the exporter that are of a process: the age
of its snapshot (it is not saved every 30 s here) and the lag of its event loop. Their alerts are shown to stay silent
when all is well; what they do on real machines is not shown here.

**The blocks.** The samples of a week, with \`job\` and \`instance\`, become blocks by \`promtool tsdb create-blocks-from openmetrics\`.

**The rules** of [prometheus/rules](../prometheus/rules) are evaluated by a real Prometheus on these blocks at every minute (\`query_range\`), which is what
\`promtool tsdb create-blocks-from rules\` does; its results are as large as a week may be. Recordings that others read are backfilled
before those are evaluated, in as many stages as it takes; recordings that only boards and texts of alerts read are left out. When an
expression of an alert held becomes when it fired by \`for\` and \`keep_firing_for\` as Prometheus applies them
(\`bench/quiet-weeks-alerts.ts\`; \`tests/bench/quiet-weeks-alerts.test.ts\` compares it with \`promtool test rules\`).

**A series that ends.** Backfilled files cannot say that a series has ended. Samples are as far apart as evaluations and at the same moments, so
Prometheus is told to look back for 30 s only: where a sample is missing the series is not there, as after a scrape without it.

## What differs from a server that scrapes

- It scrapes every minute and evaluates every minute, not every 15 s and 30 s. \`increase(...[2m])\` and \`[5m]\` have two and five samples.
- All rules of a moment see what was recorded at that moment; a server's groups see what others recorded up to half a minute before.
- No scrape ever fails or is late, and no process is restarted but once a week. The restart takes no time.
`;
