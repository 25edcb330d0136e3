// The drift of a feature's windows as rows of a table: what was compared, scores, p-values, states of values.
import { decidingTest } from "./drift-alarm.ts";
import { scoreTitle } from "./drift-scores.ts";
import { verdictWord } from "./drift-verdict.ts";
import { html } from "./html.ts";
import type { DriftView, FeatureWindow, NamedNumber } from "./model-view.ts";
import { probabilityText, pValueText } from "./p-value-text.ts";
import { stateText } from "./quality-text.ts";
import { countText, numberShort, shareText } from "./quantity-text.ts";
import type { Row } from "./table.ts";

const absent = "–";

/** A column for each window; none where no window was compared with a reference. */
export function driftRows(windows: readonly FeatureWindow[]): Row[] {
  const drifts = windows.map(({ drift }) => drift);
  const cells = (of: (drift: DriftView) => string) => drifts.map((drift) => (drift === null ? absent : of(drift)));
  const some = drifts.filter((drift) => drift !== null);
  if (some.length === 0) return [];
  const special = windows.some(({ window, drift }) => drift !== null && (drift.matched || drift.window !== window));
  return [
    row("verdict", cells(verdictWord)),
    ...(special ? [row("compared", cells(comparedText))] : []),
    row(
      "values, needed",
      cells(({ samples, samplesNeeded }) => `${countText(samples)}, ${countText(samplesNeeded)}`),
    ),
    ...namesOf(some, ({ scores }) => scores).map((name) =>
      row(
        scoreTitle(name),
        cells(({ scores }) => numberOf(scores, name, numberShort)),
      ),
    ),
    ...namesOf(some, ({ pValues }) => pValues).map((name) =>
      row(
        `p, ${testTitle(name, some)}`,
        cells(({ pValues }) => numberOf(pValues, name, shortP)),
      ),
    ),
    ...(some.some((drift) => decidingTest(drift) !== undefined)
      ? [
          row(
            "alarms below",
            cells(({ alpha }) => probabilityText(alpha)),
          ),
        ]
      : []),
    ...namesOf(some, ({ states }) => states.map(({ state }) => ({ name: state }))).map((name) =>
      row(
        stateTitle(name, some),
        cells(({ states }) => stateCell(states.find(({ state }) => state === name))),
      ),
    ),
  ];
}

function row(head: string, cells: readonly string[]): Row {
  return { head: html`${head}`, cells };
}

function comparedText({ window, matched }: DriftView): string {
  return matched ? `${window}, same hours` : window;
}

/** Each once, in the order in which they first occur. */
function namesOf(drifts: readonly DriftView[], of: (drift: DriftView) => readonly { readonly name: string }[]): string[] {
  return [...new Set(drifts.flatMap((drift) => of(drift).map(({ name }) => name)))];
}

function numberOf(numbers: readonly NamedNumber[], name: string, text: (value: number) => string): string {
  const found = numbers.find((one) => one.name === name);
  return found === undefined ? absent : text(found.value);
}

/** Without "p = ": the row says so. */
function shortP(p: number): string {
  return pValueText(p).replace(/^p (= )?/, "");
}

function testTitle(name: string, [drift]: readonly DriftView[]): string {
  if (name === "min_effect" && drift !== undefined) return `PSI above ${numberShort(drift.minEffect)}`;
  return name.replaceAll("_", "-");
}

function stateTitle(name: string, drifts: readonly DriftView[]): string {
  const state = drifts.flatMap(({ states }) => states).find((one) => one.state === name);
  return `${stateText(name)}, reference (+${shareText(state?.tolerance ?? 0)} may be)`;
}

function stateCell(state: DriftView["states"][number] | undefined): string {
  if (state === undefined) return absent;
  const shares = `${shareText(state.share)}, ${shareText(state.referenceShare)}`;
  return state.pValue === null ? shares : `${shares}; ${pValueText(state.pValue)}`;
}
