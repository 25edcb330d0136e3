// The settings of a model of which nothing is configured.
import type { ModelSettings } from "../../src/monitor/monitor.ts";

export const noSettings: ModelSettings = {
  task: "",
  team: "",
  tier: "",
  features: new Map(),
  learnMillis: 0,
  textLimit: 10,
  observations: "outputs",
  objectives: [],
  batch: null,
};
