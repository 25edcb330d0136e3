// The rates of all cells with their intervals as a picture (SVG), beside what is promised.
import { kinds } from "./kinds.ts";
import type { CellRate } from "./stable-report.ts";

const [width, rowHeight, left, right, top] = [820, 13, 300, 30, 40];
/** Alarms a model and month at the ends of the axis, which is logarithmic. */
const [least, most] = [0.01, 10];
const ticks = [0.01, 0.1, 1, 10];
const colours = new Map([
  [0, "#1b6ca8"],
  [0.02, "#c76b00"],
  [0.1, "#3a7d44"],
]);

function x(rate: number): number {
  const share = Math.log(Math.min(most, Math.max(least, rate)) / least) / Math.log(most / least);
  return Math.round(10 * (left + share * (width - left - right))) / 10;
}

export function plot(rates: readonly CellRate[]): string {
  const height = top + rates.length * rowHeight + 50;
  const bottom = top + rates.length * rowHeight + 8;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${left}" y="16" font-size="13">False alarms a model and month, with 95 % intervals; promised: at most 1</text>`,
    ...legend(),
    ...ticks.map((tick) => line(x(tick), top, x(tick), bottom, tick === 1 ? "#b00020" : "#dddddd")),
    ...ticks.map((tick) => `<text x="${x(tick)}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`),
    ...rates.flatMap((rate, row) => rowOf(rate, top + row * rowHeight + rowHeight / 2)),
    ...labels(rates),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

function legend(): string[] {
  return [...colours].map(([minEffect, colour], at) => {
    const from = left + at * 130;
    return `<circle cx="${from + 4}" cy="28" r="3.5" fill="${colour}"/><text x="${from + 12}" y="32">min_effect ${minEffect}</text>`;
  });
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}"/>`;
}

function rowOf({ cell, rate }: CellRate, y: number): string[] {
  const colour = colours.get(cell.minEffect) ?? "#000000";
  const circle = `<circle cx="${x(rate.perMonth)}" cy="${y}" r="3.5" fill="${colour}"/>`;
  return [line(x(rate.low), y, x(rate.high), y, colour), circle];
}

/** One a kind, at the middle of its rows. */
function labels(rates: readonly CellRate[]): string[] {
  return kinds.flatMap(({ name, words }) => {
    const rows = rates.flatMap(({ cell }, row) => (cell.kind === name ? [row] : []));
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return [];
    const y = top + ((first + last + 1) / 2) * rowHeight + 4;
    return [`<text x="${left - 12}" y="${y}" text-anchor="end">${words}</text>`];
  });
}
