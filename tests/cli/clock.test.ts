// The clock of a process: the real one, or that of a rehearsal, which is told by the environment.
import { describe, expect, test } from "vitest";
import { lapseVariable, processClock } from "../../src/cli/clock.ts";
import { ConfigError } from "../../src/config/load.ts";
import { type Ended, Folder } from "./command.ts";

const at = Date.parse("2026-11-23T10:15:00Z");
const from = Date.parse("2026-01-05T08:00:00Z");
const setting = "60 from 2026-01-05T08:00:00Z at 2026-11-23T10:15:00Z";

describe("without a setting it is the real one", () => {
  test.each([undefined, ""])("%j", (none) => {
    const { now, pace, beginsMillis } = processClock(none);
    expect({ pace, beginsMillis }).toEqual({ pace: 1, beginsMillis: undefined });
    expect(Math.abs(now() - Date.now())).toBeLessThan(1000);
  });
});

describe("with one", () => {
  test.each([
    ["at the moment that is named", 0, 0],
    ["a second later", 1000, 60_000],
    ["before it", -500, -30_000],
  ])("it is %s what was said, and runs so many times faster", (_when, realMillis, millis) => {
    const clock = processClock(setting, () => at + realMillis);
    expect(clock.now()).toBe(from + millis);
    expect(clock.pace).toBe(60);
    expect(clock.beginsMillis).toBe(from);
  });

  test("times are whole milliseconds", () => {
    expect(processClock(setting.replace("60", "1.5"), () => at + 1).now()).toBe(from + 1);
  });
});

describe("what is none is a mistake, and says what would be right", () => {
  test.each([
    "60",
    "fast",
    "60 from 2026-01-05T08:00:00Z",
    "0.5 from 2026-01-05T08:00:00Z at 2026-11-23T10:15:00Z",
    "3601 from 2026-01-05T08:00:00Z at 2026-11-23T10:15:00Z",
    "60 from 2026-01-05 at 2026-11-23T10:15:00Z",
    "60 from 2026-13-05T08:00:00Z at 2026-11-23T10:15:00Z",
    "60 from 2026-01-05T08:00:00 at 2026-11-23T10:15:00Z",
    `${setting} or so`,
  ])("%s", (text) => {
    expect(() => processClock(text)).toThrow(ConfigError);
    expect(() => processClock(text)).toThrow(
      `${lapseVariable}=${text}: a factor from 1 to 3600 and two moments, such as "60 from`,
    );
  });
});

test("simulate writes the hours before the rehearsal begins", async () => {
  const folder = new Folder({ [lapseVariable]: setting });
  try {
    const { code, errors }: Ended = await folder.run("simulate", "--to", "file", "--history", "30m");
    expect({ code, errors }).toEqual({ code: 0, errors: "writing the streams of 30m\n" });
    const lines = folder.read("predictions.jsonl").trim().split("\n");
    const times = lines.map((line) => Date.parse((JSON.parse(line) as { time: string }).time));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(from - 30 * 60_000);
    expect(Math.max(...times)).toBeLessThan(from);
  } finally {
    await folder.close();
  }
});
