// Numbers, shares, durations and times as people read them.
import { type Html, html } from "./html.ts";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const significant = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
/** From here on, and below the inverse of the second, an exponent reads better. */
const large = 1e9;
const small = 1e-3;

export function countText(count: number): string {
  return whole.format(count);
}

/** Three significant digits; whole numbers whole. */
export function numberShort(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= large || size < small)) return value.toExponential(2);
  return size >= 1000 ? whole.format(value) : significant.format(value);
}

const smallestShare = 0.001;

/** A share in per cent; one that is not 0 is never shown as 0, one that is not all never as 100. */
export function shareText(share: number): string {
  if (share > 0 && share < smallestShare) return "< 0.1 %";
  if (share < 1 && share > 1 - smallestShare) return "> 99.9 %";
  return `${significantShare.format(share * 100)} %`;
}

const significantShare = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

const units: readonly (readonly [name: string, millis: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];
/** Of a unit there have to be so many, else the next smaller one is used: "90 min", not "1 h". */
const fewest = 2;

export function durationText(millis: number): string {
  const [name, length] = units.find(([, one]) => millis >= fewest * one) ?? ["s", 1000];
  return `${countText(Math.floor(Math.max(0, millis) / length))} ${name}`;
}

/** UTC to the second. */
export function timeText(millis: number): string {
  return `${isoTime(millis).replace("T", " ").slice(0, 19)} UTC`;
}

/** UTC to the minute, for periods and hours; that it is UTC is said at the foot of the page. */
export function minuteText(millis: number): string {
  return isoTime(millis).replace(/T(..:..).*/, " $1");
}

/** A change: with its sign. */
export function signedShort(value: number): string {
  return `${value > 0 ? "+" : value < 0 ? "−" : "±"}${numberShort(Math.abs(value))}`;
}

/** How long ago; what is a little ahead of the clock counts as now. */
export function agoText(millis: number, nowMillis: number): string {
  const age = nowMillis - millis;
  if (age < -60_000) return `in ${durationText(-age)}`;
  return age < 1000 ? "now" : `${durationText(age)} ago`;
}

/** A time as markup: how long ago, and when on hovering. */
export function shownAgo(millis: number, nowMillis: number): Html {
  return html`<time datetime="${isoTime(millis)}" title="${timeText(millis)}">${agoText(millis, nowMillis)}</time>`;
}

/** A time as markup: when, and how long ago. */
export function shownTime(millis: number, nowMillis: number): Html {
  return html`<time datetime="${isoTime(millis)}">${timeText(millis)}</time>, ${agoText(millis, nowMillis)}`;
}

/** Times from outside may be beyond what a date can be. */
const farthest = 8.64e15;

function isoTime(millis: number): string {
  return new Date(Math.max(-farthest, Math.min(farthest, millis))).toISOString();
}

/** "1 model", "2 models". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
