// A file of samples with timestamps in OpenMetrics text, as `promtool tsdb create-blocks-from openmetrics` reads it.
import { closeSync, openSync, writeSync } from "node:fs";

/** Characters that are collected before they are written. */
const chunkCharacters = 1 << 20;

export class BackfillFile {
  readonly path: string;
  /** Samples in it. */
  samples = 0;
  readonly #file: number;
  #pending = "";

  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, "w");
  }

  /**
   * @param series with its labels, as `up{job="a"}`
   * @param value as it stands on a page; there is no way to say that a series ended
   */
  add(series: string, value: number | string, seconds: number): void {
    this.#pending += `${series} ${value} ${seconds}\n`;
    this.samples += 1;
    if (this.#pending.length >= chunkCharacters) this.#write();
  }

  close(): void {
    this.#pending += "# EOF\n";
    this.#write();
    closeSync(this.#file);
  }

  #write(): void {
    writeSync(this.#file, this.#pending);
    this.#pending = "";
  }
}

/** A series as it is written, from its labels with its name among them. */
export function seriesText({ __name__: name = "", ...labels }: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return `${name}{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}
