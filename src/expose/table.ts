// Tables that scroll inside of themselves where they are wider than the page, also by keyboard. Those of many columns
// become a list of small blocks on a phone: there each cell says the name of its column itself.
import { type Html, type HtmlValue, html } from "./html.ts";

export interface Column {
  readonly heading: string;
  /** A count or another number: to the right. A text may be long; everything else stands on one line. */
  readonly kind?: "number" | "text";
}

export interface Row {
  /** What the row is about: its first cell. */
  readonly head: Html;
  /** One for each column but the first. */
  readonly cells: readonly HtmlValue[];
}

/** Whether a table becomes a list of blocks on a phone; or holds nothing but numbers, which need not say so one by one. */
export type Layout = "stacked" | "plain" | "numbers";

/** @param columns the first is that of the rows' heads */
export function table(caption: string, columns: readonly Column[], rows: readonly Row[], layout: Layout = "plain"): Html {
  return tableOf(
    caption,
    columns,
    rows.map((row) => tableRow(columns, row, layout)),
    layout,
  );
}

/** As `table`, of rows made by `tableRow`. */
export function tableOf(caption: string, columns: readonly Column[], rows: readonly Html[], layout: Layout): Html {
  const heads = columns.map(
    ({ heading, kind }) => html`<th scope="col"${classOf(kind === "number" ? kind : undefined)}>${heading}</th>`,
  );
  return html`<div class="scroll ${layout}" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

export function tableRow(columns: readonly Column[], { head, cells }: Row, layout: Layout): Html {
  if (layout === "numbers") return numberRow(head, cells);
  const data = cells.map((cell, index) => {
    const column = columns[index + 1];
    const label = layout === "stacked" ? html` data-label="${column?.heading ?? ""}"` : html``;
    return html`<td${classOf(column?.kind)}${label}>${cell}</td>`;
  });
  return html`<tr><th scope="row">${head}</th>${data}</tr>
`;
}

/**
 * Without what HTML lets be left out (ends of cells and rows; that the first cell is about its row): of a feature's tables
 * that is a third. Source: HTML Standard, 13.1.2.4 and 4.9.10.
 */
function numberRow(head: Html, cells: readonly HtmlValue[]): Html {
  return html`<tr><th>${head}${cells.map((cell) => html`<td>${cell}`)}
`;
}

function classOf(kind: Column["kind"]): Html {
  return kind === undefined ? html`` : html` class="${kind}"`;
}
