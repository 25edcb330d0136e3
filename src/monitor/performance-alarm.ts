// Whether predictions have become worse than they were in the reference: one alarm a version, raised by sequential detectors of its
// losses, as further signals under the budget of false alarms that drift has too.
import { type Loss, lossSums } from "../performance/losses.ts";
import type { PerformancePane } from "../performance/pane.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import {
  createPerformanceDetector,
  isPerformanceDetector,
  type LossSums,
  type PerformanceBaseline,
  stepPerformanceDetector,
} from "../stats/performance-detector.ts";
import { finish } from "../window/finish.ts";
import { minuteMillis } from "../window/resolution.ts";
import { evidenceLimit } from "./alarm-budget.ts";
import { AlarmEpisode } from "./alarm-episode.ts";
import { findingOfEvidence } from "./detector-looks.ts";
import { type AlarmChange, DriftAlarm, type Evidence } from "./drift-alarm.ts";
import { capEvidence } from "./drift-detectors.ts";
import type { Looked } from "./monitor.ts";
import type { PerformanceMemory } from "./performance-memory.ts";

/** What a signal is of: the label, which no feature can be called. */
const subject = "$label";

interface Watched {
  detector: Float64Array;
  /** The end of the pane that it took last. */
  endMillis: number;
  /** The common logarithm of its evidence. */
  log10: number;
}

/** Of one version. */
export class PerformanceAlarm {
  alarm = new DriftAlarm();
  episode = new AlarmEpisode();
  /** By loss. */
  readonly watched = new Map<string, Watched>();

  /** Takes a closed pane of all traffic. */
  look(looked: Looked<PerformancePane>, memory: PerformanceMemory, tell: (change: AlarmChange) => void): void {
    const { performance } = memory.settings;
    const { endMillis, closed } = looked;
    if (performance === null || memory.watched.length === 0) return;
    const limit = evidenceLimitOf(memory);
    const holdMillis = Math.min(...memory.settings.drift.windows.map(({ millis }) => millis));
    const changed = (change: AlarmChange): void => {
      this.episode.note(change);
      tell(change);
    };
    for (const { loss, baseline } of memory.watched) {
      const losses = loss.of(closed);
      if (losses === null) continue;
      const log10 = this.#step(loss.name, lossSums(losses), baseline, endMillis, limit);
      const signal = { segment: "", feature: subject, windowMillis: 0, test: loss.name };
      const finding = findingOfEvidence(log10, limit);
      const evidence = (): Evidence => evidenceOf(loss, log10, limit, looked, holdMillis);
      const change = this.alarm.look(signal, { timeMillis: endMillis, holdMillis, finding, evidence });
      if (change !== null) changed(change);
    }
    for (const change of this.alarm.endForgotten(endMillis)) changed(change);
  }

  #step(name: string, sums: LossSums, baseline: PerformanceBaseline, endMillis: number, limit: number): number {
    let watched = this.watched.get(name);
    if (watched === undefined) {
      watched = { detector: createPerformanceDetector(), endMillis: endMillis - minuteMillis, log10: Number.NEGATIVE_INFINITY };
      this.watched.set(name, watched);
    }
    const panes = Math.max(1, (endMillis - watched.endMillis) / minuteMillis);
    watched.log10 = Math.LOG10E * stepPerformanceDetector(watched.detector, sums, baseline, panes);
    watched.endMillis = endMillis;
    capEvidence(watched.detector, limit);
    return watched.log10;
  }

  encode(writer: Writer): void {
    this.alarm.encode(writer);
    this.episode.encode(writer);
    const sorted = [...this.watched].sort(([one], [other]) => compareText(one, other));
    writeAll(writer, sorted, ([name, { detector, endMillis, log10 }]) => {
      writer.text(name);
      writer.floats(detector);
      writer.integer(endMillis);
      writer.float(log10);
    });
  }

  static decode(reader: Reader): PerformanceAlarm {
    const own = new PerformanceAlarm();
    own.alarm = DriftAlarm.decode(reader);
    own.episode = AlarmEpisode.decode(reader, own.alarm);
    readAll(reader, () => {
      const name = reader.text();
      const watched = { detector: reader.floats(), endMillis: reader.integer(), log10: reader.float() };
      // One of an older version, which made other bets, begins anew.
      if (isPerformanceDetector(watched.detector)) own.watched.set(name, watched);
    });
    return own;
  }
}

/** The common logarithm of the evidence from which on a loss alarms: each has the same share of the accepted false alarms. */
export function evidenceLimitOf({ settings, watched }: PerformanceMemory): number {
  return settings.performance === null ? Number.NaN : evidenceLimit(settings.performance.falseAlarms, 1 / watched.length);
}

/** Told by the mean loss in the shortest window: what a detector remembers is nothing that people know. */
function evidenceOf(loss: Loss, value: number, limit: number, looked: Looked<PerformancePane>, windowMillis: number): Evidence {
  const losses = loss.of(finish(looked.window(windowMillis)).closed);
  const now = losses === null ? { size: 0, sum: 0 } : lossSums(losses);
  const before = meanOf(loss.law);
  const after = now.sum / now.size;
  const nowhere = { bin: -1, binBefore: Number.NaN, binAfter: Number.NaN };
  return { value, limit, samples: now.size, effect: after - before, before, after, ...nowhere };
}

function meanOf({ values, weights }: Loss["law"]): number {
  let [sum, all] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    sum += (values[at] as number) * (weights[at] as number);
    all += weights[at] as number;
  }
  return sum / all;
}
