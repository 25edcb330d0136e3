// Small probabilities as people read them: 3.2·10⁻⁸.

/** From here on down an exponent reads better than zeros. */
const small = 1e-3;
/** No p-value is as sure as its smaller digits pretend, and a double ends at 1e-308. */
const smallest = 1e-300;
const nearlyOne = 0.99;
const twoDigits = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 2 });
const raised: Readonly<Record<string, string>> = {
  "-": "⁻",
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
};

/** With its sign of relation: "p = 0.2", "p = 3.2·10⁻⁸", "p < 10⁻³⁰⁰". */
export function pValueText(p: number): string {
  if (p < smallest) return `p < 10${exponent("-300")}`;
  if (p > nearlyOne && p < 1) return `p > ${nearlyOne}`;
  return `p = ${probabilityText(p)}`;
}

/** Two significant digits. */
export function probabilityText(probability: number): string {
  if (probability === 0 || probability >= small) return twoDigits.format(probability);
  const [digits = "", power = ""] = probability.toExponential(1).split("e");
  return `${digits.replace(".0", "")}·10${exponent(power)}`;
}

/** A power of ten, rounded down: "10⁸". */
export function powerText(log10: number): string {
  return `10${exponent(String(Math.floor(log10)))}`;
}

function exponent(power: string): string {
  return [...power].map((character) => raised[character] ?? "").join("");
}
