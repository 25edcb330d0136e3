// Names from outside as people see them: what is invisible or turns the direction of text is spelt out, what is long is
// cut, and each name is isolated from the text around it.
import { type Html, html } from "./html.ts";

/** Names are at most 128 long where they come from; texts such as those of errors may be longer. */
const longestName = 128;
const longestInTable = 60;

/**
 * Control and format characters (directions, zero widths, tags), private and unassigned ones, halves of pairs, every space
 * but the ordinary one, and marks piled on a letter beyond what any script needs: those would cover the lines around.
 */
const unseen = /[\p{C}\p{Zl}\p{Zp}]|[^\S ]|(?<=\p{M}{3})\p{M}/gu;

/** The name as plain text, for attributes and titles. */
export function plainName(name: string, longest = longestName): string {
  const characters = [...name];
  const kept = characters.slice(0, longest).join("");
  const spelt = kept.replace(unseen, (character) => `[${codePoint(character)}]`);
  return characters.length > longest ? `${spelt}…` : spelt;
}

/** The name as markup. */
export function shownName(name: string, longest = longestName): Html {
  if (name === "") return html`<span class="odd">empty</span>`;
  const characters = [...name];
  const kept = characters.slice(0, longest).join("");
  const more = characters.length - longest;
  const rest = more > 0 ? html`…<span class="odd">${more} more</span>` : html``;
  return html`<bdi>${pieces(kept)}${rest}</bdi>`;
}

/** As `shownName`, for tables with many names. */
export function shortName(name: string): Html {
  return shownName(name, longestInTable);
}

function pieces(text: string): Html[] {
  const result: Html[] = [];
  let from = 0;
  for (const match of text.matchAll(unseen)) {
    result.push(html`${text.slice(from, match.index)}<span class="odd">${codePoint(match[0])}</span>`);
    from = match.index + match[0].length;
  }
  result.push(html`${text.slice(from)}`);
  return result;
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
