// States of values, and what is wrong with them, in words.
import { type Html, html } from "./html.ts";
import { shareText } from "./quantity-text.ts";
import { shownName } from "./shown-name.ts";
import type { QualityProblem } from "./status-view.ts";

/** A quality problem in words. */
export function problemText({ feature, state, share }: QualityProblem): Html {
  return html`${shownName(feature, 40)} ${shareText(share)} ${stateText(state)}`;
}

/** `out_of_range` as people say it. */
export function stateText(state: string): string {
  return state === "nan" ? "not a number" : state.replaceAll("_", " ");
}
