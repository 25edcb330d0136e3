// What another process has used so far, as Linux says in /proc.
import { readFileSync } from "node:fs";

/** The unit of times in /proc on every architecture that Node runs on (USER_HZ). */
const ticksASecond = 100;

/** Processor seconds, user and system, of all threads. */
export function processorSeconds(pid: number): number {
  // The second field is the program's name in parentheses, which may hold anything; the third begins after the last ")".
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [userField, systemField] = [14 - 3, 15 - 3];
  return (Number(fields[userField]) + Number(fields[systemField])) / ticksASecond;
}

/** The largest resident set that it ever had, in MB. */
export function peakResidentMegabytes(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  if (line === null) throw new Error(`process ${pid} has no resident set`);
  return Number(line[1]) / 1024;
}
