// The watch over a client that does not read: when it speaks, and when it does not.
import { expect, test } from "vitest";
import { Silence } from "../../src/source/kafka/silence.ts";
import { Rest } from "../../src/source/waiting.ts";

const limitMillis = 1000;
const log = { topic: "topic", partition: 0 };
const behind = { log, bounds: { low: 0, end: 10 } };

function watch(): { silence: Silence; pass(millis: number): void } {
  let now = 0;
  const silence = new Silence(limitMillis, () => now);
  silence.begin();
  return {
    silence,
    pass: (millis) => {
      now += millis;
    },
  };
}

test("a client that fetches nothing is told of, one that fetches or works is not", async () => {
  const { silence, pass } = watch();
  pass(limitMillis);
  expect(silence.ofClient()).toBeNull();
  silence.fetched();
  pass(limitMillis);
  expect(silence.ofClient()).toBeNull();
  await silence.whileWorking(async () => {
    pass(5 * limitMillis);
    expect(silence.ofClient()).toBeNull();
  });
  expect(silence.ofClient()).toBeNull();
  pass(1500);
  expect(silence.ofClient()).toBe("no fetch for 2 s");
});

test("a log that has records and stands still is told of; one that moves, or is at its end, is not", () => {
  const { silence, pass } = watch();
  silence.moved(log);
  pass(limitMillis);
  expect(silence.ofLog(behind, 5)).toBeNull();
  silence.moved(log);
  pass(limitMillis);
  expect(silence.ofLog(behind, 6)).toBeNull();
  pass(1);
  expect(silence.ofLog(behind, 10)).toBeNull();
  pass(limitMillis + 1);
  expect(silence.ofLog(behind, 6)).toBe("first");
});

test("at the same place another client is not built for it again", () => {
  const { silence, pass } = watch();
  const stand = (position: number): "first" | "again" | null => {
    silence.begin();
    silence.moved(log);
    pass(limitMillis + 1);
    return silence.ofLog(behind, position);
  };
  expect([stand(6), stand(6), stand(6), stand(7), stand(7)]).toEqual(["first", "again", "again", "first", "again"]);
});

test("the work of a client that was given up says nothing about the next one", async () => {
  const { silence, pass } = watch();
  let finish: () => void = () => undefined;
  const old = silence.whileWorking(
    () =>
      new Promise((resolve) => {
        finish = () => resolve();
      }),
  );
  silence.begin();
  pass(limitMillis + 1);
  expect(silence.ofClient()).toBe("no fetch for 1 s");
  finish();
  await old;
  expect(silence.ofClient()).toBe("no fetch for 1 s");
});

test("a rest ends when it is woken, also where that came before", async () => {
  const rest = new Rest();
  const long = 60_000;
  const resting = rest.of(long);
  rest.wake();
  await resting;
  rest.wake();
  await rest.of(long);
  const began = performance.now();
  await rest.of(30);
  expect(performance.now() - began).toBeGreaterThan(25);
});
