// The boards as Grafana gets them, from their files: what tests look at.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

export const boardDirectory = fileURLToPath(new URL("../../grafana/boards", import.meta.url));

export interface BoardFile {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly schemaVersion: number;
  readonly tags: readonly string[];
  readonly editable: boolean;
  readonly links: readonly { readonly type: string; readonly tags: readonly string[]; readonly includeVars: boolean }[];
  readonly templating: { readonly list: readonly VariableFile[] };
  readonly annotations: { readonly list: readonly AnnotationFile[] };
  readonly panels: readonly PanelFile[];
}

export interface VariableFile {
  readonly type: string;
  readonly name: string;
  readonly label: string;
  readonly query: string | { readonly query: string };
  readonly datasource?: DatasourceFile;
  readonly multi: boolean;
  readonly includeAll: boolean;
  readonly allValue?: string;
  readonly refresh?: number;
}

export interface DatasourceFile {
  readonly type: string;
  readonly uid: string;
}

export interface AnnotationFile {
  readonly name: string;
  readonly datasource: DatasourceFile;
  readonly expr: string;
  readonly useValueForTime?: boolean;
}

export interface TargetFile {
  readonly refId: string;
  readonly datasource: DatasourceFile;
  readonly expr: string;
  readonly legendFormat: string;
  readonly instant?: boolean;
  readonly range?: boolean;
}

export interface PanelFile {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: DatasourceFile;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly TargetFile[];
  readonly repeat?: string;
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string; readonly noValue?: string } };
  /** Of a row that is closed. */
  readonly panels?: readonly PanelFile[];
}

export const boardFiles: ReadonlyMap<string, BoardFile> = new Map(
  readdirSync(boardDirectory)
    .sort()
    .map((name) => [basename(name, ".json"), JSON.parse(readFileSync(join(boardDirectory, name), "utf8")) as BoardFile]),
);

/** Rows and panels, those of closed rows included. */
export function placesOf({ panels }: Pick<BoardFile, "panels">): PanelFile[] {
  return panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}

/** Panels without rows. */
export function panelsOf(board: Pick<BoardFile, "panels">): PanelFile[] {
  return placesOf(board).filter(({ type }) => type !== "row");
}

export function variableOf(board: BoardFile, name: string): VariableFile | undefined {
  return board.templating.list.find((variable) => variable.name === name);
}

/** Every address of a board anywhere in a text: its uid and the variables that are set. */
export function boardLinksIn(text: string): { readonly uid: string; readonly variables: readonly string[] }[] {
  return [...text.matchAll(/\/d\/(ml-[a-z-]+)(\?[^"'\s)]*)?/g)].map(([, uid, query = ""]) => ({
    uid: uid as string,
    variables: [...query.matchAll(/(?:var-(\w+)=|\$\{(\w+):queryparam\})/g)].map(([, set, kept]) => (set ?? kept) as string),
  }));
}
