// What Prometheus makes of the exporter's pages: samples with the labels of the target. Those that no rule asks for are left out.
import { seriesText } from "./backfill-file.ts";
import { exporterTarget, isAsked } from "./quiet-weeks-house.ts";
import type { NamedSelector } from "./quiet-weeks-rules.ts";

export interface Sample {
  readonly series: string;
  /** As it stands on the page. */
  readonly value: string;
}

export class PageSamples {
  readonly #asked: ReadonlyMap<string, readonly NamedSelector[]>;
  /** By what stands before the value; null for what nobody asks for. */
  readonly #series = new Map<string, string | null>();

  /** @param selectors what rules ask for */
  constructor(selectors: readonly NamedSelector[]) {
    this.#asked = Map.groupBy(selectors, ({ metric }) => metric);
  }

  /** @param page in OpenMetrics text, without timestamps and exemplars */
  *of(page: string): Generator<Sample> {
    for (const line of page.split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const at = line.lastIndexOf(" ");
      const series = this.#seriesOf(line.slice(0, at));
      if (series !== null) yield { series, value: line.slice(at + 1) };
    }
  }

  #seriesOf(shown: string): string | null {
    let series = this.#series.get(shown);
    if (series === undefined) {
      series = this.#made(shown);
      this.#series.set(shown, series);
    }
    return series;
  }

  #made(shown: string): string | null {
    const metric = /^[\w:]+/.exec(shown)?.[0] ?? "";
    const pairs = [...shown.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    const onPage = Object.fromEntries(pairs.map(([, label, text]) => [label as string, unescaped(text as string)]));
    const labels = { ...onPage, ...exporterTarget };
    return isAsked({ metric, labels }, this.#asked.get(metric) ?? []) ? seriesText({ __name__: metric, ...labels }) : null;
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
