// The drift of a feature on its card: scores and verdict of the newest window, states of values, other windows that alarm.
import { alarms, distributionAlarms, stateAlarms } from "./drift-alarm.ts";
import { scoreText } from "./drift-scores.ts";
import { verdictText } from "./drift-verdict.ts";
import { type Html, html, joined, nothing } from "./html.ts";
import type { DriftView, FeatureView, FeatureWindow, StateDriftView } from "./model-view.ts";
import { pValueText } from "./p-value-text.ts";
import { stateText } from "./quality-text.ts";
import { shareText } from "./quantity-text.ts";

const mark = html`<strong>Alarms</strong>`;

/** Nothing where no window was compared with a reference. */
export function featureDrift({ windows }: FeatureView): Html {
  const [current, ...others] = windows;
  if (current === undefined) return nothing;
  const own = current.drift === null ? [] : windowLines(current.drift, current.window);
  return html`${[...own, ...others.flatMap(otherWindow)]}`;
}

/** Whether any of its windows alarms. */
export function featureAlarms({ windows }: FeatureView): boolean {
  return windows.some(({ drift }) => alarms(drift));
}

function windowLines(drift: DriftView, window: string): Html[] {
  const scores = scoreText(drift, window);
  const verdict = verdictText(drift);
  const line = distributionAlarms(drift) ? html`<p class="bad">${mark}: ${verdict}</p>` : html`<p>${verdict}</p>`;
  return [scores.text === "" ? nothing : html`<p>${scores}</p>`, line, ...drift.states.flatMap((one) => stateLine(one))];
}

/** A state is told of where it alarms, or where it is more than is accepted but may be so by chance. */
function stateLine(state: StateDriftView): Html[] {
  if (stateAlarms(state)) return [html`<p class="bad">${mark}: ${stateShares(state)}</p>`];
  return state.share > state.referenceShare + state.tolerance ? [html`<p class="flag">${stateShares(state)}: no alarm</p>`] : [];
}

/** "missing 5 % against 1 %, p = 0.2". */
function stateShares({ state, share, referenceShare, pValue }: StateDriftView): string {
  const chance = pValue === null ? "no p-value" : pValueText(pValue);
  return `${stateText(state)} ${shareText(share)} against ${shareText(referenceShare)}, ${chance}`;
}

/** Of a longer window only what alarms. */
function otherWindow({ window, drift }: FeatureWindow): Html[] {
  if (drift === null || !alarms(drift)) return [];
  const distribution = distributionAlarms(drift) ? [html`${verdictText(drift)}`] : [];
  const states = drift.states.filter(stateAlarms).map((one) => html`${stateShares(one)}`);
  return [html`<p class="bad">${mark} in ${window}: ${joined([...distribution, ...states], "; ")}</p>`];
}
