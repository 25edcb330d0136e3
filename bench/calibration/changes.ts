// What changes in a stream, for delays until the alarm.
import { normally, type Regime } from "./regime.ts";

export interface Change {
  readonly name: string;
  /** Of numbers, of categories, or of any feature. */
  readonly of: "numeric" | "categorical" | "any";
  /** What holds so long after it began. */
  regime(hours: number): Regime;
  /** Hours until it is complete; 0: it is sudden. */
  readonly growsHours: number;
}

function sudden(name: string, of: Change["of"], changed: Partial<Regime>): Change {
  return { name, of, growsHours: 0, regime: () => ({ ...normally, ...changed }) };
}

function shifted(deviations: number): Change {
  return sudden(`mean by ${deviations} standard deviations`, "numeric", { shift: deviations });
}

const grownHours = 24;
const gradual: Change = {
  name: `mean by 0.5 standard deviations over ${grownHours} h`,
  of: "numeric",
  growsHours: grownHours,
  regime: (hours) => ({ ...normally, shift: 0.5 * Math.min(1, hours / grownHours) }),
};

/** The bin whose share is nearest to one in twenty gets as much again, from all. */
function doubled(probabilities: Float64Array): Float64Array {
  const far = (share: number): number => Math.abs(share - 0.05);
  const which = probabilities.reduce((best, share, bin) => (far(share) < far(probabilities[best] as number) ? bin : best), 0);
  const before = probabilities[which] as number;
  const added = 0.05;
  const kept = (1 - before - added) / (1 - before);
  return probabilities.map((share, bin) => (bin === which ? before + added : share * kept));
}

/** The most frequent bin loses nine tenths. */
function emptied(probabilities: Float64Array): Float64Array {
  const most = probabilities.indexOf(Math.max(...probabilities));
  const left = 0.1 * (probabilities[most] as number);
  const grown = (1 - left) / (1 - (probabilities[most] as number));
  return probabilities.map((share, bin) => (bin === most ? left : share * grown));
}

export const changes: readonly Change[] = [
  shifted(0.5),
  shifted(0.25),
  gradual,
  sudden("a bin from 5 % to 10 %", "any", { move: doubled }),
  sudden("the most frequent bin loses 90 %", "any", { move: emptied }),
  sudden("20 % unseen categories", "categorical", { unseen: 0.2 }),
  sudden("missing from 1 % to 5 %", "any", { missing: 0.05 }),
  sudden("null from 0.2 % to 2 %", "any", { null: 0.02 }),
];
