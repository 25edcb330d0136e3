// What the simulated months without drift show, as Markdown.
import { type Cell, type ModelLine, nameOf, stableCells } from "./cells.ts";
import { rules } from "./fixed-rules.ts";
import { type Rate, rateOf } from "./intervals.ts";
import { kindOf } from "./kinds.ts";

/** What is asked for: of all cells together, of each, of p-values, and of each cell's length. */
const wanted = { pooled: 1, cell: 1.5, published: 0.95, months: 60 } as const;

export interface CellRate {
  readonly cell: Cell;
  readonly lines: readonly ModelLine[];
  readonly rate: Rate;
}

/** Of cells that have results. */
export function cellRates(cells: readonly Cell[], lines: readonly ModelLine[]): CellRate[] {
  return cells.flatMap((cell) => {
    const own = lines.filter((line) => nameOf(line) === nameOf(cell));
    if (own.length === 0) return [];
    const months = own[0]?.months ?? 0;
    return [
      {
        cell,
        lines: own,
        rate: rateOf(
          own.map(({ alarms }) => alarms),
          months,
        ),
      },
    ];
  });
}

/** Models of one number and kind share their references: their alarms are one count. */
export function pooledRate(rates: readonly CellRate[]): Rate {
  const lines = rates.flatMap((one) => one.lines);
  const together = [...Map.groupBy(lines, ({ kind, model }) => `${kind} ${model}`).values()];
  const counts = together.map((group) => group.reduce((sum, { alarms }) => sum + alarms, 0));
  const months = lines.reduce((sum, line) => sum + line.months, 0) / together.length;
  return rateOf(counts, months);
}

export function rateText({ perMonth, low, high }: Rate): string {
  return `${perMonth.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** Of all looks at windows of all lengths the least published share. */
function publishedShare(lines: readonly ModelLine[]): number {
  const shares = [0, 1, 2].map((window) => {
    const sum = (key: "looks" | "published"): number => lines.reduce((total, line) => total + (line[key][window] as number), 0);
    return sum("published") / sum("looks");
  });
  return Math.min(...shares);
}

function ruleText(lines: readonly ModelLine[], rule: number): string {
  const months = lines.reduce((sum, line) => sum + line.months, 0);
  const alarms = lines.reduce((sum, line) => sum + (line.ruleAlarms[rule] as number), 0) / months;
  const on = lines.reduce((sum, line) => sum + (line.ruleOn[rule] as number), 0) / lines.length;
  return `${alarms < 10 ? alarms.toFixed(1) : alarms.toFixed(0)} (${percent(on)})`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.01 ? 1 : 0)} %`;
}

export function stableTable(rates: readonly CellRate[]): string {
  const head = `| stream | \`min_effect\` | months | alarms | a model and month | time on | p-values | ${rules.join(" | ")} |`;
  const rows = rates.map(({ cell, lines, rate }) => {
    const on = lines.reduce((sum, line) => sum + line.on, 0) / lines.length;
    const ruled = rules.map((_, rule) => ruleText(lines, rule));
    const first = [kindOf(cell.kind).words, cell.minEffect, rate.months, rate.alarms, rateText(rate), percent(on)];
    return `| ${[...first, percent(publishedShare(lines)), ...ruled].join(" | ")} |`;
  });
  const pooled = pooledRate(rates);
  const last = ["**all**", "", pooled.months, pooled.alarms, `**${rateText(pooled)}**`, "", "", ...rules.map(() => "")];
  return [head, `|${"---|".repeat(7 + rules.length)}`, ...rows, `| ${last.join(" | ")} |`].join("\n");
}

/** By window and test, the most frequent first. */
export function signalTable(rates: readonly CellRate[]): string {
  const months = new Map<string, number>();
  for (const { cell, lines } of rates) {
    for (const { raised } of lines) {
      for (const [signal, count] of Object.entries(raised)) {
        const key = `${signal} | ${kindOf(cell.kind).words} | ${cell.minEffect}`;
        months.set(key, (months.get(key) ?? 0) + count);
      }
    }
  }
  const sorted = [...months].sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1));
  const rows = sorted.map(([key, count]) => `| ${key} | ${count} |`);
  return ["| signal | stream | `min_effect` | times raised |", "|---|---|---|---|", ...rows].join("\n");
}

/** Whether what was asked for holds, in words. */
export function stableVerdicts(rates: readonly CellRate[]): string[] {
  const pooled = pooledRate(rates);
  const worst = [...rates].sort((a, b) => b.rate.high - a.rate.high);
  const above = worst.filter(({ rate }) => rate.high > wanted.cell);
  const least = Math.min(...rates.map(({ lines }) => publishedShare(lines)));
  const fewestMonths = Math.min(...rates.map(({ rate }) => rate.months));
  return [
    verdict(
      pooled.high <= wanted.pooled,
      `all cells together: upper limit at most ${wanted.pooled.toFixed(1)}: ${rateText(pooled)}, ${pooled.alarms} alarms in ${pooled.months} months`,
    ),
    verdict(
      above.length === 0,
      `each cell: upper limit at most ${wanted.cell}: ${(above.length > 0 ? above : worst.slice(0, 1))
        .map(({ cell, rate }) => `${cell.kind} at ${cell.minEffect} ${rateText(rate)}`)
        .join(", ")}`,
    ),
    verdict(
      least >= wanted.published,
      `p-values at least at ${percent(wanted.published)} of the looks of every window and cell: ${percent(least)}`,
    ),
    verdict(
      rates.length === stableCells.length && fewestMonths >= wanted.months,
      `all ${stableCells.length} cells have at least ${wanted.months} months: ${rates.length} cells, at least ${fewestMonths} months`,
    ),
  ];
}

export function verdict(holds: boolean, text: string): string {
  return `- ${holds ? "holds" : "**does not hold**"}: ${text}`;
}

/** What references of other lengths can promise: rates, and by window the share of looks with p-values. */
export function shorterTable(rates: readonly CellRate[]): string {
  const head = "| reference | stream | `min_effect` | months | a model and month | p-values 1 h | 24 h | 7 d |";
  const rows = rates.map(({ cell, lines, rate }) => {
    const shares = [0, 1, 2].map((window) => {
      const sum = (key: "looks" | "published"): number => lines.reduce((all, line) => all + (line[key][window] as number), 0);
      return percent(sum("published") / sum("looks"));
    });
    return `| ${[`${cell.referenceDays} d`, kindOf(cell.kind).words, cell.minEffect, rate.months, rateText(rate), ...shares].join(" | ")} |`;
  });
  return [head, `|${"---|".repeat(8)}`, ...rows].join("\n");
}
