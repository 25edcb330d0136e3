// What this process has used so far and the programs that it ran, as Linux says in /proc.
import { readFileSync } from "node:fs";

/** The unit of times in /proc on every architecture that Node runs on (USER_HZ). */
const ticksASecond = 100;

/** Processor seconds, user and system, of this process and of those that it has started and that have ended. */
export function processorSecondsOfAll(): number {
  // The second field is the program's name in parentheses, which may hold anything; the third begins after the last ")".
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // utime, stime, cutime and cstime.
  const times = fields.slice(14 - 3, 18 - 3).map(Number);
  return times.reduce((sum, time) => sum + time, 0) / ticksASecond;
}
