// The exporter's health in words: what is wrong, worst first. Judges what it is told; knows no HTTP.
import { type Html, html, joined } from "./html.ts";
import { modelLink } from "./model-link.ts";
import { agoText, counted, countText, durationText, shownAgo } from "./quantity-text.ts";
import { shortName, shownName } from "./shown-name.ts";
import type { ModelSummary, StatusView } from "./status-view.ts";

/** A problem loses or hides something; a note is worth knowing. */
export interface Finding {
  readonly severity: "problem" | "note";
  readonly text: Html;
}

/** As the alerts say: this much of a limit is close to it. */
const closeToLimit = 0.8;
/** Saves may fail now and then; after so many turns without one the state is old. */
const savesMissed = 3;
const mostNamed = 3;
const longestProblem = 300;

/** Problems first; empty when all is well. */
export function findings(view: StatusView): readonly Finding[] {
  const problems = [...ofSource(view), ...ofConfiguration(view), ...ofSnapshots(view), ...ofGaps(view), ...ofLimits(view)];
  const notes = [...ofReadiness(view), ...ofRecords(view), ...ofModels(view)];
  const all = [...problems, ...notes];
  return [...all.filter((one) => one.severity === "problem"), ...all.filter((one) => one.severity === "note")];
}

const problem = (text: Html): Finding => ({ severity: "problem", text });
const note = (text: Html): Finding => ({ severity: "note", text });

function* ofSource({ exporter: { source } }: StatusView): Iterable<Finding> {
  if (!source.up) yield problem(html`The source of records does not answer.`);
  for (const one of source.problems) yield problem(html`Source: ${shownName(one, longestProblem)}`);
  if (source.leftBehind > 0) {
    const times = counted(source.leftBehind, "time");
    yield note(html`A stuck log was left behind ${times} since the start: what it brings for closed minutes is late.`);
  }
}

function* ofConfiguration({ configuration: { error, failedMillis, loadedMillis }, nowMillis }: StatusView): Iterable<Finding> {
  if (error === null) return;
  const when = failedMillis === null ? html`` : html` ${shownAgo(failedMillis, nowMillis)}`;
  yield problem(
    html`The configuration was not reloaded${when}; the one loaded ${agoText(loadedMillis, nowMillis)} stays in effect. See <a href="#configuration">why</a>.`,
  );
}

function* ofSnapshots({ exporter: { snapshot }, nowMillis }: StatusView): Iterable<Finding> {
  const age = nowMillis - snapshot.savedMillis;
  if (snapshot.errors === 0 || age < savesMissed * snapshot.everyMillis) return;
  yield problem(
    html`The state was last saved ${agoText(snapshot.savedMillis, nowMillis)}, and is to be saved every ${durationText(snapshot.everyMillis)}; ${counted(snapshot.errors, "save")} failed. The log says why.`,
  );
}

function* ofGaps({ topics }: StatusView): Iterable<Finding> {
  const lost = topics.filter((one) => one.gapRecords > 0);
  if (lost.length === 0) return;
  const total = lost.reduce((sum, one) => sum + one.gapRecords, 0);
  const names = lost.slice(0, mostNamed).map((one) => shortName(one.topic));
  yield problem(html`${counted(total, "record")} were lost or unreadable before they were read: ${joined(names, ", ")}.`);
}

function* ofLimits({ limits }: StatusView): Iterable<Finding> {
  for (const { limit, used, allowed, turnedAway } of limits) {
    const use = used !== null && allowed !== null ? `${countText(used)} of ${countText(allowed)}` : "";
    if ((turnedAway ?? 0) > 0) {
      const inUse = use === "" ? "" : ` (${use})`;
      yield problem(html`The limit of ${limit}${inUse} turned away ${countText(turnedAway ?? 0)}.`);
    } else if (used !== null && allowed !== null && used >= closeToLimit * allowed) {
      yield note(html`The limit of ${limit} is close: ${use}.`);
    }
  }
}

function* ofReadiness({ exporter }: StatusView): Iterable<Finding> {
  const more = exporter.waitingFor.filter((one) => !exporter.source.problems.includes(one));
  for (const one of more) yield note(html`Not ready yet: ${shownName(one, longestProblem)}.`);
}

function* ofRecords({ rejections, topics }: StatusView): Iterable<Finding> {
  const rejected = rejections.reduce((sum, one) => sum + one.count, 0);
  if (rejected > 0) {
    yield note(html`${counted(rejected, "record or event", "records and events")} rejected; <a href="#rejected">examples</a>.`);
  }
  const late = topics.reduce((sum, one) => sum + one.late.reduce((count, reason) => count + reason.count, 0), 0);
  if (late > 0) yield note(html`${counted(late, "event")} came after their minute was closed: in totals, but in no window.`);
}

function* ofModels({ models }: StatusView): Iterable<Finding> {
  if (models.length === 0) yield note(html`No model has been seen yet.`);
  const silent = models.filter((model) => isSilent(model));
  if (silent.length > 0) yield note(html`No recent predictions: ${named(silent)}.`);
  const faulty = models.filter((model) => model.versions.some((version) => version.quality.features > 0));
  if (faulty.length > 0) yield note(html`Values that are not as they should be: ${named(faulty)}.`);
  const drifted = models.filter((model) => model.versions.some(({ drifting }) => (drifting?.alarming ?? 0) > 0));
  if (drifted.length > 0) yield note(html`Drift alarm: ${named(drifted)}.`);
}

/** None of its versions has a window that is not withheld. */
export function isSilent(model: ModelSummary): boolean {
  const windows = model.versions.flatMap((version) => (version.window === null ? [] : [version.window]));
  return windows.length > 0 && windows.every((window) => window.stale || window.predictions === 0);
}

function named(models: readonly ModelSummary[]): Html {
  const some = models.slice(0, mostNamed).map(({ name }) => modelLink(name, shortName(name)));
  const more = models.length - some.length;
  return html`${joined(some, ", ")}${more > 0 ? ` and ${counted(more, "more model")}` : ""}`;
}
