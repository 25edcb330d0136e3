// A metric's value with its interval of 95 % and the number of observations behind it.
import { normalUpperQuantile } from "../normal.ts";

export interface Estimate {
  /** NaN: not enough data. */
  readonly value: number;
  /** Limits of the interval of 95 %; both NaN where none is given. */
  readonly lower: number;
  readonly upper: number;
  /** Observations that the value is a mean over; of weighted ones the effective number (`kish.ts`). */
  readonly samples: number;
}

/** Standard errors on either side of a normal variable's mean that hold 95 % of it: 1.959964. */
export const spread95: number = normalUpperQuantile(0.025);

export function withoutInterval(value: number, samples: number): Estimate {
  return { value, lower: Number.NaN, upper: Number.NaN, samples };
}

/** Value ± 1.96 standard errors. No interval where the standard error is NaN. */
export function normalInterval(value: number, standardError: number, samples: number): Estimate {
  const half = spread95 * standardError;
  return { value, lower: value - half, upper: value + half, samples };
}

/**
 * An interval that is symmetric on the scale of the logit, ln(v / (1 - v)), and so stays inside of (0, 1); the standard error is
 * that of the value itself, carried over by the delta method. No interval at 0, at 1 and where the standard error is NaN.
 */
export function logitInterval(value: number, standardError: number, samples: number): Estimate {
  if (!(value > 0 && value < 1)) return withoutInterval(value, samples);
  const logit = Math.log(value / (1 - value));
  const half = (spread95 * standardError) / (value * (1 - value));
  return { value, lower: logistic(logit - half), upper: logistic(logit + half), samples };
}

/** An interval that is symmetric on the scale of the logarithm, for sizes above 0. No interval at 0. */
export function logInterval(value: number, standardError: number, samples: number): Estimate {
  if (!(value > 0)) return withoutInterval(value, samples);
  const factor = Math.exp((spread95 * standardError) / value);
  return { value, lower: value / factor, upper: value * factor, samples };
}

function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
