// How many features of a version would alarm, in short. Markup only.
import { type Html, html, joined } from "./html.ts";
import { counted, countText } from "./quantity-text.ts";
import { shownName } from "./shown-name.ts";
import type { DriftingView } from "./status-view.ts";

const longestName = 40;

/** "2 of 20 features would alarm: amount (24h), …". */
export function driftingText({ alarming, compared, worst }: DriftingView): Html {
  const all = counted(compared, "feature");
  if (alarming === 0) return html`none of ${all} would alarm`;
  const names = worst.map(({ feature, window }) => html`${shownName(feature, longestName)} (${window})`);
  const rest = alarming > worst.length ? ", …" : "";
  const which = names.length === 0 ? html`` : html`: ${joined(names, ", ")}${rest}`;
  return html`<strong class="bad">${countText(alarming)} of ${all} would alarm</strong>${which}`;
}
