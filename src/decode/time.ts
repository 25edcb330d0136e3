// Event times: RFC 3339 texts or milliseconds since 1970.

/** Times outside are mistakes (seconds or microseconds for milliseconds, an unset clock). 2000-01-01 to 2100-01-01. */
const earliestMillis = 946_684_800_000;
const latestMillis = 4_102_444_800_000;

// full-date "T" partial-time time-offset, RFC 3339 section 5.6; "t", "z" and a space for "T" are allowed there.
const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Milliseconds since 1970 (a text's finer digits are cut); NaN for anything that is not a time of this century. */
export function parseTime(value: unknown): number {
  const millis = typeof value === "number" ? value : typeof value === "string" ? parseText(value) : Number.NaN;
  return millis >= earliestMillis && millis < latestMillis ? Math.floor(millis) : Number.NaN;
}

function parseText(text: string): number {
  const parts = rfc3339.exec(text);
  if (parts === null) return Number.NaN;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const days = Date.UTC(year, month - 1, day);
  const dayExists = new Date(days).getUTCDate() === day && month >= 1 && month <= 12;
  // A leap second (60) is the first moment of the next minute.
  if (!dayExists || hour > 23 || minute > 59 || second > 60) return Number.NaN;
  const fraction = Number((parts[7] ?? "").padEnd(3, "0").slice(0, 3));
  const offset = (Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0)) * (parts[8] === "-" ? -1 : 1);
  return days + ((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction;
}
