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
  drift: {
    minEffect: 0.1,
    falseAlarms: { count: 1, millis: 30 * 86_400_000 },
    windows: [{ millis: 3_600_000, name: "1h" }],
    minSamples: 500,
    minSamplesPerDegree: 50,
    dispersion: true,
    methods: ["psi_adjusted"],
    tests: ["min_effect"],
    tolerance: { missing: 0.01, null: 0.01, wrong_type: 0.001, unseen: 0.01 },
  },
  performance: null,
  reference: null,
  learned: null,
  versionReferences: new Map(),
};
