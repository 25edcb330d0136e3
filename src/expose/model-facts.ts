// What is known of a version since it was first seen, in short sentences: latency, objectives, batch runs, outcomes and
// schema. Markup only.
import { type Html, html, joined, nothing } from "./html.ts";
import type {
  BatchFacts,
  LatencyFacts,
  ObjectiveFacts,
  OutcomeFacts,
  SchemaFacts,
  ValueFacts,
  VersionFacts,
} from "./model-facts-view.ts";
import { stateText } from "./quality-text.ts";
import { counted, countText, durationText, numberShort, shareText, shownTime } from "./quantity-text.ts";
import { shownName } from "./shown-name.ts";
import type { NamedCount } from "./status-view.ts";

interface Fact {
  /** Short: on a phone it stands beside the text. */
  readonly term: string;
  readonly text: Html;
}

/** Empty where there is nothing to say. */
export function factList(facts: VersionFacts | undefined, nowMillis: number): Html {
  if (facts === undefined) return nothing;
  const { latency, objectives = [], batch, outcomes = [], schema } = facts;
  const all = [
    ...(latency === undefined ? [] : [latencyFact(latency, objectives)]),
    ...objectives.map(objectiveFact),
    ...(batch === undefined ? [] : batchFacts(batch, nowMillis)),
    ...outcomes.flatMap((one) => outcomeFacts(one, nowMillis)),
    ...(schema === undefined ? [] : schemaFacts(schema)),
  ];
  if (all.length === 0) return nothing;
  const items = all.map(({ term, text }) => html`<dt>${term}</dt><dd>${text}</dd>`);
  return html`<h3>Since it was first seen</h3><dl>${items}</dl>`;
}

/** The share within what an objective promises; where none does, the bound of the better half. */
function latencyFact({ meanSeconds, halfWithinSeconds }: LatencyFacts, objectives: readonly ObjectiveFacts[]): Fact {
  const within = objectives.flatMap(({ belowMillis, predictions, bad }): Html[] => {
    if (belowMillis === null || predictions === 0) return [];
    return [html`${shareText(1 - bad / predictions)} within ${secondsText(belowMillis / 1000)}`];
  });
  const half = halfWithinSeconds === null ? [] : [html`half within ${secondsText(halfWithinSeconds)}`];
  return {
    term: "Latency",
    text: joined([html`mean ${secondsText(meanSeconds)}`, ...(within.length > 0 ? within : half)], ", "),
  };
}

function objectiveFact({ name, promised, belowMillis, predictions, bad, kept }: ObjectiveFacts): Fact {
  const term = "Objective";
  const what = belowMillis === null ? "answered" : `within ${secondsText(belowMillis / 1000)}`;
  const promise = html`${shownName(name, 40)}: ${promisedText(promised)} ${what} promised`;
  if (kept === null) return { term, text: html`${promise}; nothing to judge yet` };
  const verdict = kept ? html`kept` : html`<span class="bad">not kept</span>`;
  const missed = html`${countText(bad)} of ${countText(predictions)} missed it (${shareText(bad / predictions)})`;
  return { term, text: html`${promise}; ${missed}: ${verdict}` };
}

/** In full: 99.95 % is not 100 %. */
function promisedText(share: number): string {
  const digits = 10;
  return `${Number((share * 100).toPrecision(digits))} %`;
}

function batchFacts(batch: BatchFacts, nowMillis: number): Fact[] {
  const { started, succeeded, failed } = batch;
  const failures = failed === 0 ? html`none failed` : html`<span class="flag">${countText(failed)} failed</span>`;
  return [
    { term: "Batch runs", text: html`${countText(started)} started, ${countText(succeeded)} succeeded, ${failures}` },
    { term: "Last success", text: lastSuccess(batch, nowMillis) },
    ...rowFacts(batch),
  ];
}

function lastSuccess({ lastSuccessMillis, everyMillis, graceMillis, overdueMillis }: BatchFacts, nowMillis: number): Html {
  const expected = everyMillis === null ? nothing : html` (every ${durationText(everyMillis)}${graceText(graceMillis)})`;
  if (lastSuccessMillis === null) return html`<span class="flag">never</span>${expected}`;
  const late =
    (overdueMillis ?? 0) > 0 ? html`: <strong class="bad">${durationText(overdueMillis ?? 0)} overdue</strong>` : nothing;
  return html`${shownTime(lastSuccessMillis, nowMillis)}${late}${expected}`;
}

function graceText(graceMillis: number | null): string {
  return graceMillis === null || graceMillis === 0 ? "" : ` and ${durationText(graceMillis)} of grace`;
}

function rowFacts({ rows, leastRows }: BatchFacts): Fact[] {
  if (rows === null) return [];
  if (leastRows === null) return [{ term: "Rows", text: html`${countText(rows)}` }];
  const few = rows < leastRows ? html`<span class="bad">${countText(rows)}</span>` : html`${countText(rows)}`;
  return [{ term: "Rows", text: html`${few}, at least ${countText(leastRows)} expected` }];
}

function outcomeFacts({ version, count, lastMillis, values }: OutcomeFacts, nowMillis: number): Fact[] {
  const unnamed = version === "" ? " that name no version" : "";
  const last = lastMillis === null ? nothing : html`, the last one ${shownTime(lastMillis, nowMillis)}`;
  const outcomes = { term: "Outcomes", text: html`${countText(count)}${unnamed}${last}` };
  if (values.length === 0) return [outcomes];
  return [outcomes, { term: "Value", text: joined(values.map(valueText), "; ") }];
}

function valueText({ unit, gained, returned }: ValueFacts): Html {
  const back = returned > 0 ? html`, ${numberShort(returned)} returned` : nothing;
  return html`${numberShort(gained)} ${shownName(unit, 40)} gained${back}`;
}

function schemaFacts({ violations, changes }: SchemaFacts): Fact[] {
  const total = violations.reduce((sum, { count }) => sum + count, 0);
  const against = html`<span class="flag">${counted(total, "value")}</span> against it: ${joined(violations.map(reasonText), ", ")}`;
  return [
    { term: "Schema", text: total === 0 ? html`nothing against it` : against },
    ...(changes.length === 0 ? [] : [{ term: "Changes", text: joined(changes.map(changeText), ", ") }]),
  ];
}

function reasonText({ name, count }: NamedCount): Html {
  return html`${countText(count)} ${stateText(name)}`;
}

function changeText({ name, count }: NamedCount): Html {
  if (name === "type") return html`${counted(count, "change")} of type`;
  return html`${counted(count, "feature")} ${name}`;
}

/** A duration of an answer: below a second in milliseconds. */
function secondsText(seconds: number): string {
  return seconds < 1 ? `${numberShort(seconds * 1000)} ms` : `${numberShort(seconds)} s`;
}
