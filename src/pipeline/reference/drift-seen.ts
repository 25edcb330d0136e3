// How many windows of a model were in drift lately: from the scores that `replay` writes, or from Prometheus.
import { linesOf, openFile } from "../../source/lines.ts";

/** How far back is looked. */
const lookBackMillis = 28 * 86_400_000;
const lookBack = "28d";
/** Between two looks at Prometheus' history. */
const lookStep = "1h";
const longestAnswerMillis = 30_000;

export interface DriftCounts {
  readonly windows: number;
  readonly drifting: number;
}

interface ScoreLine {
  readonly time?: unknown;
  readonly model?: unknown;
  readonly segment?: unknown;
  readonly test?: unknown;
  readonly value?: unknown;
}

/**
 * From lines of scores: those of the minimum-effect test over all traffic, in the 28 days before the last line's time.
 * @param alpha a p-value below it is drift
 * @throws with the line's number where one is not JSON
 */
export async function driftInScores(path: string, model: string, alpha: number): Promise<DriftCounts> {
  const seen: { readonly millis: number; readonly drifts: boolean }[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  let line = 0;
  for await (const bytes of linesOf(openFile(path).content)) {
    line += 1;
    const score = parse(bytes, `${path}:${line}`);
    if (score.model !== model || score.test !== "min_effect" || (score.segment ?? "") !== "") continue;
    const millis = Date.parse(String(score.time));
    if (typeof score.value !== "number" || Number.isNaN(millis)) continue;
    latest = Math.max(latest, millis);
    seen.push({ millis, drifts: score.value < alpha });
  }
  const lately = seen.filter(({ millis }) => millis > latest - lookBackMillis);
  return { windows: lately.length, drifting: lately.filter(({ drifts }) => drifts).length };
}

function parse(bytes: Buffer, place: string): ScoreLine {
  try {
    return JSON.parse(bytes.toString("utf8")) as ScoreLine;
  } catch {
    throw new Error(`${place}: not valid JSON`);
  }
}

/**
 * From Prometheus: the p-values of the minimum-effect test, looked at every hour of the last 28 days.
 * @param url where it is, as in http://localhost:9090
 * @throws where it does not answer as it should
 */
export async function driftInPrometheus(url: string, model: string, alpha: number): Promise<DriftCounts> {
  const series = `ml_drift_p_value{model=${JSON.stringify(model)},test="min_effect",segment=""}`;
  const [windows, drifting] = await Promise.all([
    ask(url, `sum(count_over_time((${series})[${lookBack}:${lookStep}]))`),
    ask(url, `sum(sum_over_time((${series} < bool ${alpha})[${lookBack}:${lookStep}]))`),
  ]);
  return { windows, drifting };
}

/** @returns the one value of the answer; 0 where it has none */
async function ask(url: string, query: string): Promise<number> {
  const address = new URL("api/v1/query", url.endsWith("/") ? url : `${url}/`);
  address.searchParams.set("query", query);
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(longestAnswerMillis) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const { data } = (await answer.json()) as { data?: { result?: { value?: [number, string] }[] } };
    if (data?.result === undefined) throw new Error("not an answer of Prometheus");
    return Number(data.result[0]?.value?.[1] ?? 0);
  } catch (error) {
    throw new Error(`${url}: ${(error as Error).message}`);
  }
}
