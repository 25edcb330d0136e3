// The alarm of a version as episodes: when it begins, goes on and ends, whatever looks there are between.
import { describe, expect, test } from "vitest";
import { type AlarmChange, DriftAlarm, type Evidence, type Finding, type Signal } from "../../src/monitor/drift-alarm.ts";
import { Reader, Writer } from "../../src/primitive/bytes.ts";

const minute = 60_000;
const hour = 60 * minute;
const amount: Signal = { segment: "", feature: "amount", windowMillis: hour, test: "min_effect" };
const missing: Signal = { ...amount, test: "missing" };
const evidence: Evidence = {
  value: 1e-9,
  limit: 1e-7,
  samples: 1000,
  effect: 0.5,
  before: 40,
  after: Number.NaN,
  bin: 3,
  binBefore: 0.05,
  binAfter: 0.3,
};

function look(alarm: DriftAlarm, minutes: number, finding: Finding, signal: Signal = amount): AlarmChange | null {
  return alarm.look(signal, { timeMillis: minutes * minute, holdMillis: hour, finding, evidence: () => evidence });
}

const said = (change: AlarmChange | null): string => {
  if (change === null) return "nothing";
  return `${change.signal.test} ${change.raised ? "raised" : "ended"}${change.alarm ? ", the alarm too" : ""}`;
};

describe("an episode", () => {
  test("begins with the first signal, goes on with others and ends with the last", () => {
    const alarm = new DriftAlarm();
    expect(look(alarm, 0, "calm")).toBeNull();
    expect(alarm.on).toBe(false);
    expect(said(look(alarm, 1, "rejects"))).toBe("min_effect raised, the alarm too");
    expect(said(look(alarm, 2, "rejects", missing))).toBe("missing raised");
    expect(alarm.raised.map(({ test: name, sinceMillis }) => [name, sinceMillis / minute])).toEqual([
      ["min_effect", 1],
      ["missing", 2],
    ]);
    for (let at = 3; at < 63; at++) expect([look(alarm, at, "calm"), look(alarm, at, "near", missing)]).toEqual([null, null]);
    expect(said(look(alarm, 63, "calm"))).toBe("min_effect ended");
    expect(alarm.on).toBe(true);
    for (let at = 64; at < 124; at++) look(alarm, at, "calm", missing);
    expect(said(look(alarm, 124, "calm", missing))).toBe("missing ended, the alarm too");
    expect([alarm.on, alarm.alarms]).toEqual([false, 1]);
  });

  test("is one, however often its signal rejects; after its end comes another", () => {
    const alarm = new DriftAlarm();
    for (let at = 0; at < 10; at++) look(alarm, at, "rejects");
    expect(alarm.alarms).toBe(1);
    for (let at = 10; at <= 70; at++) look(alarm, at, "calm");
    expect(alarm.on).toBe(false);
    look(alarm, 71, "rejects");
    expect(alarm.alarms).toBe(2);
  });

  test("ends after one window of calm looks in a row: near ones begin it anew", () => {
    const alarm = new DriftAlarm();
    look(alarm, 0, "rejects");
    for (let at = 1; at < 60; at++) look(alarm, at, "calm");
    look(alarm, 60, "near");
    for (let at = 61; at < 121; at++) expect(look(alarm, at, "calm")).toBeNull();
    expect(said(look(alarm, 121, "calm"))).toContain("ended");
  });

  test("what is not known is neither calm nor not", () => {
    const alarm = new DriftAlarm();
    look(alarm, 0, "rejects");
    look(alarm, 1, "calm");
    for (let at = 2; at < 500; at++) expect(look(alarm, at, "unknown")).toBeNull();
    expect(alarm.on).toBe(true);
    expect(said(look(alarm, 500, "calm"))).toContain("ended");
  });

  test("a signal that is not looked at any more ends by itself", () => {
    const alarm = new DriftAlarm();
    look(alarm, 0, "rejects");
    expect([...alarm.endForgotten(60 * minute)]).toEqual([]);
    expect([...alarm.endForgotten(61 * minute)].map(said)).toEqual(["min_effect ended, the alarm too"]);
    expect(alarm.on).toBe(false);
  });
});

test("evidence is asked for only when a signal is raised", () => {
  const alarm = new DriftAlarm();
  let asked = 0;
  const counting = (finding: Finding, at: number) => {
    return { timeMillis: at, holdMillis: hour, finding, evidence: () => ({ ...evidence, value: ++asked }) };
  };
  for (const [at, finding] of (["calm", "near", "rejects", "rejects", "calm"] as const).entries()) {
    alarm.look(amount, counting(finding, at));
  }
  expect(asked).toBe(1);
  expect(alarm.raised[0]?.evidence).toEqual({ ...evidence, value: 1 });
});

test("only the latest changes are remembered, all alarms are counted", () => {
  const alarm = new DriftAlarm();
  for (let at = 0; at < 100; at++) {
    look(alarm, 200 * at, "rejects");
    look(alarm, 200 * at + 1, "calm");
    look(alarm, 200 * at + 100, "calm");
  }
  expect([alarm.alarms, alarm.recent.length]).toEqual([100, 20]);
  expect(alarm.recent.at(-1)?.timeMillis).toBe((200 * 99 + 100) * minute);
});

test("goes on from what was written as if it had not been", () => {
  const alarm = new DriftAlarm();
  alarm.noteLook("", 7 * minute);
  alarm.noteLook("site=north", 5 * minute);
  look(alarm, 1, "rejects");
  look(alarm, 2, "rejects", missing);
  look(alarm, 3, "calm");
  const writer = new Writer();
  alarm.encode(writer);
  const read = DriftAlarm.decode(new Reader(writer.bytes()));
  const again = new Writer();
  read.encode(again);
  expect(again.bytes()).toEqual(writer.bytes());
  expect(read.lookedMillis("site=north")).toBe(5 * minute);
  for (const one of [alarm, read]) expect(said(look(one, 63, "calm"))).toBe("min_effect ended");
  expect(read.recent).toEqual(alarm.recent);
});

test("segments that were silent for long are forgotten", () => {
  const alarm = new DriftAlarm();
  alarm.noteLook("site=old", 0);
  alarm.noteLook("", 41 * 24 * hour);
  expect([...alarm.forgetSegments(41 * 24 * hour)]).toEqual(["site=old"]);
  expect([alarm.lookedMillis("site=old"), alarm.lookedMillis("")]).toEqual([undefined, 41 * 24 * hour]);
});
