// The drift alarm on a model's page: what is raised and why, and what was lately. Markup only.
import { changeText, signalText } from "./alarm-text.ts";
import type { AlarmSignalView, AlarmView } from "./alarm-view.ts";
import { type Html, html, nothing } from "./html.ts";
import { counted, shownTime } from "./quantity-text.ts";
import { shownName } from "./shown-name.ts";

/** Signals and changes in words: the rest is counted, and in the JSON. */
const mostSignals = 10;
const mostChanges = 6;
const longestText = 400;

/** Nothing where nothing is tested. */
export function alarmSection(alarm: AlarmView | null, nowMillis: number): Html {
  if (alarm === null) return nothing;
  return html`${alarm.on ? raisedList(alarm.signals, nowMillis) : nothing}${changeList(alarm, nowMillis)}`;
}

function raisedList(signals: readonly AlarmSignalView[], nowMillis: number): Html {
  const [first] = signals;
  const since = first === undefined ? nothing : html` since ${shownTime(first.sinceMillis, nowMillis)}`;
  const items = signals.slice(0, mostSignals).map((signal) => html`<li>${shownName(signalText(signal), longestText)}</li>`);
  const more = signals.length - items.length;
  const rest = more > 0 ? html`<li>and ${counted(more, "more signal")}</li>` : nothing;
  return html`<p class="bad"><strong>Drift alarm</strong>${since}, because of</p><ul>${items}${rest}</ul>`;
}

/** The latest first; of an alarm that is on what came before. */
function changeList({ changes, count }: AlarmView, nowMillis: number): Html {
  if (changes.length === 0) return nothing;
  const items = changes
    .toReversed()
    .slice(0, mostChanges)
    .map((change) => {
      return html`<li>${shownTime(change.timeMillis, nowMillis)}: ${shownName(changeText(change), longestText)}</li>`;
    });
  return html`<details><summary>${counted(count, "drift alarm")} so far: what came and went</summary><ul>${items}</ul></details>`;
}
