// What is summed and remembered of a version's features since it was first seen, beside its windows.
import type { Schema } from "../event/schema.ts";
import { kindCount } from "../event/value.ts";
import { type Reader, readAll, type Writer, writeAll } from "../primitive/bytes.ts";
import { compareText } from "../primitive/dictionary.ts";
import { AlarmEpisode } from "./alarm-episode.ts";
import { DriftAlarm } from "./drift-alarm.ts";
import { Detectors } from "./drift-detectors.ts";
import { decodeKinds, encodeKinds } from "./feature-codec.ts";
import type { ModelSettings } from "./monitor.ts";
import { ReferenceAdoption } from "./reference-adoption.ts";
import { SchemaHistory } from "./schema-history.ts";

export interface FeatureTotals {
  /** By feature: counts of kinds, and at their end of unseen categories. */
  readonly values: Map<string, Float64Array>;
  readonly schema: SchemaHistory;
  readonly alarm: DriftAlarm;
  /** Of the alarm. */
  readonly episode: AlarmEpisode;
  readonly detectors: Detectors;
  readonly adoption: ReferenceAdoption;
}

/** Position of the unseen count in totals. */
export const unseenTotal = kindCount;

export function createFeatureTotals(settings: ModelSettings): FeatureTotals {
  return {
    values: new Map([...settings.features.keys()].map((name) => [name, new Float64Array(kindCount + 1)])),
    schema: new SchemaHistory(),
    alarm: new DriftAlarm(),
    episode: new AlarmEpisode(),
    detectors: new Detectors(),
    adoption: new ReferenceAdoption(),
  };
}

export function encodeFeatureTotals(totals: FeatureTotals, writer: Writer): void {
  const sorted = [...totals.values].sort(([a], [b]) => compareText(a, b));
  writeAll(writer, sorted, ([name, counts]) => {
    writer.text(name);
    encodeKinds(counts, writer);
  });
  totals.schema.encode(writer);
  totals.alarm.encode(writer);
  totals.detectors.encode(writer);
  totals.episode.encode(writer);
  totals.adoption.encode(writer);
}

/** Opens the slots that the totals know of, so that limits are used as they were. */
export function decodeFeatureTotals(reader: Reader, schema: Schema): FeatureTotals {
  const values = new Map(readAll(reader, () => [reader.text(), decodeKinds(reader)] as const));
  for (const name of values.keys()) schema.slot(name);
  const history = SchemaHistory.decode(reader);
  // States of format 1 knew no alarms.
  const alarm = reader.format === 1 ? new DriftAlarm() : DriftAlarm.decode(reader);
  const detectors = reader.format === 1 ? new Detectors() : Detectors.decode(reader);
  const episode = AlarmEpisode.decode(reader, alarm);
  return { values, schema: history, alarm, episode, detectors, adoption: ReferenceAdoption.decode(reader) };
}
