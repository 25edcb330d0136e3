// Work that comes in parts, done at once.

/** Does all parts of some work at once. @returns what comes of it */
export function finish<Result>(parts: Generator<void, Result>): Result {
  let part = parts.next();
  while (part.done !== true) part = parts.next();
  return part.value;
}
