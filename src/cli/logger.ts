// The process's log: JSON on standard error, one line an event. Never a payload.
import { pino } from "pino";
import type { Logger } from "../pipeline/logger.ts";

export function createLogger(): Logger {
  const level = process.env.PREDICTION_EXPORTER_LOG_LEVEL ?? "info";
  return pino({ level, timestamp: pino.stdTimeFunctions.isoTime, base: null }, pino.destination({ fd: 2, sync: true }));
}
