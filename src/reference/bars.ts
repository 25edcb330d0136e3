// Horizontal bars of Unicode blocks: eight steps a character.

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** @param share of the width, in [0, 1]. What is above 0 shows as the least step at least */
export function bar(share: number, width: number): string {
  const steps = share > 0 ? Math.max(1, Math.round(share * width * 8)) : 0;
  return "█".repeat(Math.floor(steps / 8)) + (eighths[steps % 8] as string);
}

/** A name as a terminal may show it: nothing that it would obey, and not longer than there is room. */
export function shownText(text: string, longest: number): string {
  const plain = text.replaceAll(/\p{C}/gu, "\uFFFD");
  return plain.length > longest ? `${plain.slice(0, Math.max(1, longest - 1))}…` : plain;
}
