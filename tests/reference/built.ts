// References of rows that are given as objects.
import { parseConfig } from "../../src/config/load.ts";
import type { PredictionEvent } from "../../src/event/event.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { type BuildOptions, type Built, buildReference, type Rows } from "../../src/pipeline/reference/build.ts";
import type { Reference } from "../../src/reference/reference.ts";

export type Row = Partial<PredictionEvent>;

const nothing: PredictionEvent = {
  type: "prediction",
  model: "m",
  version: "1",
  id: "",
  timeMillis: Number.NaN,
  features: null,
  score: undefined,
  scores: null,
  prediction: undefined,
  latencyMillis: Number.NaN,
  failed: false,
  segment: null,
  weight: 1,
  horizon: "",
  group: "",
  rank: Number.NaN,
  label: undefined,
};

export interface How {
  /** The configuration without source. */
  readonly config?: string;
  readonly like?: Reference;
  readonly options?: Partial<BuildOptions>;
}

export async function built(rows: Iterable<Row> | (() => Iterable<Row>), how: How = {}): Promise<Built> {
  return builtFrom(async (pass) => {
    for (const row of typeof rows === "function" ? rows() : rows) {
      pass.takeEvent({ ...nothing, ...row }, row.timeMillis ?? Number.NaN);
    }
  }, how);
}

/** Of rows from anywhere. */
export async function builtFrom(rows: Rows, { config = "", like, options = {} }: How = {}): Promise<Built> {
  const parsed = parseConfig(`source: {file: {paths: [none]}}\n${config}`, "test");
  const { models, defaults } = foldSettings(parsed);
  return buildReference(rows, {
    model: "m",
    version: null,
    settings: models.get("m") ?? defaults,
    limits: parsed.limits,
    like: like ?? null,
    provenance: { kind: "file", source: ["test"], madeMillis: 0, madeBy: "test", history: [] },
    progress: () => undefined,
    ...options,
  });
}
