// Samples with their times as a file of OpenMetrics, which promtool makes blocks of.
import { closeSync, openSync, writeSync } from "node:fs";

export type Labels = Readonly<Record<string, string>>;

/** Written as it comes: a page of a thousand series and its times need not be in memory. */
export class OpenMetricsFile {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  sample(name: string, labels: Labels, value: number | string, seconds: number): void {
    writeSync(this.#file, `${name}${labelText(labels)} ${value} ${seconds}\n`);
  }

  /**
   * All samples of a page in the text format.
   * @param target labels that Prometheus would add
   * @param valueAt what a sample is at that time, if not what it says
   */
  page(
    page: string,
    target: Labels,
    seconds: number,
    valueAt: (name: string, value: string) => number | string = (_, value) => value,
  ): void {
    const added = labelText(target).slice(1, -1);
    const lines = page.split("\n").flatMap((line) => {
      const [, name, labels, value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) return [];
      // A trailing comma is allowed, and only some have it.
      const own = labels === undefined || labels === "" ? "" : `${labels.replace(/,$/, "")},`;
      return `${name}{${own}${added}} ${valueAt(name, value)} ${seconds}`;
    });
    writeSync(this.#file, `${lines.join("\n")}\n`);
  }

  close(): void {
    writeSync(this.#file, "# EOF\n");
    closeSync(this.#file);
  }
}

function labelText(labels: Labels): string {
  return `{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(",")}}`;
}
