// A logger that keeps what it is told.
import type { Logger } from "../../src/pipeline/logger.ts";

export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
}

export class LogLines implements Logger {
  readonly lines: LogLine[] = [];
  info = (fields: object, message: string): void => void this.lines.push({ ...fields, level: "info", message });
  warn = (fields: object, message: string): void => void this.lines.push({ ...fields, level: "warn", message });
  error = (fields: object, message: string): void => void this.lines.push({ ...fields, level: "error", message });

  of(level: LogLine["level"]): LogLine[] {
    return this.lines.filter((line) => line.level === level);
  }
}
