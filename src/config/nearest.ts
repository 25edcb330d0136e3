// The word that was probably meant.

/** Longer words are not compared: nobody mistypes them. */
const longest = 64;

/** The known word nearest to one that is not known; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length < 2 || word.length > longest) return undefined;
  const plain = normal(word);
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(plain, normal(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (best !== undefined && best.distance <= Math.max(1, Math.floor(word.length / 3))) return best.candidate;
  return known.find((candidate) => normal(candidate).startsWith(`${plain}_`));
}

/** Case and dashes are the commonest slips. */
function normal(word: string): string {
  return word.toLowerCase().replaceAll("-", "_");
}

/**
 * How many letters have to be put in, left out, replaced or exchanged with their neighbour (optimal string alignment:
 * Boytsov, Indexing methods for approximate dictionary searching, 2011, section 2.1).
 */
export function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const exchanged = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (previous[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (previous[column - 1] as number) + (same ? 0 : 1),
        exchanged ? (before[column - 2] as number) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = previous;
    previous = current;
  }
  return previous[to.length] as number;
}
