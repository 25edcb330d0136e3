// Markup by template: what is put into a template is escaped, unless it is markup made by one. There is no other way to
// make markup, so nothing from outside can become a part of it.

/** Markup that is safe to be put into other markup. */
export class Html {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  static of(strings: TemplateStringsArray, values: readonly HtmlValue[]): Html {
    let text = strings[0] ?? "";
    for (const [index, value] of values.entries()) text += Html.#shown(value) + (strings[index + 1] ?? "");
    return new Html(text);
  }

  static #shown(value: HtmlValue): string {
    if (value instanceof Html) return value.text;
    if (typeof value === "string") return escaped(value);
    if (typeof value === "number") return String(value);
    return value.map((one) => one.text).join("");
  }
}

export type HtmlValue = string | number | Html | readonly Html[];

/** Tag of templates: `html` before a template makes markup of it. Values may stand in text and in quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return Html.of(strings, values);
}

export const nothing = html``;

const references: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => references[character] ?? "");
}

/** Pieces of markup with something between them. */
export function joined(pieces: readonly Html[], separator: string): Html {
  return html`${pieces.map((piece, index) => (index === 0 ? piece : html`${separator}${piece}`))}`;
}
