// How long a reference has to be for each window: with fewer hours or days it cannot tell how unusual a window is.
import { panesNeeded } from "../../src/stats/dispersion-support.ts";
import { dayMillis, hourMillis } from "../../src/window/ladder.ts";
import { features } from "./cells.ts";
import { windowsMillis } from "./feature-looks.ts";
import { kindOf } from "./kinds.ts";
import { alphaOf, settingsOf } from "./model.ts";

const lengthsInDays = [7, 28, 84] as const;

/** By window: the p-value at which a test of one of 20 numeric features alarms, and the days of reference that it takes. */
export function lengthTable(): string {
  const alpha = alphaOf(settingsOf({ minEffect: 0.1, samplesPerDegree: 20 }), features, kindOf("normal").shape(1));
  const rows = windowsMillis.map((windowMillis) => {
    const paneMillis = windowMillis <= dayMillis ? hourMillis : dayMillis;
    const options = { paneMillis, windowMillis, byHour: windowMillis % dayMillis !== 0 };
    // One more, as the last one may still grow.
    const needed = ((panesNeeded(options, alpha(windowMillis)) + 1) * paneMillis) / dayMillis;
    const enough = lengthsInDays.map((days) => (days >= needed ? "yes" : "no"));
    return `| ${[`${windowMillis / hourMillis} h`, alpha(windowMillis).toExponential(1), needed.toFixed(1), ...enough].join(" | ")} |`;
  });
  const head = `| window | alarms at p below | days of reference needed | ${lengthsInDays.map((days) => `${days} d are enough`).join(" | ")} |`;
  return [head, `|${"---|".repeat(3 + lengthsInDays.length)}`, ...rows].join("\n");
}
