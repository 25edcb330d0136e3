// Rehearsals take as long as all other tests and need a machine that does nothing else: an hour is a minute in them, so a process
// that waits a few seconds for its turn is silent for minutes. `npm run rehearsal`; what is no such question of speed is in `npm test`.
import { defineConfig, mergeConfig } from "vitest/config";
import tests from "./vitest.config.ts";

export default mergeConfig(
  { ...tests, test: { ...tests.test, include: [] } },
  defineConfig({ test: { include: ["tests/**/*.rehearsal.ts"], maxWorkers: 1 } }),
);
