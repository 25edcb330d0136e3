// The drift alarm of a version, in short. Markup only.
import { type Html, html, joined, nothing } from "./html.ts";
import { counted, countText } from "./quantity-text.ts";
import { shownName } from "./shown-name.ts";
import type { DriftingView } from "./status-view.ts";

const longestName = 40;

/** "drift alarm, 2 of 20 features: amount (24h), …"; of a sequential detector, which has no window, the name alone. */
export function driftingText({ alarming, compared, worst }: DriftingView): Html {
  const all = counted(compared, "feature");
  if (alarming === 0) return html`no alarm, ${all} compared`;
  const names = worst.map(({ feature, window }) => {
    return html`${shownName(feature, longestName)}${window === "" ? nothing : html` (${window})`}`;
  });
  const rest = alarming > worst.length ? ", …" : "";
  const which = names.length === 0 ? html`` : html`: ${joined(names, ", ")}${rest}`;
  return html`<strong class="bad">drift alarm, ${countText(alarming)} of ${all}</strong>${which}`;
}
