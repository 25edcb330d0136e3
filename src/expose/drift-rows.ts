// The drift of a feature's windows as rows of a table: what was compared, scores, p-values, states of values.
import { alarmTest, decidingTest } from "./drift-alarm.ts";
import { scoreTitle } from "./drift-scores.ts";
import { verdictWord } from "./drift-verdict.ts";
import { html } from "./html.ts";
import type { DriftView, FeatureWindow, NamedNumber } from "./model-view.ts";
import { probabilityText, pValueText } from "./p-value-text.ts";
import { stateText } from "./quality-text.ts";
import { countText, numberShort, shareText } from "./quantity-text.ts";
import type { Row } from "./table.ts";

const absent = "–";
const testTitles: ReadonlyMap<string, string> = new Map([
  ["chi_square", "chi-square"],
  ["anderson_darling", "Anderson-Darling"],
]);

/** A cell for each window: null where it was not compared. */
type Drifts = readonly (DriftView | null)[];

/** A column for each window; none where no window was compared with a reference. */
export function driftRows(windows: readonly FeatureWindow[]): Row[] {
  const drifts = windows.map(({ drift }) => drift);
  if (drifts.every((drift) => drift === null)) return [];
  const special = windows.some(({ window, drift }) => drift !== null && (drift.matched || drift.window !== window));
  return [
    row("verdict", drifts, verdictWord),
    ...(special ? [row("compared", drifts, comparedText)] : []),
    row("values", drifts, ({ samples }) => countText(samples)),
    row("values needed", drifts, ({ samplesNeeded }) => countText(samplesNeeded)),
    ...scoreRows(drifts),
    ...pValueRows(drifts),
    ...stateRows(drifts),
  ];
}

function row(head: string, drifts: Drifts, of: (drift: DriftView) => string): Row {
  return { head: html`${head}`, cells: drifts.map((drift) => (drift === null ? absent : of(drift))) };
}

function comparedText({ window, matched }: DriftView): string {
  return matched ? `${window}, same hours` : window;
}

function scoreRows(drifts: Drifts): Row[] {
  const names = namesOf(drifts, ({ scores }) => scores.map(({ name }) => name));
  return names.map((name) => row(scoreTitle(name), drifts, ({ scores }) => numberOf(scores, name, numberShort)));
}

function pValueRows(drifts: Drifts): Row[] {
  const names = namesOf(drifts, ({ pValues }) => pValues.map(({ name }) => name));
  const rows = names.map((name) => row(testTitle(name, drifts), drifts, ({ pValues }) => numberOf(pValues, name, shortP)));
  const judged = drifts.some((drift) => drift !== null && decidingTest(drift) !== undefined);
  return judged ? [...rows, row("alarms below", drifts, ({ alpha }) => probabilityText(alpha))] : rows;
}

function stateRows(drifts: Drifts): Row[] {
  const names = namesOf(drifts, ({ states }) => states.map(({ state }) => state));
  return names.map((name) => row(stateTitle(name, drifts), drifts, (drift) => stateCell(drift, name)));
}

/** Each once, in the order in which they first occur. */
function namesOf(drifts: Drifts, of: (drift: DriftView) => readonly string[]): string[] {
  return [...new Set(drifts.flatMap((drift) => (drift === null ? [] : of(drift))))];
}

function numberOf(numbers: readonly NamedNumber[], name: string, text: (value: number) => string): string {
  const found = numbers.find((one) => one.name === name);
  return found === undefined ? absent : text(found.value);
}

/** Without "p = ": the row says so. */
function shortP(p: number): string {
  return pValueText(p).replace(/^p (= )?/, "");
}

/** What is accepted is configured, so it is the same for all windows. */
function testTitle(name: string, drifts: Drifts): string {
  const accepted = drifts.find((drift) => drift !== null)?.minEffect ?? 0;
  if (name === alarmTest) return `p, PSI above ${numberShort(accepted)}`;
  return `p, ${testTitles.get(name) ?? name.replaceAll("_", " ")}`;
}

function stateTitle(name: string, drifts: Drifts): string {
  const state = drifts.flatMap((drift) => drift?.states ?? []).find((one) => one.state === name);
  return `${stateText(name)} (+${shareText(state?.tolerance ?? 0)} may be)`;
}

function stateCell({ states }: DriftView, name: string): string {
  const state = states.find((one) => one.state === name);
  if (state === undefined) return absent;
  const shares = `${shareText(state.share)} against ${shareText(state.referenceShare)}`;
  return state.pValue === null ? shares : `${shares}, ${pValueText(state.pValue)}`;
}
