// Pages as samples with their times, in a file that promtool makes blocks of.
import { type BackfillFile, seriesText } from "../../bench/backfill-file.ts";

export type Labels = Readonly<Record<string, string>>;

/**
 * Adds all samples of a page in the text format.
 * @param target labels that Prometheus would add
 * @param valueAt what a sample is at that time, if not what it says
 */
export function addPage(
  file: BackfillFile,
  page: string,
  target: Labels,
  seconds: number,
  valueAt: (name: string, value: string) => number | string = (_, value) => value,
): void {
  const added = seriesText(target).slice(1, -1);
  for (const line of page.split("\n")) {
    const [, name, labels, value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    // A trailing comma is allowed, and only some have it.
    const own = labels === undefined || labels === "" ? "" : `${labels.replace(/,$/, "")},`;
    file.add(`${name}{${own}${added}}`, valueAt(name, value), seconds);
  }
}
