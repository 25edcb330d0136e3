// The state of a feature stays within its bound, 32 KB for windows of 1h, 24h and 7d: as it is written, and as a process has it.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { random } from "../../bench/events.ts";
import { foldStream } from "../../bench/state-stream.ts";
import type { ClosedFeatures } from "../../src/monitor/feature-pane.ts";
import { Writer } from "../../src/primitive/bytes.ts";
import type { PaneLadder } from "../../src/window/ladder.ts";

/** What is left of 32 KB for the running window of an hour, an open minute and what is said of windows. */
const packedBound = 20 * 1024;
const aWeek = 8 * 24;

test.each(["numeric", "learned", "categorical"] as const)("of a %s feature with 1,000 values an hour", (kind) => {
  const [one, three] = [1, 3].map((features) => {
    const fold = foldStream({ kind, features, eventsPerHour: 1000, hours: aWeek, windows: ["1h", "24h", "7d"] }, random(7));
    const ladder = fold.models.get("m")?.versions.get("1")?.all.ladders[0] as PaneLadder<ClosedFeatures>;
    expect(ladder.size).toBeGreaterThan(60 + 24 + 7);
    const writer = new Writer();
    ladder.encode(writer);
    return writer.bytes().length;
  }) as [number, number];
  expect((three - one) / 2).toBeLessThan(packedBound);
  // Nor is it empty: each pane has something of the feature.
  expect((three - one) / 2).toBeGreaterThan(2 * 1024);
});

/** In a process of its own: others' garbage would be counted here. Few features, so that each also has its part of what all share. */
test.each(["learned", "categorical"])("of a %s feature in memory", (kind) => {
  const bench = fileURLToPath(new URL("../../bench/state-size.ts", import.meta.url));
  const what = ["--kinds", kind, "--rates", "1000", "--features", "25", "--series", "0"];
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", bench, ...what], { encoding: "utf8" });
  expect(stdout + stderr).toMatch(/ a feature in memory \(bar 32\.0 KB: holds\)/);
  expect(status).toBe(0);
});
