// The frame of every page: head, header, navigation and footer; and the policy that lets nothing but its style in.
import { createHash } from "node:crypto";
import { type Html, html } from "./html.ts";
import { style } from "./status-style.ts";

const styleHash = createHash("sha256").update(style).digest("base64");

/** For the header `Content-Security-Policy`: no script, no image, nothing from anywhere; the one style by its hash. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

export interface DocumentParts {
  /** Plain text. */
  readonly title: string;
  /** The page's own path: what the link to reload leads to. */
  readonly path: string;
  /** Where the same is found as JSON. */
  readonly jsonPath: string;
  readonly body: Html;
  readonly footer: Html;
}

export function htmlDocument({ title, path, jsonPath, body, footer }: DocumentParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header><p class="brand">Prediction exporter</p>
<nav aria-label="Pages"><ul><li><a href="/">Overview</a></li><li><a href="${jsonPath}">JSON</a></li><li><a href="/metrics">Metrics</a></li><li><a href="${path}">Reload</a></li></ul></nav></header>
<main id="main">
${body}
</main>
<footer>${footer}</footer>
</body>
</html>
`.text;
}
