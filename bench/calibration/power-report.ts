// How soon changes are found, as Markdown.
import { type FrontierLine, moreWindows } from "./frontier.ts";
import { isSame, type PowerCase, type PowerLine } from "./power.ts";
import { verdict } from "./stable-report.ts";

/** Medians that are asked for, in minutes. */
const asked: readonly (Omit<PowerCase, "samplesPerDegree"> & { readonly minutes: number })[] = [
  { kind: "normal", change: "mean by 0.5 standard deviations", minEffect: 0.1, minutes: 75 },
  { kind: "equal categories", change: "20 % unseen categories", minEffect: 0.1, minutes: 30 },
  { kind: "normal", change: "mean by 0.5 standard deviations", minEffect: 0.02, minutes: 45 },
  { kind: "normal", change: "mean by 0.25 standard deviations", minEffect: 0.02, minutes: 360 },
  { kind: "equal categories", change: "a bin from 5 % to 10 %", minEffect: 0, minutes: 240 },
  { kind: "normal", change: "missing from 1 % to 5 %", minEffect: 0, minutes: 60 },
];

/** Values a degree of freedom with which windows of an hour are judged at 1,000 events an hour, as they are by the default of 40. */
const judgedByHours = 20;

export function powerVerdicts(lines: readonly PowerLine[]): string[] {
  return asked.map((one) => {
    const found = lines.find((line) => isSame(line, { ...one, samplesPerDegree: judgedByHours }));
    const median = found?.quartiles[1] ?? Number.POSITIVE_INFINITY;
    const figure = found === undefined ? "not simulated" : minutesText(found.quartiles[1] ?? null);
    const where = `windows 1 h, 24 h, \`min_effect\` ${one.minEffect}, ${one.change}`;
    return verdict(median <= one.minutes, `${where}: within ${minutesText(one.minutes)}: ${figure}`);
  });
}

/** The same with a window of 3 h beside the others; unseen categories are found by that of an hour. */
export function frontierVerdicts(lines: readonly FrontierLine[]): string[] {
  return asked.flatMap(({ change, minEffect, minutes }) => {
    const found = lines.find((line) => line.change === change && line.minEffect === minEffect && line.moreHours === 3);
    if (found === undefined) return [];
    const where = `windows 1 h, 3 h, 24 h, \`min_effect\` ${minEffect}, ${change}`;
    const holds = (found.median ?? Number.POSITIVE_INFINITY) <= minutes;
    return [verdict(holds, `${where}: within ${minutesText(minutes)}: ${minutesText(found.median)}`)];
  });
}

function minutesText(minutes: number | null): string {
  if (minutes === null) return "later than 7 d";
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2880 ? `${(minutes / 60).toFixed(1)} h` : `${(minutes / 1440).toFixed(1)} d`;
}

function quartilesText(line: PowerLine | undefined): string {
  if (line === undefined) return "";
  const [low, median, high] = line.quartiles.map((minutes) => minutesText(minutes)) as [string, string, string];
  const spread = low === high ? median : `${median} (${low} to ${high})`;
  return line.missed > 0 && line.missed < 1 ? `${spread}, ${Math.round(100 * line.missed)} % later than 7 d` : spread;
}

export function powerTable(lines: readonly PowerLine[]): string {
  const effects = [0, 0.02, 0.1];
  const columns = [20, 50].flatMap((samplesPerDegree) => effects.map((minEffect) => ({ samplesPerDegree, minEffect })));
  const names = columns.map(({ samplesPerDegree, minEffect }) => `${minEffect}, ${samplesPerDegree} a degree`);
  const head = `| stream | change | CUSUM that is told | ${names.join(" | ")} |`;
  const rows = [...Map.groupBy(lines, ({ kind, change }) => `${kind} | ${change}`)].map(([key, group]) => {
    const cells = columns.map((column) => {
      return quartilesText(group.find((line) => isSame(line, { ...line, ...column })));
    });
    // Each is known up to the alarm only: the least one is the median.
    const told = Math.min(...group.map((line) => line.told ?? Number.POSITIVE_INFINITY));
    return `| ${key} | ${Number.isFinite(told) ? minutesText(told) : ""} | ${cells.join(" | ")} |`;
  });
  return [head, `|${"---|".repeat(3 + columns.length)}`, ...rows].join("\n");
}

/** Delays with one window more. */
export function frontierTable(lines: readonly FrontierLine[]): string {
  const windows = moreWindows.map((more) => (more === null ? "1 h, 24 h" : `1 h, ${more} h, 24 h`));
  const rows = [...Map.groupBy(lines, ({ change, minEffect }) => `${change} | ${minEffect}`)].map(([key, group]) => {
    const medians = moreWindows.map((more) => minutesText(group.find(({ moreHours }) => moreHours === more)?.median ?? null));
    return `| ${key} | ${medians.join(" | ")} |`;
  });
  return [`| change | \`min_effect\` | ${windows.join(" | ")} |`, `|${"---|".repeat(2 + windows.length)}`, ...rows].join("\n");
}
