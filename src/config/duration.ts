// Durations as Prometheus writes them: 30s, 5m, 1h, 7d, also joined as in 1h30m.

const unitMillis: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds; NaN for what is not a duration or is too long to be a number of milliseconds. */
export function parseDuration(text: string): number {
  if (!/^(\d+(ms|[smhdw]))+$/.test(text)) return Number.NaN;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdw])/g)) {
    total += Number(amount) * (unitMillis[unit as string] as number);
  }
  return Number.isSafeInteger(total) ? total : Number.NaN;
}

/** The shortest text of a duration: what labels say. */
export function formatDuration(millis: number): string {
  if (millis === 0) return "0s";
  const units = Object.entries(unitMillis)
    .filter(([unit]) => unit !== "w")
    .reverse();
  const whole = units.find(([, length]) => millis % length === 0) ?? ["ms", 1];
  const days = millis / (unitMillis.d as number);
  // 24h, as people and the contract call the window of a day.
  if (days === 1) return "24h";
  return `${millis / whole[1]}${whole[0]}`;
}
