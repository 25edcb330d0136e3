// What kind of thing a feature's value is, before anyone decides what it should have been.

/** Kinds in the order in which panes count them; `absent` is never counted, it follows from the number of events. */
export const kind = {
  absent: 0,
  number: 1,
  string: 2,
  boolean: 3,
  null: 4,
  nan: 5,
  infinite: 6,
  /** An object or an array. */
  structure: 7,
  /** A finite number outside of the configured range. */
  outOfRange: 8,
} as const;

export type Kind = (typeof kind)[keyof typeof kind];

export const kindCount = 9;

/** The kind of a decoded JSON (or Avro, ...) value. */
export function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case "number":
      if (Number.isFinite(value)) return kind.number;
      return Number.isNaN(value) ? kind.nan : kind.infinite;
    case "string":
      return kind.string;
    case "boolean":
      return kind.boolean;
    case "undefined":
      return kind.absent;
    default:
      return value === null ? kind.null : kind.structure;
  }
}
