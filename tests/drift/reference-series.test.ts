// What series say of a reference: how often values were in each state in it, and since when windows are compared with it.
import { beforeAll, describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import type { Page } from "../../src/expose/sample.ts";
import { features } from "../../src/monitor/features.ts";
import { foldSettings } from "../../src/pipeline/fold-settings.ts";
import { featureMemoryOf, featureTotalsOf } from "../../src/pipeline/of-features.ts";
import type { Reference } from "../../src/reference/reference.ts";
import type { Fold } from "../../src/state/fold.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
import { closedAt, type Event, folded, foldOf, learned, modelOf, start } from "./compared.ts";

const defaults = "defaults: {windows: [1h], learn: 3h}";
const configured = `${defaults}\nmodels: {m: {reference: r.json}}`;

/** Of every ten amounts one each is missing, null, a text and beyond the range; of colours one is new when they are known. */
function traffic(from: number, to: number): [number, Event][] {
  return Array.from({ length: (to - from) * 10 }, (_, index): [number, Event] => {
    const at = index % 10;
    const amount = [undefined, null, "many", 5000][at] ?? (at === 1 ? null : index % 97);
    const colour = at < 5 ? "red" : "blue";
    return [from + index / 10, { features: { ...(at === 0 ? {} : { amount }), colour, plain: index % 89 } }];
  });
}

function shown(fold: Fold): ReadonlyMap<string, number> {
  const model = modelOf(fold);
  const version = model.versions.get("1");
  if (version === undefined) throw new Error("nothing was folded");
  const lines = new Map<string, number>();
  const page: Page = {
    sample: ({ prefix }, value) => {
      if (!Number.isNaN(value)) lines.set(prefix.trim(), value);
    },
    histogram: () => undefined,
  };
  const writer = features.totalsWriter({ model: "m", version: "1" });
  writer.write(featureTotalsOf(version), featureMemoryOf(model), page, () => "shown");
  return lines;
}

const adopted = (fold: Fold): number | undefined => {
  const seconds = shown(fold).get('ml_reference_adopted_timestamp_seconds{model="m",version="1"}');
  return seconds === undefined ? undefined : (seconds * 1000 - start) / 60_000;
};

function under(fold: Fold, text: string, references: ReadonlyMap<string, Reference> = new Map()): Fold {
  const config = parseConfig(`source: {file: {paths: [none]}}\n${text}`, "test");
  const loaded = decodeSnapshot(encodeSnapshot(fold, 0), foldSettings(config, references));
  if (!("fold" in loaded)) throw new Error(loaded.refused);
  return loaded.fold;
}

describe("states", () => {
  const statesOf = (fold: Fold, feature: string): Record<string, number> => {
    const pattern = new RegExp(`^ml_reference_state_ratio.*feature="${feature}",state="(\\w+)"`);
    return Object.fromEntries(
      [...shown(fold)].flatMap(([key, value]) => {
        const state = pattern.exec(key)?.[1];
        return state === undefined ? [] : [[state, value]];
      }),
    );
  };
  let fold: Fold;
  beforeAll(() => {
    const models = "models: {m: {features: {amount: {type: numeric, range: [0, 1000]}}}}";
    fold = closedAt(folded(foldOf(`${defaults}\n${models}`), traffic(0, 181)), 181);
  });

  test("of a number with a range are all but unseen, each a share of all values, and 0 is one", () => {
    const tenth = expect.closeTo(0.1, 12);
    expect(statesOf(fold, "amount")).toEqual({
      missing: tenth,
      null: tenth,
      wrong_type: tenth,
      out_of_range: tenth,
      nan: 0,
      infinite: 0,
    });
  });

  test("of a number without a range none is out of it; of a category none is a number", () => {
    expect(statesOf(fold, "plain")).toEqual({ missing: 0, null: 0, wrong_type: 0, nan: 0, infinite: 0 });
    expect(statesOf(fold, "colour")).toEqual({ missing: 0, null: 0, wrong_type: 0, unseen: 0 });
  });

  test("are not there while the reference is learned", () => {
    const learning = closedAt(folded(foldOf(defaults), traffic(0, 60)), 60);
    expect(statesOf(learning, "plain")).toEqual({});
  });
});

describe("since when", () => {
  const plain = (from: number, to: number): [number, Event][] =>
    Array.from({ length: (to - from) * 10 }, (_, index) => [from + index / 10, { features: { x: index % 89 } }]);
  const referenceOf = (minutes: number): Reference =>
    learned(closedAt(folded(foldOf(`defaults: {windows: [1h], learn: ${minutes}m}`), plain(0, minutes)), minutes));
  const first = new Map([["r.json", referenceOf(180)]]);
  const second = new Map([["r.json", referenceOf(240)]]);

  test("one that is learned holds when it is frozen, and after a restart", () => {
    expect(adopted(closedAt(folded(foldOf(defaults), plain(0, 100)), 100))).toBeUndefined();
    const fold = closedAt(folded(foldOf(defaults), plain(0, 200)), 200);
    expect(adopted(fold)).toBe(180);
    expect(adopted(under(fold, defaults))).toBe(180);
  });

  test("a configured one holds from the first pane that closes under it, also after a restart with the same", () => {
    const fold = closedAt(folded(foldOf(configured, first), plain(30, 60)), 60);
    expect(adopted(fold)).toBe(30);
    expect(adopted(closedAt(folded(under(fold, configured, first), plain(60, 90)), 90))).toBe(30);
  });

  test("another one holds from the first pane after the restart; until then nobody knows", () => {
    const before = closedAt(folded(foldOf(configured, first), plain(30, 60)), 60);
    const fold = under(before, configured, second);
    expect(adopted(fold)).toBeUndefined();
    closedAt(folded(fold, plain(60, 90)), 90);
    expect(adopted(fold)).toBe(60);
    expect(adopted(under(fold, configured, second))).toBe(60);
  });

  test("one in the place of one that was learned holds from then on", () => {
    const before = closedAt(folded(foldOf(defaults), plain(0, 200)), 200);
    const fold = under(before, configured, first);
    closedAt(folded(fold, plain(200, 210)), 210);
    expect(adopted(fold)).toBe(200);
  });
});
