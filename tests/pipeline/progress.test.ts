// What moves the frontier and what holds it: records, and the clock where a log is silent, stuck or far ahead.
// Written is always five events of one time, so a log has closed what lies a minute before that.
import { describe, expect, test } from "vitest";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
import { Assembly, aheadMillis, idleMillis, logAt, settings, stateText, stuckMillis, topic } from "./assembly.ts";
import { hour, midnight, minute, prediction, predictions } from "./events.ts";

const [a, b, c] = [logAt(0), logAt(1), logAt(2)];
const second = 1000;
const at = (minutes: number): string[] => predictions(midnight + minutes * minute);
const year = 365 * 24 * 60;

/** Two logs that have closed 9 and 2 minutes; so has the frontier 2. */
async function apart(): Promise<Assembly> {
  const assembly = await Assembly.of(2);
  await assembly.write(a, at(10));
  await assembly.write(b, at(3));
  expect(assembly.frontierMinutes).toBe(2);
  return assembly;
}

/** Time passes while the first log goes on with what is before the end of its pane, so it is never silent. */
async function passWith(assembly: Assembly, millis: number): Promise<void> {
  for (let passed = 0; passed < millis; passed += 10 * second) {
    await assembly.write(a, [prediction(midnight + 10 * minute)]);
    assembly.pass(Math.min(10 * second, millis - passed));
  }
}

describe("records", () => {
  test("the frontier is where the slowest log is, and says which one that is", async () => {
    const assembly = await Assembly.of(3);
    await assembly.write(a, at(10));
    await assembly.write(b, at(7));
    expect(assembly.fold.frontierMillis).toBeNaN();
    expect(assembly.fold.heldBy).toEqual([assembly.state(c)]);
    await assembly.write(c, at(5));
    expect(assembly.frontierMinutes).toBe(4);
    expect(assembly.fold.heldBy).toEqual([assembly.state(c)]);
    await assembly.write(c, at(20));
    expect([assembly.frontierMinutes, assembly.fold.heldBy]).toEqual([6, [assembly.state(b)]]);
  });

  test("it never goes back", async () => {
    const assembly = await apart();
    await assembly.write(a, at(1));
    await assembly.write(b, at(0));
    expect(assembly.frontierMinutes).toBe(2);
  });

  test.each([1, 2, 3, 4])("%d clocks that are a year ahead move nothing", async (wrong) => {
    const assembly = await Assembly.of(1);
    await assembly.write(a, at(10));
    await assembly.write(a, predictions(midnight + year * minute, wrong));
    expect(assembly.frontierMinutes).toBe(9);
    // Nor does silence, which closes the pane of the last event that can be believed.
    assembly.pass(20 * minute);
    expect(assembly.frontierMinutes).toBe(11);
    await assembly.write(a, at(13));
    expect([assembly.frontierMinutes, assembly.state(a).late.size]).toEqual([12, 0]);
  });

  test("five of them do: no clock is wrong by itself", async () => {
    const assembly = await Assembly.of(1);
    await assembly.write(a, at(10));
    await assembly.write(a, predictions(midnight + year * minute, 5));
    expect(assembly.frontierMinutes).toBe(year - 1);
  });
});

describe("an idle log", () => {
  test("is not waited for after its time", async () => {
    const assembly = await apart();
    await passWith(assembly, idleMillis - second);
    expect([assembly.state(b).excluded, assembly.frontierMinutes]).toEqual([false, 2]);
    await passWith(assembly, second);
    expect(assembly.state(b).excluded).toBe(true);
    await passWith(assembly, 3 * second);
    expect([assembly.state(a).excluded, assembly.frontierMinutes]).toEqual([false, 9]);
    await assembly.write(a, at(20));
    await passWith(assembly, 3 * second);
    expect([assembly.frontierMinutes, assembly.fold.heldBy]).toEqual([19, [assembly.state(a)]]);
  });

  test("needs to be looked at: silence alone says nothing", async () => {
    const assembly = await apart();
    assembly.passUnseen(24 * hour);
    expect([assembly.state(b).excluded, assembly.frontierMinutes]).toEqual([false, 2]);
    assembly.source.look();
    assembly.passUnseen(second);
    expect(assembly.state(b).excluded).toBe(false);
    assembly.source.look();
    assembly.passUnseen(second);
    expect(assembly.state(b).excluded).toBe(true);
  });

  test("is passed only when it was looked at again, and is fully read still", async () => {
    const assembly = await apart();
    await passWith(assembly, idleMillis);
    expect([assembly.state(b).excluded, assembly.frontierMinutes]).toEqual([true, 2]);
    // Records that nobody has seen yet: they lie in front of where the frontier was about to go.
    assembly.source.append(b, at(4));
    await passWith(assembly, second);
    expect([assembly.state(b).excluded, assembly.frontierMinutes]).toEqual([false, 2]);
    await assembly.source.deliver(b);
    expect([assembly.frontierMinutes, assembly.state(b).late.size]).toEqual([3, 0]);
  });

  test("is not passed by records of others either, before it was looked at again", async () => {
    const assembly = await apart();
    await passWith(assembly, idleMillis);
    await assembly.write(a, at(30));
    await assembly.write(a, at(40));
    expect(assembly.frontierMinutes).toBe(2);
    assembly.source.look();
    assembly.source.look();
    await assembly.write(a, at(50));
    // Where others were when the first look began.
    expect(assembly.frontierMinutes).toBe(9);
  });

  test("is waited for as soon as it has records again", async () => {
    const assembly = await apart();
    await passWith(assembly, idleMillis + 5 * second);
    expect(assembly.frontierMinutes).toBe(9);
    await assembly.write(b, at(12));
    await assembly.write(a, at(30));
    expect([assembly.frontierMinutes, assembly.fold.heldBy]).toEqual([11, [assembly.state(b)]]);
  });

  test("brings what is late by the frontier's reason for minutes that went on without it", async () => {
    const assembly = await apart();
    await passWith(assembly, idleMillis + 5 * second);
    // It has closed two minutes itself; the third is the first that it had not.
    const own = [0, 1].map((minutes) => prediction(midnight + minutes * minute));
    const others = [2, 4, 8].map((minutes) => prediction(midnight + minutes * minute));
    await assembly.write(b, [...own, ...others, prediction(midnight + 9 * minute)]);
    expect(Object.fromEntries(assembly.state(b).late)).toEqual({ log: 2, frontier: 3 });
    expect(assembly.frontierMinutes).toBe(9);
  });

  test("that never had a record holds nobody for longer", async () => {
    const assembly = await Assembly.of(2);
    await assembly.write(a, at(10));
    await passWith(assembly, idleMillis + 3 * second);
    expect(assembly.frontierMinutes).toBe(9);
  });

  test("whose partition appears later does not hold others back before it has records", async () => {
    const assembly = await Assembly.of(1);
    await assembly.write(a, at(10));
    assembly.source.add(b);
    await assembly.write(a, at(20));
    assembly.pass(3 * second);
    expect(assembly.frontierMinutes).toBe(19);
  });

  test("is forgotten when it is no more", async () => {
    const assembly = await apart();
    assembly.ingest.revoked(b);
    assembly.source.state.assigned = false;
    assembly.progress.tick();
    expect([assembly.state(b).excluded, assembly.frontierMinutes]).toEqual([false, 2]);
    assembly.source.state.assigned = true;
    assembly.progress.tick();
    expect([assembly.state(b).excluded, assembly.frontierMinutes]).toEqual([true, 9]);
  });
});

describe("when all logs are idle", () => {
  test("the last pane closes when it can no longer be in time", async () => {
    const assembly = await apart();
    await assembly.write(b, [prediction(midnight + 10 * minute + 20 * second)]);
    assembly.clockMillis = midnight + 11 * minute;
    assembly.pass(55 * second);
    expect([assembly.state(a).excluded, assembly.state(b).excluded]).toEqual([true, true]);
    expect(assembly.frontierMinutes).toBe(10);
    assembly.pass(5 * second);
    expect(assembly.frontierMinutes).toBe(11);
    assembly.pass(24 * hour);
    expect(assembly.frontierMinutes).toBe(11);
  });

  test("nothing closes before there was an event", async () => {
    const assembly = await Assembly.of(2);
    assembly.pass(hour);
    expect([assembly.state(a).excluded, assembly.fold.frontierMillis]).toEqual([true, Number.NaN]);
  });

  test("a next event is in time", async () => {
    const assembly = await apart();
    assembly.clockMillis = midnight + 12 * minute;
    assembly.pass(2 * minute);
    expect(assembly.frontierMinutes).toBe(11);
    await assembly.write(b, at(14));
    await assembly.write(a, at(14));
    expect([assembly.frontierMinutes, assembly.state(a).late.size, assembly.state(b).late.size]).toEqual([13, 0, 0]);
  });
});

describe("while the source is down", () => {
  test("nobody is idle and nobody is stuck", async () => {
    const assembly = await apart();
    assembly.source.append(b, at(4));
    assembly.source.look();
    assembly.source.state.up = false;
    assembly.pass(24 * hour);
    expect([assembly.state(a).excluded, assembly.state(b).excluded, assembly.progress.leftBehind]).toEqual([false, false, 0]);
    expect(assembly.frontierMinutes).toBe(2);
    assembly.source.state.up = true;
    assembly.pass(idleMillis - second);
    expect(assembly.state(a).excluded).toBe(false);
    assembly.pass(second);
    expect([assembly.state(a).excluded, assembly.state(b).excluded]).toEqual([true, false]);
  });

  test("the last pane stays open, and for as long as silence takes after it", async () => {
    const assembly = await Assembly.of(1);
    await assembly.write(a, at(10));
    assembly.clockMillis = midnight + 10 * minute;
    assembly.pass(idleMillis);
    expect([assembly.state(a).excluded, assembly.frontierMinutes]).toEqual([true, 9]);
    assembly.source.state.up = false;
    // What is written meanwhile is not seen.
    assembly.source.append(a, at(10));
    assembly.passUnseen(hour);
    expect(assembly.frontierMinutes).toBe(9);
    assembly.source.state.up = true;
    assembly.passUnseen(second);
    expect(assembly.frontierMinutes).toBe(9);
    await assembly.source.deliver(a);
    expect(assembly.state(a).late.size).toBe(0);
    assembly.pass(idleMillis);
    expect(assembly.frontierMinutes).toBe(11);
  });
});

describe("a stuck log", () => {
  /** The second log has records that are not handed over. */
  async function stuck(): Promise<Assembly> {
    const assembly = await apart();
    assembly.source.append(b, [...at(5), ...at(8)]);
    assembly.source.look();
    return assembly;
  }

  test("is left behind after its time, counted and named", async () => {
    const assembly = await stuck();
    await passWith(assembly, stuckMillis - second);
    expect([assembly.frontierMinutes, assembly.progress.leftBehind]).toEqual([2, 0]);
    await passWith(assembly, second);
    expect([assembly.frontierMinutes, assembly.progress.leftBehind]).toEqual([9, 1]);
    expect(assembly.log.of("error")).toEqual([
      {
        level: "error",
        message: "left a stuck log behind",
        topic,
        partition: 1,
        next: 5,
        end: 15,
        silentMillis: stuckMillis,
      },
    ]);
    await passWith(assembly, hour);
    expect(assembly.progress.leftBehind).toBe(1);
  });

  test("is not waited for before it has caught up, then it is", async () => {
    const assembly = await stuck();
    await passWith(assembly, stuckMillis);
    await assembly.source.deliver(b);
    expect([assembly.state(b).excluded, assembly.state(b).late.get("frontier")]).toEqual([true, 10]);
    await assembly.write(a, at(30));
    expect(assembly.frontierMinutes).toBe(29);
    await assembly.write(b, at(30));
    expect(assembly.state(b).excluded).toBe(false);
    await assembly.write(a, at(60));
    expect([assembly.frontierMinutes, assembly.fold.heldBy]).toEqual([29, [assembly.state(b)]]);
  });

  test("is left behind again, and counted again", async () => {
    const assembly = await stuck();
    await passWith(assembly, stuckMillis);
    await assembly.write(b, at(30));
    assembly.source.append(b, at(40));
    assembly.source.look();
    await passWith(assembly, stuckMillis);
    expect(assembly.progress.leftBehind).toBe(2);
  });

  test("is an idle one like others when it has caught up and falls silent", async () => {
    const assembly = await stuck();
    await passWith(assembly, stuckMillis);
    await assembly.write(b, at(30));
    await passWith(assembly, idleMillis + second);
    expect(assembly.state(b).excluded).toBe(true);
    assembly.source.append(b, at(31));
    await passWith(assembly, second);
    expect(assembly.state(b).excluded).toBe(false);
  });

  test("that catches up while the frontier is about to pass an idle one is waited for", async () => {
    const assembly = await Assembly.of(3);
    await assembly.write(a, at(10));
    await assembly.write(b, at(3));
    await assembly.write(c, at(3));
    assembly.source.append(c, at(5));
    assembly.source.look();
    await passWith(assembly, stuckMillis);
    expect([assembly.state(b).excluded, assembly.state(c).excluded, assembly.frontierMinutes]).toEqual([true, true, 2]);
    await assembly.source.deliver(c);
    await passWith(assembly, 3 * second);
    expect([assembly.state(c).excluded, assembly.frontierMinutes, assembly.state(c).late.size]).toEqual([false, 4, 0]);
  });

  test("does not keep the others' last pane open", async () => {
    const assembly = await stuck();
    assembly.clockMillis = midnight + 10 * minute;
    assembly.pass(stuckMillis + second);
    expect([assembly.progress.leftBehind, assembly.frontierMinutes]).toEqual([1, 11]);
  });

  test("closes nothing where there is no other", async () => {
    const assembly = await Assembly.of(1);
    await assembly.write(a, at(10));
    assembly.source.append(a, at(20));
    assembly.pass(stuckMillis + hour);
    expect([assembly.progress.leftBehind, assembly.frontierMinutes]).toEqual([1, 9]);
  });
});

describe("a log that is far ahead", () => {
  const aheadMinutes = aheadMillis / minute;

  test("is paused until the slowest has made up half of it", async () => {
    const assembly = await apart();
    await assembly.write(a, at(3 + aheadMinutes));
    expect(assembly.source.isPaused(a)).toBe(false);
    await assembly.write(a, at(3 + aheadMinutes + 1));
    expect([assembly.source.isPaused(a), assembly.standing(a).paused]).toEqual([true, true]);
    assembly.source.append(a, at(200));
    expect(await assembly.source.deliver(a)).toBe(0);
    await assembly.write(b, at(3 + aheadMinutes / 2));
    expect(assembly.source.isPaused(a)).toBe(true);
    await assembly.write(b, at(3 + aheadMinutes / 2 + 1));
    expect([assembly.source.isPaused(a), assembly.standing(a).paused, assembly.source.isPaused(b)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(await assembly.source.deliver(a)).toBe(5);
  });

  test("is paused also before the frontier is known", async () => {
    const assembly = await Assembly.of(3);
    await assembly.write(b, at(3));
    await assembly.write(a, at(3 + aheadMinutes + 1));
    expect([assembly.source.isPaused(a), assembly.fold.frontierMillis]).toEqual([true, Number.NaN]);
  });

  test("is neither idle nor stuck meanwhile, nor right after", async () => {
    const assembly = await apart();
    await assembly.write(a, at(100));
    assembly.source.append(a, at(101));
    for (let minutes = 4; minutes < 60; minutes++) {
      await assembly.write(b, at(minutes));
      assembly.pass(25 * second);
    }
    expect([assembly.source.isPaused(a), assembly.state(a).excluded]).toEqual([true, false]);
    await assembly.write(b, at(90));
    expect(assembly.source.isPaused(a)).toBe(false);
    assembly.pass(25 * second);
    expect([assembly.state(a).excluded, assembly.progress.leftBehind]).toEqual([false, 0]);
  });

  test("goes on when the slow one is left out", async () => {
    const assembly = await apart();
    await assembly.write(a, at(100));
    expect(assembly.source.isPaused(a)).toBe(true);
    assembly.pass(idleMillis + 5 * second);
    expect([assembly.state(b).excluded, assembly.frontierMinutes, assembly.source.isPaused(a)]).toEqual([true, 99, false]);
  });

  test.each([
    ["the source starts it anew", (assembly: Assembly) => void assembly.ingest.start(a, { low: 0, end: 20 })],
    [
      "it is owned again",
      (assembly: Assembly) => {
        assembly.ingest.revoked(a);
        assembly.ingest.start(a, { low: 0, end: 20 });
      },
    ],
  ])("is resumed in time also where meanwhile %s", async (_what, happens) => {
    const assembly = await apart();
    await assembly.write(a, at(3 + aheadMinutes + 1));
    await assembly.write(b, at(20));
    // Too near now to be paused, too far still to be resumed; the source remembers that it is paused.
    happens(assembly);
    await assembly.write(b, at(25));
    expect(assembly.source.isPaused(a)).toBe(true);
    await assembly.write(b, at(60));
    expect(assembly.source.isPaused(a)).toBe(false);
  });
});

describe("each decision is a part of the state", () => {
  const scenes: readonly (readonly [string, () => Promise<Assembly>])[] = [
    ["nothing decided", apart],
    [
      "an idle log left out",
      async () => {
        const assembly = await apart();
        await passWith(assembly, idleMillis);
        expect(assembly.state(b).excluded).toBe(true);
        return assembly;
      },
    ],
    [
      "the frontier past an idle log",
      async () => {
        const assembly = await apart();
        await passWith(assembly, idleMillis + 5 * second);
        expect(assembly.frontierMinutes).toBe(9);
        return assembly;
      },
    ],
    [
      "a stuck log left behind",
      async () => {
        const assembly = await apart();
        assembly.source.append(b, at(5));
        await passWith(assembly, stuckMillis + second);
        expect(assembly.progress.leftBehind).toBe(1);
        return assembly;
      },
    ],
    [
      "the last pane closed",
      async () => {
        const assembly = await apart();
        assembly.clockMillis = midnight + 12 * minute;
        assembly.pass(2 * minute);
        expect(assembly.frontierMinutes).toBe(11);
        return assembly;
      },
    ],
    [
      "late events",
      async () => {
        const assembly = await apart();
        await passWith(assembly, idleMillis + 5 * second);
        await assembly.write(b, [...at(1), ...at(5)]);
        expect(assembly.state(b).late.size).toBe(2);
        return assembly;
      },
    ],
    [
      "wrong clocks",
      async () => {
        const assembly = await apart();
        await assembly.write(b, predictions(midnight + year * minute, 4));
        return assembly;
      },
    ],
  ];

  test.each(scenes)("%s", async (_what, play) => {
    const assembly = await play();
    const loaded = decodeSnapshot(encodeSnapshot(assembly.fold, 0), settings);
    if (!("fold" in loaded)) throw new Error(loaded.refused);
    expect(stateText(loaded.fold)).toBe(stateText(assembly.fold));
    const logs = (from: Assembly["fold"]) =>
      [...from.logs.values()].map(({ excluded, closedMillis }) => ({ excluded, closedMillis }));
    expect(logs(loaded.fold)).toEqual(logs(assembly.fold));

    // Both go on with the same records to the same state.
    const restarted = await assembly.restarted();
    const more = [...at(5), ...at(9), ...at(40), ...predictions(midnight + year * minute, 1)];
    for (const log of [a, b]) assembly.source.append(log, more);
    await restarted.source.deliver(a);
    await restarted.source.deliver(b);
    const same = new Assembly({ fold: assembly.fold, source: restarted.source, clockMillis: restarted.clockMillis });
    await restarted.source.stop();
    for (const log of [a, b]) restarted.source.resume(log);
    await restarted.source.start(same.ingest);
    await restarted.source.deliver(a);
    await restarted.source.deliver(b);
    expect(stateText(same.fold)).toBe(stateText(restarted.fold));
    expect(restarted.state(b).next).toBe(assembly.state(b).next);
  });
});
