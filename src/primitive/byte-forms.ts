// How numbers are written in snapshots: what whoever writes and whoever reads have to agree upon.

/** What is written now; it grows when anything is written otherwise. */
export const currentFormat = 3;

export const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** How an amount is written: its integer is `value * forms + form`. */
export const amountForm = { whole: 0, fraction: 1, float: 2 } as const;
export const amountForms = 4;
export const fractions = 256;
/** Its zigzag code is a safe integer. */
export const mostAmount = 2 ** 49;

/** So that, with the bits of a byte that is not full, they are an integer of 31 bits. */
export const mostBitsAtOnce = 24;
export const perBitsAtOnce = 2 ** -mostBitsAtOnce;
