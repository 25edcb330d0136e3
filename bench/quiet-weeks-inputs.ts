// What the result of quiet weeks follows from, beside the code that folds: as one hash, so that it can be said whether a result is of
// what there is now.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { demoConfig, demoReferencePath } from "../src/cli/demo-config.ts";
import { storyNames } from "../src/source/simulator.ts";
import { house } from "./quiet-weeks-house.ts";
import { shippedRules } from "./quiet-weeks-rules.ts";

/** Rules as far as they decide what fires, the demo's configuration and references, and what surrounds the exporter. */
export function inputsHash(): string {
  const references = storyNames.map((story) => {
    const { hash } = JSON.parse(readFileSync(demoReferencePath(story), "utf8")) as { hash: string };
    return hash;
  });
  // Paths of references are of the machine, seeds of a run.
  const config = demoConfig("", 0, "").replaceAll(/reference: ".*"/g, "");
  const around = house.map(({ metric, labels, at }) => [metric, labels, at(1, 60)]);
  return createHash("sha256")
    .update(JSON.stringify([shippedRules(), config, references, around]))
    .digest("hex")
    .slice(0, 16);
}
