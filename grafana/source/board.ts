// A board as Grafana's file of it: rows laid out from the left to the right, and numbers for panels, which nobody else gives.
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { annotationsOf } from "./annotations.ts";
import { boardMenu, boardTag } from "./links.ts";
import { panelBuilder } from "./panel.ts";
import type { Board, Panel, Row } from "./spec.ts";
import { datasourceVariable, queryVariable } from "./variables.ts";

/** Grafana's grid. */
const columns = 24;
const usualHeight = { lines: 8, stat: 4, table: 8, bars: 9, timeline: 6 };

/** The newest that files may have: Grafana reads later schemas in another form only. */
const schemaVersion = 42;

export function boardJson(board: Board): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(board.title)
    .uid(board.uid)
    .description([board.audience, ...board.questions].join(" "))
    .tags([boardTag])
    .readonly()
    .timezone("browser")
    .time({ from: board.from ?? "now-6h", to: "now" })
    .refresh("1m")
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .variables([datasourceVariable(), ...board.variables.map(queryVariable)])
    .annotations(annotationsOf(board))
    .link(boardMenu(board));
  const built = builder.build();
  return { ...built, schemaVersion, panels: layOut(board.rows) };
}

type Placed = dashboard.Panel | dashboard.RowPanel;

function layOut(rows: readonly Row[]): Placed[] {
  let id = 0;
  let y = 0;
  const next = (): number => {
    id += 1;
    return id;
  };
  return rows.flatMap(({ title, collapsed = false, panels }): Placed[] => {
    const row: dashboard.RowPanel = {
      type: "row",
      id: next(),
      title,
      collapsed,
      panels: [],
      gridPos: { x: 0, y, w: columns, h: 1 },
    };
    y += 1;
    const lines = intoLines(panels);
    const placed = lines.flatMap((line) => {
      const height = Math.max(...line.map(heightOf));
      let x = 0;
      const built = line.map((panel) => {
        const gridPos = { x, y, w: panel.width, h: height };
        x += panel.width;
        return { ...panelBuilder(panel).build(), id: next(), gridPos };
      });
      y += height;
      return built;
    });
    return collapsed ? [{ ...row, panels: placed }] : [row, ...placed];
  });
}

function heightOf({ kind, height }: Panel): number {
  return height ?? usualHeight[kind];
}

/** Panels side by side as long as there is room. */
function intoLines(panels: readonly Panel[]): Panel[][] {
  const lines: Panel[][] = [];
  let used = columns;
  for (const panel of panels) {
    if (used + panel.width > columns) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)?.push(panel);
    used += panel.width;
  }
  return lines;
}
