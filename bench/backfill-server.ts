// Blocks of samples from files, and a Prometheus on them that answers what a rule says at each of many moments.
import { rmSync } from "node:fs";
import { runTool } from "../tests/servers/cache.ts";
import { prometheusBinaries } from "../tests/servers/prometheus-binaries.ts";
import { type StoredPrometheus, startStored } from "../tests/servers/stored-prometheus.ts";

/** Blocks may be so long: of few long ones the file is read a few times only. */
const longestBlock = "744h";

export class Backfill {
  readonly #data: string;

  /** @param data a directory for blocks */
  constructor(data: string) {
    this.#data = data;
  }

  /** Makes blocks of a file and removes it. Servers that run do not see them. */
  async take(file: string): Promise<void> {
    const args = ["tsdb", "create-blocks-from", "openmetrics", "-q", `--max-block-duration=${longestBlock}`, file, this.#data];
    await runTool((await prometheusBinaries()).promtool, args, "Prometheus 3");
    rmSync(file);
  }

  /**
   * @param lookbackSeconds how old a sample may be for a series to be there. Samples are as far apart as evaluations, and at the same
   *   moments: with less than that a series has ended where its sample is missing, as it has for a server that scrapes
   */
  serve(lookbackSeconds: number): Promise<StoredPrometheus> {
    return startStored(this.#data, lookbackSeconds);
  }
}
