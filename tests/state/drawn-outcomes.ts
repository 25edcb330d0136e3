// Predictions and outcomes drawn by chance, dealt over logs, and folded in an order of chance.
import fc from "fast-check";
import { decoderFor } from "../../src/decode/index.ts";
import type { Fold } from "../../src/state/fold.ts";
import type { FoldSettings } from "../../src/state/settings.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/state/snapshot.ts";
import { applyLines } from "./lines.ts";

const start = Date.parse("2026-03-01T00:00:00Z");
const minute = 60_000;
const native = decoderFor("native");

export const logs = 4;
const drawnEvent = fc.record({
  side: fc.constantFrom("prediction" as const, "outcome" as const),
  id: fc.nat({ max: 25 }),
  model: fc.constantFrom("m", "m", "m", "n"),
  version: fc.constantFrom("1", "2"),
  /** Some are later than a minute's lateness allows. */
  jitter: fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 90_000 }) }, { weight: 1, arbitrary: fc.nat({ max: 900_000 }) }),
  /** So that some have the same time. */
  coarse: fc.boolean(),
  score: fc.constantFrom(0.1, 0.5, 0.9, undefined),
  value: fc.constantFrom(0, 1, "a", "é", true, undefined, null),
  carried: fc.constantFrom(undefined, undefined, undefined, undefined, 1),
  site: fc.constantFrom("north", "south", undefined),
  weight: fc.constantFrom(undefined, 2.5),
  log: fc.nat({ max: logs - 1 }),
  /** Whether it has scores by class, or is an item of a request. */
  kind: fc.constantFrom("plain" as const, "plain" as const, "classes" as const, "item" as const),
});
type Drawn = typeof drawnEvent extends fc.Arbitrary<infer T> ? T : never;

export interface Read {
  readonly type: "prediction" | "outcome";
  readonly id: string;
  readonly time: number;
  readonly line: string;
  readonly log: number;
  readonly offset: number;
  readonly model: string;
  readonly carried: boolean;
}

/** The events of each log, in order. */
export function deal(drawn: readonly Drawn[]): Read[][] {
  const dealt: Read[][] = Array.from({ length: logs }, () => []);
  drawn.forEach((one, index) => {
    const exact = start + index * 9000 - one.jitter;
    const time = one.coarse ? Math.floor(exact / 30_000) * 30_000 : exact;
    const { model, version, site, weight } = one;
    const id = `i${one.id}`;
    const both = { type: one.side, model, id, time, weight, segment: site === undefined ? undefined : { site } };
    const carried = one.side === "outcome" ? one.carried : undefined;
    const line =
      one.side === "prediction" ? { ...both, version, ...predicted(one) } : { ...both, label: one.value, prediction: carried };
    const into = dealt[one.log] as Read[];
    const offset = into.length;
    into.push({ type: one.side, id, time, model, line: JSON.stringify(line), log: one.log, offset, carried: carried === 1 });
  });
  return dealt;
}

function predicted({ kind, score, value, site, id }: Drawn): object {
  if (kind === "classes")
    return { scores: { a: score ?? 0.2, é: 0.3, ...(site === undefined ? {} : { [site]: 0.1 }) }, prediction: "a" };
  if (kind === "item") return { score, group: `r${id >>> 2}`, rank: 1 + (id & 3) };
  return { score, prediction: value, horizon: site };
}

interface Order {
  readonly choices: readonly number[];
  readonly restarts: boolean;
}

/** Folds dealt events in an order that choices decide, closing and restarting now and then. */
export function inOrder(dealt: readonly (readonly Read[])[], { choices: drawn, restarts }: Order, begun: Fold): Fold {
  let fold = begun;
  for (let log = 0; log < logs; log++) fold.log("t", log, minute);
  const next = dealt.map(() => 0);
  for (let turn = 0; next.some((at, log) => at < (dealt[log] as readonly Read[]).length); turn++) {
    const choice = drawn[turn % drawn.length] as number;
    let log = choice % logs;
    while ((next[log] as number) >= (dealt[log] as readonly Read[]).length) log = (log + 1) % logs;
    const many = 1 + (Math.floor(choice / 4) % 9);
    const chunk = (dealt[log] as readonly Read[]).slice(next[log], (next[log] as number) + many);
    applyLines(
      fold,
      fold.log("t", log, minute),
      native,
      chunk.map(({ line }) => line),
    );
    next[log] = (next[log] as number) + chunk.length;
    if (choice % 3 === 0) fold.advance();
    // Of settings that are pending a snapshot knows nothing.
    const isSettled = fold.registry.pendingMillis === Number.POSITIVE_INFINITY;
    if (restarts && choice % 7 === 0 && isSettled) fold = restarted(fold, fold.settings);
  }
  fold.advance();
  return fold;
}

/** As after a restart under settings. */
export function restarted(fold: Fold, under: FoldSettings): Fold {
  const loaded = decodeSnapshot(encodeSnapshot(fold, 0), under);
  if (!("fold" in loaded)) throw new Error(loaded.refused);
  return loaded.fold;
}

export const events = fc.array(drawnEvent, { minLength: 200, maxLength: 500, size: "max" });
export const choices = fc.array(fc.nat({ max: 1000 }), { minLength: 5, maxLength: 60 });
