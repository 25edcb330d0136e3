// How a reference is laid out in its file: JSON of a fixed order, one line for a list of numbers or a pane, so that two
// versions can be read side by side and compared line by line.

/** A value that stands on one line. */
class OnOneLine {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  toJSON(): unknown {
    return this.#value;
  }
}

export function onOneLine(value: unknown): unknown {
  return new OnOneLine(value);
}

/** JSON whose objects and lists of lists have a line for each of their parts. */
export function layOut(value: unknown, indent = ""): string {
  if (value === null || typeof value !== "object" || value instanceof OnOneLine) return JSON.stringify(value);
  const inner = `${indent}  `;
  const part = (item: unknown): string => layOut(item, inner);
  if (!Array.isArray(value)) {
    const parts = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${part(item)}`);
    return parts.length === 0 ? "{}" : `{\n${inner}${parts.join(`,\n${inner}`)}\n${indent}}`;
  }
  const structured = value.some((item) => item !== null && typeof item === "object");
  return structured ? `[\n${inner}${value.map(part).join(`,\n${inner}`)}\n${indent}]` : JSON.stringify(value);
}
