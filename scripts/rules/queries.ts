// PromQL that stands in texts: queries of templates in annotations, and blocks to paste in runbooks.

/** Queries of a template: `printf` with its holes filled in, as in {{ printf `up{job=%q}` $labels.job | query }}. */
export function templateQueries(template: string): string[] {
  const found = template.matchAll(/(`[^`]*`|"(?:[^"\\]|\\.)*")[^|{}`"]*\|\s*query\b/g);
  return [...found].map(([, quoted]) => {
    const text = (quoted as string).startsWith("`") ? (quoted as string).slice(1, -1) : (JSON.parse(quoted as string) as string);
    return text.replaceAll("%q", '"x"').replaceAll("%s", "x").replaceAll("%v", "1");
  });
}

/** Expressions of the blocks marked promql; an empty line or a comment ends one. */
export function markdownQueries(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```promql\n([\s\S]*?)^```$/gm)].map(([, body]) => body as string);
  const parts = blocks.flatMap((body) => body.split(/\n\s*\n|^#.*$/m));
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
