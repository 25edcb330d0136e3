// The contract between a reader of tables (CSV, Parquet) and whoever takes their rows. A reader knows no meaning of columns.

export interface TableSink {
  /** Once, before the first row. @returns by column, whether its cells are wanted; else they are null */
  columns(names: readonly string[]): readonly boolean[];
  /**
   * A row: a cell for each column, null where it is empty. The array is used again for the next row.
   * @param at the line, or the number of the row from 1 on
   */
  row(cells: readonly unknown[], at: number): void;
  /** A row that cannot be read. */
  bad(reason: string, at: number, detail: string): void;
}

/** A file that is no such table at all. */
export class TableError extends Error {}
