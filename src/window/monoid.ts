// What a pane must be able to do, so that windows can be made of it.
import type { Reader, Writer } from "../primitive/bytes.ts";

/**
 * What a pane must be able to do: add up, and be packed into bytes. What it holds is of two kinds: sums, which can be taken
 * away again from what they were added to, and all else, of which windows are gathered anew.
 */
export interface Monoid<Pane> {
  zero(): Pane;
  merge(into: Pane, from: Pane): void;
  pack(pane: Pane): Uint8Array;
  /** Adds the sums of a packed pane to a pane, or with the sign -1 takes them away: without a trace, to the last bit. */
  combine(into: Pane, packed: Uint8Array, sign: 1 | -1): void;
  /** Adds all else that a packed pane holds. Those of a window are added in the order of their starts. */
  gather(into: Pane, packed: Uint8Array): void;
  /** A pane of the same sums, and nothing else. */
  copySums(pane: Pane): Pane;
  /** The same pane in less memory, if there is a way: a window that stays as it is for an hour or longer. */
  atRest?(pane: Pane): Pane;
  /** Writes a packed pane so that equal panes are equal bytes, whatever came before. */
  encode(packed: Uint8Array, writer: Writer): void;
  decode(reader: Reader): Uint8Array;
}
