// The command `reference show`: prints a reference with its histograms.
import { ConfigError } from "../config/load.ts";
import { describeFeature, describeReference } from "../reference/description.ts";
import { readReference } from "./reference-build.ts";

/** Of a line where there is no terminal that has a width. */
const usualWidth = 80;

/** @throws ConfigError where the file is no reference, or has no such feature */
export async function showCommand(path: string, { feature }: { readonly feature?: string }): Promise<void> {
  const reference = await readReference(path);
  const width = process.stdout.columns ?? usualWidth;
  const one = feature === undefined ? undefined : reference.features.get(feature);
  if (feature !== undefined && one === undefined) {
    throw new ConfigError(`--feature ${feature}: ${path} has ${[...reference.features.keys()].join(", ")}`);
  }
  const lines = one === undefined ? describeReference(reference, width) : describeFeature(one, width);
  process.stdout.write(`${lines.join("\n")}\n`);
}
