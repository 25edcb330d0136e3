// What a segment is called: an attribute and its value.

/** A longer name is cut. */
const longestSegment = 128;

export function segmentName(attribute: string, value: unknown): string {
  const name = `${attribute}=${String(value)}`;
  return name.length > longestSegment ? name.slice(0, longestSegment).toWellFormed() : name;
}
