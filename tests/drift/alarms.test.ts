// Alarms of a fold: they come with a change and go with it, and are the same at the same event times whatever the order in which
// logs are read, wherever the process is restarted, and however far the frontier moves at once.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { decoderFor } from "../../src/decode/index.ts";
import { type AlarmLine, tellAlarms } from "../../src/pipeline/alarm-lines.ts";
import type { Reference } from "../../src/reference/reference.ts";
import { Random } from "../../src/source/simulator/random.ts";
import type { Fold } from "../../src/state/fold.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
import { applyLines } from "../state/lines.ts";
import { closedAt, type Event, folded, foldOf, hour, learned, minute, start } from "./compared.ts";

const learnedMinutes = 80 * 60;
const logs = 3;
const windows = "windows: [1h]";

/** @param change what is different from some minute on */
function traffic(
  from: number,
  to: number,
  perMinute: number,
  seed: number,
  change: (event: Event, at: number) => Event,
): [number, Event][] {
  const random = new Random(seed);
  return Array.from({ length: (to - from) * perMinute }, (_, index) => {
    const at = from + index / perMinute;
    const country = random.chance(0.6) ? "DE" : "FR";
    return [at, change({ features: { amount: 50 + 10 * random.normal(), country } }, at)];
  });
}

const same = (event: Event): Event => event;
let reference: Reference;
beforeAll(() => {
  const learning = foldOf(`defaults: {${windows}, learn: ${learnedMinutes}m}`);
  reference = learned(closedAt(folded(learning, traffic(0, learnedMinutes, 2, 1, same)), learnedMinutes));
});

const configured = `
defaults: {${windows}, drift: {min_effect: 0.02, min_samples: 200, min_samples_per_degree: 5}}
models: {m: {reference: r.json}}`;
const [from, changes, ends, to] = [learnedMinutes, learnedMinutes + 90, learnedMinutes + 150, learnedMinutes + 330];
const perMinute = 10;

/** For an hour amounts are larger and countries unknown. */
function incident(event: Event, at: number): Event {
  if (at < changes || at >= ends) return event;
  const features = event.features as { amount: number; country: string };
  return { features: { amount: features.amount + 20, country: features.country === "FR" ? "XX" : "DE" } };
}

function emptyFold(): { fold: Fold; told: AlarmLine[] } {
  const fold = foldOf(configured, new Map([["r.json", reference]]));
  const told: AlarmLine[] = [];
  tellAlarms(fold, (line) => told.push(line));
  return { fold, told };
}

function alarmsOf(events: readonly (readonly [number, Event])[]): AlarmLine[] {
  const { fold, told } = emptyFold();
  closedAt(folded(fold, events), to);
  return told;
}

const minutesAt = ({ time }: AlarmLine): number => (Date.parse(time) - start) / minute;

describe("a change that comes and goes", () => {
  let told: AlarmLine[];
  beforeAll(() => {
    told = alarmsOf(traffic(from, to, perMinute, 2, incident));
  });

  test("raises one alarm within minutes, with its reasons", () => {
    const [first] = told;
    expect(told.filter(({ state }) => state === "on").length).toBe(1);
    expect(first?.state).toBe("on");
    expect(minutesAt(first as AlarmLine)).toBeGreaterThan(changes);
    expect(minutesAt(first as AlarmLine)).toBeLessThanOrEqual(changes + 20);
    const raised = told
      .filter(({ state }) => state === "on" || state === "more")
      .map(({ feature, test: name }) => `${feature} ${name}`);
    expect(raised).toEqual(expect.arrayContaining(["amount min_effect", "country unseen"]));
    expect(new Set(raised).size).toBeLessThanOrEqual(5);
  });

  test("says what changed", () => {
    const amount = told.find(({ feature, test: name }) => feature === "amount" && name === "min_effect") as AlarmLine;
    expect(amount.text).toMatch(
      /amount in 1h: PSI [\d.]+ of \d+ values, p = .* \(alarms below .*\); mean 50(\.\d)? → 5\d(\.\d)?; /,
    );
    expect(amount.value).toBeLessThan(amount.limit);
    const country = told.find(({ test: name, window }) => name === "unseen" && window === "1h") as AlarmLine;
    expect(country.text).toMatch(/country in 1h: unseen 0 % → \d+(\.\d)? % of \d+ values/);
  });

  test("ends it when a window has been as before for its length", () => {
    const last = told.at(-1) as AlarmLine;
    expect(last.state).toBe("off");
    // An hour until the window (or what a detector has gathered by the hour) is without it, and an hour in which it stays so.
    expect(minutesAt(last)).toBeGreaterThan(ends + 60);
    expect(minutesAt(last)).toBeLessThanOrEqual(ends + 180);
  });
});

test("no change, no alarm", () => {
  expect(alarmsOf(traffic(from, to, perMinute, 3, same))).toEqual([]);
});

describe("the same alarms", () => {
  let lines: string[];
  let expected: AlarmLine[];
  beforeAll(() => {
    const events = traffic(from, to, perMinute, 2, incident);
    expected = alarmsOf(events);
    lines = events.map(([minutes, event]) =>
      JSON.stringify({ type: "prediction", model: "m", version: "1", time: start + minutes * minute, ...event }),
    );
  });

  /** Reads the logs in chunks as choices say, closing and restarting now and then. */
  function read(choices: readonly number[]): AlarmLine[] {
    let { fold, told } = emptyFold();
    const dealt = Array.from({ length: logs }, (_, log) => lines.filter((_line, index) => index % logs === log));
    const next = dealt.map(() => 0);
    for (let log = 0; log < logs; log++) fold.log("t", log, minute);
    for (let turn = 0; next.some((at, log) => at < (dealt[log] as string[]).length); turn++) {
      const choice = choices[turn % choices.length] as number;
      const log = choice % logs;
      const chunk = (dealt[log] as string[]).slice(next[log], (next[log] as number) + 1 + (choice % 97));
      applyLines(fold, fold.log("t", log, minute), decoderFor("native"), chunk);
      next[log] = (next[log] as number) + chunk.length;
      if (choice % 5 === 0) fold.advance();
      if (choice % 41 === 0) {
        const loaded = decodeSnapshot(encodeSnapshot(fold, 0), fold.settings);
        if (!("fold" in loaded)) throw new Error(loaded.refused);
        fold = loaded.fold;
        tellAlarms(fold, (line) => told.push(line));
      }
    }
    closedAt(fold, to);
    return told;
  }

  test("for any interleaving of logs, with restarts anywhere", () => {
    const choices = fc.array(fc.nat({ max: 2000 }), { minLength: logs, maxLength: 40 }).filter((all) => {
      return new Set(all.map((one) => one % logs)).size === logs;
    });
    fc.assert(
      fc.property(choices, (order) => {
        expect(read(order)).toEqual(expected);
      }),
      { numRuns: 12, endOnFailure: true },
    );
    expect(expected.length).toBeGreaterThan(3);
  });

  test("when all is closed at once as when it is minute by minute", () => {
    const { fold, told } = emptyFold();
    applyLines(fold, fold.log("t", 0, 365 * 24 * hour), decoderFor("native"), lines);
    for (let at = from; at <= to; at++) closedAt(fold, at);
    expect(told).toEqual(expected);
  });
});
