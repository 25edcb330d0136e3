// Folds lines of a file as if they were records of a log.
import type { Decoder } from "../../src/decode/decoder.ts";
import type { Fold } from "../../src/state/fold.ts";
import type { LogState } from "../../src/state/log-state.ts";

const options = { messageBytes: 262_144, futureMillis: 300_000 };

export function applyLines(fold: Fold, log: LogState, decoder: Decoder, lines: readonly string[]): void {
  for (const line of lines) {
    if (line === "") continue;
    decoder.decode(Buffer.from(line), Number.NaN, options, {
      event: (event) => fold.apply(log, event, Number.NaN),
      reject: (reason) => log.reject(reason),
    });
    log.next += 1;
  }
}
