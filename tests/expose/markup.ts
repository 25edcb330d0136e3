// A strict reader of our pages: tags with quoted attributes, and text, both without anything that is not escaped.

const attribute = / [a-z][A-Za-z-]*(?:="[^"<>&']*(?:&(?:amp|lt|gt|#34|#39);[^"<>&']*)*")?/y;
const tag = /<(\/?[a-z][a-z0-9]*)/y;
const text = /(?:[^<>&"']|&(?:amp|lt|gt|#34|#39);)+/y;

export interface Markup {
  /** Names of tags in order; closing ones begin with a slash. */
  readonly tags: readonly string[];
  /** Everything between tags, decoded, without the style. */
  readonly text: string;
  /** Attributes in order, decoded. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
}

/** @throws where there is anything else */
export function readMarkup(page: string): Markup {
  const start = "<!doctype html>\n";
  if (page.startsWith("<!") && !page.startsWith(start)) throw new Error("another document type");
  const tags: string[] = [];
  const attributes: [string, string][] = [];
  let shown = "";
  let at = page.startsWith(start) ? start.length : 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(page);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  while (at < page.length) {
    const between = next(text);
    if (between !== null) {
      if (tags.at(-1) !== "style") shown += decoded(between[0]);
      continue;
    }
    const opened = next(tag);
    if (opened === null) throw new Error(`not escaped: ${page.slice(at - 30, at + 30)}`);
    tags.push(opened[1] ?? "");
    for (let found = next(attribute); found !== null; found = next(attribute)) {
      const [name = "", value = ""] = found[0].slice(1).split(/=(.*)/s);
      attributes.push([name, decoded(value.slice(1, -1))]);
    }
    if (next(/\/?>/y) === null) throw new Error(`a tag that does not end: ${page.slice(at - 30, at + 30)}`);
  }
  return { tags, text: shown, attributes };
}

const characters: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&#34;": '"',
  "&#39;": "'",
};

function decoded(escaped: string): string {
  return escaped.replace(/&[^;]+;/g, (reference) => characters[reference] ?? reference);
}
