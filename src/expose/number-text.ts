// Numbers as the text formats spell them. Both formats take the same spelling.

/** Shortest text that reads back as the same number; integers plain (to 1e21). -0 becomes 0. */
export function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}

/** Go writes an exponent from a million on and below a ten-thousandth; see strconv.FormatFloat(f, 'g', -1, 64). */
const firstLargeExponent = 6;
const lastSmallExponent = -4;

/**
 * A bucket's bound as OpenMetrics writes it and as Prometheus stores it whatever it was sent (`1.0`, `1e+06`, `+Inf`),
 * so that what is read on the page can be pasted into a query.
 */
export function boundText(bound: number): string {
  if (!Number.isFinite(bound)) return numberText(bound);
  const [mantissa = "", exponentText = ""] = bound.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < firstLargeExponent && exponent >= lastSmallExponent) {
    const text = String(bound);
    return text.includes(".") ? text : `${text}.0`;
  }
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
