// What is known of the model `fraud` since it was first seen, after some records: as data, and in the words of its page.
import { expect } from "vitest";
import type { VersionFacts } from "../../src/expose/model-facts-view.ts";
import { modelPage } from "../../src/expose/model-page.ts";
import { saidOn } from "../demo/said.ts";
import { midnight, minute, prediction, Running } from "./running.ts";

/** Reads records in the first minute, and as many after it as close it. */
export async function closed(records: readonly string[], yaml?: string, nowMillis = midnight + 2 * minute): Promise<Running> {
  const running = await Running.of(1, yaml);
  await running.write(0, records);
  const later = Array.from({ length: 5 }, () => prediction(midnight + 2 * minute, { model: "other" }));
  await running.write(0, later);
  running.nowMillis = nowMillis;
  return running;
}

export async function factsOf(running: Running, version = "1"): Promise<VersionFacts | undefined> {
  const view = await running.status.model("fraud");
  expect(JSON.parse(JSON.stringify(view))).toStrictEqual(view);
  return view?.versions.find((one) => one.version === version)?.facts;
}

/** What the page says of a version's facts, by term. */
export async function wordsOf(running: Running, version = "1"): Promise<Record<string, string>> {
  const view = await running.status.model("fraud");
  if (view === undefined) throw new Error("no such model");
  const place = `Version ${version} / Since it was first seen / `;
  const found = [...saidOn(modelPage(view))].filter(([key]) => key.includes(place));
  return Object.fromEntries(
    found.map(([key, text]) => [
      key.split(place)[1],
      text
        .replaceAll(/\s+/g, " ")
        .replaceAll(/ ([,;:)])/g, "$1")
        .trim(),
    ]),
  );
}
