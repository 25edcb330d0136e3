// What a page says, by where it says it: the words under a version, a heading, a feature and a term. So that two pages can
// be compared as people compare them.

const tokens = /<(\/?)([a-z][a-z0-9]*)[^>]*>|([^<]+)/g;
/** What names the place of what follows it, from the widest to the narrowest. */
const headings = ["h1", "h2", "h3", "h4", "dt"] as const;
type Heading = (typeof headings)[number];

const isHeading = (tag: string): tag is Heading => (headings as readonly string[]).includes(tag);

/** Texts by the headings above them, joined by " / ". */
export function saidOn(page: string): Map<string, string> {
  const said = new Map<string, string>();
  const place = new Map<Heading, string>();
  let heading: Heading | null = null;
  let isHidden = false;
  for (const [, closing = "", tag = "", text = ""] of page.matchAll(tokens)) {
    if (tag === "style" || tag === "head") isHidden = closing === "";
    else if (tag === "dl" && closing !== "") place.delete("dt");
    else if (isHeading(tag)) {
      heading = closing === "" ? tag : null;
      if (closing === "") for (const narrower of headings.slice(headings.indexOf(tag))) place.delete(narrower);
    } else if (text !== "" && !isHidden) {
      if (heading !== null) place.set(heading, `${place.get(heading) ?? ""}${text}`);
      else add(said, [...place.values()].join(" / "), text);
    }
  }
  return said;
}

function add(said: Map<string, string>, place: string, text: string): void {
  const before = said.get(place);
  said.set(place, before === undefined ? text : `${before} ${text}`);
}
