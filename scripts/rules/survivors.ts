// tests/prometheus/survivors.yml: mistakes in the rules that no test has to notice.
import { readFileSync } from "node:fs";
import { load } from "js-yaml";

export interface Survivor {
  readonly file: string;
  readonly rule: string;
  readonly change: string;
  readonly reason: string;
}

export function acceptedSurvivors(): Survivor[] {
  return load(readFileSync(new URL("../../tests/prometheus/survivors.yml", import.meta.url), "utf8")) as Survivor[];
}
