// docs/real-days.md: what plain thresholds say of real days, and what tests say that know how days vary.

import type { RealAlarms } from "./real-alarms.ts";

/** One feature and window length. */
export interface FeatureDays {
  readonly feature: string;
  readonly days: number;
  /** Windows of the reference itself. */
  readonly windows: number;
  /** How many of these have PSI > 0.1, > 0.25, and a Kolmogorov-Smirnov p < 0.05 (numbers, single days only). */
  readonly moderate: number;
  readonly major: number;
  readonly ks: number | null;
  /** Null where the reference knows too little. */
  readonly known: {
    readonly trace: number;
    readonly groups: number;
    /** How many of the reference's own windows each test rejects at 0.01. */
    readonly difference: number;
    readonly andersonDarling: number;
    readonly minEffect: number;
    /** Of the later windows: p of PSI <= 0.1. */
    readonly ps: readonly { readonly day: string; readonly p: number }[];
  } | null;
}

const alarm = 1e-5;
const mostOwn = 0.03;
const expectedBefore = "2013-05-31";
const drifting = ["temp", "dewp"];
const steady = ["origin", "weekday", "seats"];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
const smallest = (ps: readonly { readonly p: number }[]): number => Math.min(...ps.map(({ p }) => p));
const firstAlarm = (one: FeatureDays): string | undefined => one.known?.ps.find(({ p }) => p < alarm)?.day;

export function story(
  results: readonly FeatureDays[],
  alarms: RealAlarms,
): { readonly text: string; readonly verdicts: readonly string[] } {
  const found = [...verdictsOf(results), ...alarmVerdicts(alarms)];
  const text = [
    "# Real days: why plain thresholds fail",
    "Written by `npm run bench:days -- FOLDER`; every figure below is measured by it.",
    thresholds(results.filter(({ days }) => days === 1)),
    answers(results),
    "## What the alarm says",
    alarmStory(alarms),
    "## What was asked of it",
    found.map((verdict) => `- ${verdict}`).join("\n"),
    "## Feature by feature",
    explanation,
    table(results),
  ].join("\n\n");
  return { text: `${text}\n`, verdicts: found };
}

function thresholds(days: readonly FeatureDays[]): string {
  const pairs = sum(days.map(({ windows }) => windows));
  const numbers = days.filter(({ ks }) => ks !== null);
  const ksPairs = sum(numbers.map(({ windows }) => windows));
  const [moderate, major, ks] = [
    sum(days.map((one) => one.moderate)),
    sum(days.map((one) => one.major)),
    sum(numbers.map((one) => one.ks ?? 0)),
  ];
  const everyDay = days.filter((one) => one.major === one.windows).map(({ feature }) => `\`${feature}\``);
  return `A model predicts delays of flights from New York. Its reference is a quarter, January to March: 90 days of about 300
flights. Nothing drifts in it, because it *is* the reference. Compare each of its own days with the whole quarter, by the rules
that are in use everywhere, and count the feature-days that they call drifted:

| rule | feature-days | share |
|---|---|---|
| PSI > 0.1 ("moderate") | ${moderate} of ${pairs} | ${percent(moderate, pairs)} |
| PSI > 0.25 ("major") | ${major} of ${pairs} | ${percent(major, pairs)} |
| Kolmogorov-Smirnov p < 0.05 (numbers) | ${ks} of ${ksPairs} | ${percent(ks, ksPairs)} |

${everyDay.length === 0 ? "" : `On every single day PSI > 0.25 says that of ${everyDay.join(", ")}. `}The rules are not wrong about the numbers, but about what they
mean: 300 flights of one day share one weather and one day of the week. A day holds a handful of independent values of the
temperature, not 300, and differs from the quarter as days do.`;
}

function answers(results: readonly FeatureDays[]): string {
  const rows = [1, 7, 28].map((days) => {
    const known = results
      .filter((one) => one.days === days)
      .flatMap(({ known: one, windows }) => (one === null ? [] : [{ one, windows }]));
    const pairs = sum(known.map(({ windows }) => windows));
    const share = (of: (one: NonNullable<FeatureDays["known"]>) => number): string => {
      return percent(sum(known.map(({ one }) => of(one))), pairs);
    };
    return `| ${days} d | ${share((one) => one.difference)} | ${share((one) => one.andersonDarling)} | ${share((one) => one.minEffect)} | ${pairs} |`;
  });
  return `So the exporter learns from the reference how much its own windows vary: for windows of a day from its hours, for longer
ones from its days. Of the same windows of the quarter these shares have p < 0.01:

| window | any difference (X² and PSI) | Anderson-Darling | PSI > ${0.1} | pairs of feature and window |
|---|---|---|---|---|
${rows.join("\n")}

The price is honest too: one warm day says nothing about the season. It takes weeks, and the longer window finds what the
shorter one cannot tell from weather.`;
}

function alarmStory({ own, later }: RealAlarms): string {
  const raised = later.filter(({ state }) => state === "on" || state === "more");
  return `With windows of 24 h, 7 d and 28 d and everything else as it is by default (\`min_effect: 0.1\`, \`false_alarms: 1/30d\`)
the exporter was given the reference's own rows as a stream, and then April to June. In the 90 days of the reference there ${own.filter(({ state }) => state === "on").length === 0 ? "was no alarm" : `were ${own.filter(({ state }) => state === "on").length} alarms`}.
In the three months after them \`replay\` wrote

${raised.map(({ time, text }) => `- ${time.slice(0, 10)}: ${text}`).join("\n")}`;
}

const mostOwnAlarms = 4;

function alarmVerdicts({ own, later }: RealAlarms): string[] {
  const begun = own.filter(({ state }) => state === "on").length;
  return [
    `${begun <= mostOwnAlarms ? "holds" : "FAILS"}: the reference's own rows as a stream raise at most ${mostOwnAlarms} alarms: ${begun}`,
    ...drifting.map((name) => {
      const first = later.find(({ feature, state }) => feature === name && (state === "on" || state === "more"));
      const holds = first !== undefined && first.time < `${expectedBefore}T24`;
      return `${holds ? "holds" : "FAILS"}: \`${name}\` raises an alarm by ${expectedBefore}: ${first === undefined ? "never" : `on ${first.time.slice(0, 10)}`}`;
    }),
  ];
}

function verdictsOf(results: readonly FeatureDays[]): string[] {
  const judged = results.flatMap(({ known, windows }) => (known === null ? [] : [{ known, windows }]));
  const pairs = sum(judged.map(({ windows }) => windows));
  const own = Math.max(
    ...[1, 7, 28].flatMap((days) => {
      const some = results.filter((one) => one.days === days && one.known !== null);
      const whole = sum(some.map(({ windows }) => windows));
      return (["difference", "andersonDarling", "minEffect"] as const).map(
        (test) => sum(some.map((one) => one.known?.[test] ?? 0)) / whole,
      );
    }),
  );
  const first = (name: string): string | undefined => {
    const days = results.filter(({ feature }) => feature === name).map(firstAlarm);
    return days.filter((day) => day !== undefined).sort()[0];
  };
  const least = (name: string): number => {
    const some = results.filter(({ feature }) => feature === name).flatMap(({ known }) => known?.ps ?? []);
    return smallest(some.filter(({ day }) => day < expectedBefore));
  };
  return [
    `${own <= mostOwn ? "holds" : "FAILS"}: the reference's own windows are rejected at 0.01 in at most 3 %: at most ${percent(own, 1)} by any test and window length (${pairs} pairs)`,
    ...drifting.map((name) => {
      const day = first(name);
      const when = day === undefined ? "never" : `on ${day}`;
      const holds = day !== undefined && day < expectedBefore;
      return `${holds ? "holds" : "FAILS"}: \`${name}\` alarms (PSI > 0.1, p < 1e-5) before 31 May: ${when}; smallest p before: ${least(name).toExponential(1)}`;
    }),
    ...steady.map((name) => `${first(name) === undefined ? "holds" : "FAILS"}: \`${name}\` never alarms`),
  ];
}

const explanation = `*Dispersion* is how many times more than independent events the counts of such a window vary (trace over bins less one); *alarm* is
the first window, by its last day, with p < 1e-5 for PSI > 0.1; *smallest p* is that of April to June.`;

function table(results: readonly FeatureDays[]): string {
  const head =
    "| feature | window | own windows PSI > 0.1 | > 0.25 | dispersion | own windows p < 0.01 | alarm | smallest p |\n|---|---|---|---|---|---|---|---|";
  const rows = results.map((one) => {
    const { known } = one;
    const shares = `${percent(one.moderate, one.windows)} | ${percent(one.major, one.windows)}`;
    if (known === null) return `| ${one.feature} | ${one.days} d | ${shares} | unknown: too few days with values | | | |`;
    const dispersion = (known.trace / (known.groups - 1)).toFixed(1);
    return `| ${one.feature} | ${one.days} d | ${shares} | ${dispersion} | ${percent(known.difference, one.windows)} | ${firstAlarm(one) ?? ""} | ${smallest(known.ps).toExponential(1)} |`;
  });
  return [head, ...rows].join("\n");
}
