// The process's log: JSON on standard error, one line an event. Never a payload.
import { pino } from "pino";
import type { Logger } from "../pipeline/logger.ts";

/** @param usual the least level that is logged where the environment does not say */
export function createLogger(usual = "info"): Logger {
  const level = process.env.PREDICTION_EXPORTER_LOG_LEVEL ?? usual;
  return pino({ level, timestamp: pino.stdTimeFunctions.isoTime, base: null }, pino.destination({ fd: 2, sync: true }));
}
