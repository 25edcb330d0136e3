// PromQL that stands in texts: queries of templates in annotations, and blocks to paste in runbooks.

const quoted = /(`[^`]*`|"(?:[^"\\]|\\.)*")/.source;
/** As in {{ printf `up{job=%q}` $labels.job | query }}, and as in {{ query (printf "up{job=%q}" $labels.job) }}. */
const asked = [
  new RegExp(`${quoted}[^|{}\`"]*\\|\\s*query\\b`, "g"),
  new RegExp(`\\bquery\\s+(?:\\(\\s*printf\\s+)?${quoted}`, "g"),
];

/** Queries of a template, `printf` with its holes filled in. */
export function templateQueries(template: string): string[] {
  const found = asked.flatMap((form) => [...template.matchAll(form)]);
  return found.map(([, literal]) => {
    const text = (literal as string).startsWith("`")
      ? (literal as string).slice(1, -1)
      : (JSON.parse(literal as string) as string);
    return text.replaceAll("%q", '"x"').replaceAll("%s", "x").replaceAll("%v", "1");
  });
}

/** Expressions of the blocks marked promql; an empty line or a comment ends one. */
export function markdownQueries(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```promql\n([\s\S]*?)^```$/gm)].map(([, body]) => body as string);
  const parts = blocks.flatMap((body) => body.split(/\n\s*\n|^#.*$/m));
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
