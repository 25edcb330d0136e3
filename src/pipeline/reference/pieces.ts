// The closed panes that together are a window of a running model.
import type { PaneLadder } from "../../window/ladder.ts";
import { dayMillis, hourMillis, minuteMillis, paneStart } from "../../window/resolution.ts";

export interface Span {
  readonly fromMillis: number;
  readonly toMillis: number;
}

/** A closed pane of all that there is of a model at one time. */
export interface Piece<Pane> {
  readonly startMillis: number;
  readonly paneMillis: number;
  readonly pane: Pane;
}

/** Panes that together are the window: of the finest resolution that is kept for so long. @throws where none is */
export function piecesOf<Pane>(ladders: readonly PaneLadder<Pane>[], { fromMillis, toMillis }: Span): Piece<Pane>[] {
  const kept = ladders[0]?.rungs ?? [];
  const reaching = kept.filter(({ keepMillis }) => keepMillis >= toMillis - fromMillis);
  // Hours are what references are made of; minutes where hours are not kept, days where nothing else is.
  const order = [hourMillis, minuteMillis, dayMillis];
  const paneMillis = order.find((width) => reaching.some((rung) => rung.paneMillis === width));
  if (paneMillis === undefined)
    throw new Error("no panes are kept for so long: a window of that length has to be among the windows");
  const alignedFrom = paneStart(fromMillis, paneMillis);
  return ladders.flatMap((ladder) => {
    return [...ladder.between(paneMillis, alignedFrom, toMillis)].map(([startMillis, pane]) => ({
      startMillis,
      paneMillis,
      pane,
    }));
  });
}
