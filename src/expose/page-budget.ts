// A bound on how long a page gets, whatever the names on it are: pieces are taken until there is no room.
import { type Html, html, nothing } from "./html.ts";
import { countText } from "./quantity-text.ts";

export class PageBudget {
  #left: number;

  /** @param bytes of UTF-8 */
  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** The pieces up to the first that does not fit. */
  take<Item>(items: readonly Item[], render: (item: Item) => Html): Html[] {
    const taken: Html[] = [];
    for (const item of items) {
      const piece = render(item);
      const bytes = Buffer.byteLength(piece.text);
      if (bytes > this.#left) break;
      this.#left -= bytes;
      taken.push(piece);
    }
    return taken;
  }
}

/** What is said of pieces that found no room; nothing where all did. */
export function leftOut(pieces: number, jsonPath: string): Html {
  return pieces > 0
    ? html`<p class="small soft">${countText(pieces)} more are in the <a href="${jsonPath}">JSON</a>.</p>`
    : nothing;
}
