// The paths of models' pages, for any name that a model may have.
import { type Html, html } from "./html.ts";

/**
 * The path of a model's page; undefined where no link can lead to it: browsers take `.` and `..` for folders however they
 * are encoded, and half of a pair has no encoding.
 */
export function modelPath(name: string): string | undefined {
  return name === "." || name === ".." || !name.isWellFormed() ? undefined : `/models/${encodeURIComponent(name)}`;
}

/** A name as a link to its model's page, where there can be one. */
export function modelLink(name: string, shown: Html): Html {
  const path = modelPath(name);
  return path === undefined ? shown : html`<a href="${path}">${shown}</a>`;
}
