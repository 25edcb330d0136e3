// Other settings of outcomes, by a reload or a restart: they hold from a recorded minute on, whatever was read first.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { decoderFor } from "../../src/decode/index.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { Writer } from "../../src/primitive/bytes.ts";
import { Fold } from "../../src/state/fold.ts";
import type { FoldSettings } from "../../src/state/settings.ts";
import { choices, deal, events, inOrder, type Read, restarted } from "./drawn-outcomes.ts";
import { applyLines } from "./lines.ts";

const start = Date.parse("2026-03-01T00:00:00Z");
const minute = 60_000;

/** @param outcomes of the model m; "": they are only counted */
function settings(outcomes: string): FoldSettings {
  const model = outcomes === "" ? "{segments: [site]}" : `{outcomes: {${outcomes}}, segments: [site]}`;
  const text = `source: {file: {paths: [none]}}\ndefaults: {windows: [5m, 1h, 3h]}\nmodels: {m: ${model}}`;
  return foldSettings(parseConfig(text, "test"));
}

const before = settings("horizon: 20m");
const changes: Readonly<Record<string, FoldSettings>> = {
  shorter: settings("horizon: 4m"),
  longer: settings("horizon: 1h"),
  sampled: settings("horizon: 20m, sample: 0.5"),
  absent: settings("horizon: 20m, absent: 0"),
  removed: settings(""),
};

function bytes(fold: Fold): string {
  const writer = new Writer();
  fold.encode(writer);
  return Buffer.from(writer.bytes()).toString("base64");
}

type Dealt = readonly (readonly Read[])[];

/** As many of a log's events as were dealt of the first of all. */
function halves(drawn: Parameters<typeof deal>[0]): readonly [Dealt, Dealt] {
  const first = deal(drawn.slice(0, Math.floor(drawn.length / 2)));
  const all = deal(drawn);
  return [first, all.map((log, index) => log.slice(first[index]?.length ?? 0))];
}

const counted = (fold: Fold, version = "1") => fold.join.models.get("m")?.versions.get(version);

describe("any interleaving, with restarts anywhere, gives the same bytes", () => {
  test.each(Object.entries(changes))(
    "across a reload: %s",
    (name, after) => {
      for (const [from, to] of [
        [before, after],
        [after, before],
      ] as const) {
        fc.assert(
          fc.property(events, choices, choices, (drawn, one, other) => {
            const [early, late] = halves(drawn);
            const [first, second] = [false, true].map((restarts) => {
              const order = { choices: restarts ? other : one, restarts };
              const fold = inOrder(early, order, new Fold(from));
              const fromMillis = fold.reload(to, Number.POSITIVE_INFINITY);
              // After a restart nobody knows that late outcomes of minutes before were joined, or not.
              const played = inOrder(late, { ...order, restarts: restarts && name !== "removed" }, fold);
              played.closeThrough(start + drawn.length * 9000 + 90 * minute);
              expect(played.settings).toBe(to);
              return { fromMillis, bytes: bytes(played) };
            });
            expect(second?.fromMillis).toBe(first?.fromMillis);
            expect(second?.bytes === first?.bytes).toBe(true);
          }),
          { numRuns: 10, endOnFailure: true },
        );
      }
    },
    120_000,
  );

  test.each(Object.entries(changes))(
    "after a restart: %s",
    (_, after) => {
      fc.assert(
        fc.property(events, choices, choices, (drawn, one, other) => {
          const [early, late] = halves(drawn);
          const [first, second] = [one, other].map((order) => {
            // What is open is closed under the settings of the restart: both have to have closed as much before.
            const fold = inOrder(early, { choices: order, restarts: false }, new Fold(before));
            return bytes(inOrder(late, { choices: order, restarts: order === other }, restarted(fold, after)));
          });
          expect(second === first).toBe(true);
        }),
        { numRuns: 12, endOnFailure: true },
      );
    },
    120_000,
  );
});

describe("a reload", () => {
  const line = (type: string, id: string, time: number): string =>
    JSON.stringify({ type, model: "m", id, time: start + time, version: type === "prediction" ? "1" : undefined, label: 1 });

  function folded(lines: readonly string[], fold: Fold): void {
    applyLines(fold, fold.log("t", 0, 1e12), decoderFor("native"), lines);
  }

  test("holds from the first minute on of which nothing was seen", () => {
    const fold = new Fold(before);
    folded([line("prediction", "a", 0), line("prediction", "b", 5 * minute)], fold);
    fold.reload(changes.shorter as FoldSettings, Number.POSITIVE_INFINITY);
    // Of the minute before, under the horizon before; of the one after, under the one after.
    folded([line("outcome", "a", 5 * minute + 1), line("outcome", "b", 10 * minute)], fold);
    fold.closeThrough(start + 40 * minute);
    expect(counted(fold)).toMatchObject({ joined: 1, expired: 1 });
    expect(counted(fold, "")).toMatchObject({ orphaned: 1 });
  });

  test("without outcomes lets go of what waits, and counts nothing of it", () => {
    const fold = new Fold(before);
    folded([line("prediction", "a", 0), line("outcome", "nobody", 0), line("prediction", "b", minute)], fold);
    fold.closeThrough(start + minute);
    fold.reload(changes.removed as FoldSettings, Number.POSITIVE_INFINITY);
    folded([line("outcome", "a", 2 * minute), line("prediction", "c", 2 * minute)], fold);
    fold.closeThrough(start + 40 * minute);
    expect(counted(fold)).toMatchObject({ joined: 0, expired: 0 });
    expect(counted(fold, "")).toMatchObject({ orphaned: 0 });
    expect(fold.join.totals.byModel.get("m")?.get("")).toMatchObject({ count: 2, unjoined: 1 });
    expect([fold.join.table.used, fold.join.models.get("m")?.waiting]).toEqual([0, 0]);
  });

  test("with outcomes joins what comes from there on", () => {
    const fold = new Fold(changes.removed as FoldSettings);
    folded([line("prediction", "a", 0)], fold);
    fold.reload(before, Number.POSITIVE_INFINITY);
    folded([line("prediction", "b", minute), line("outcome", "a", 2 * minute), line("outcome", "b", 2 * minute)], fold);
    fold.closeThrough(start + 40 * minute);
    expect(counted(fold)).toMatchObject({ joined: 1, expired: 0 });
    expect(counted(fold, "")).toMatchObject({ orphaned: 1 });
  });
});
