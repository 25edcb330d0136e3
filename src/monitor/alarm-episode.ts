// The episode of a version's alarm that is on: when it began, and since when what raised it is different. All of it is state.
import type { Reader, Writer } from "../primitive/bytes.ts";
import type { AlarmChange, DriftAlarm } from "./drift-alarm.ts";

export class AlarmEpisode {
  /** The look with which the alarm began; NaN while it is off. */
  sinceMillis = Number.NaN;
  /** Start of the first pane that differs; NaN where nobody knows. */
  firstDeviationMillis = Number.NaN;

  /** Takes a change of the alarm. @returns whether it has begun with it */
  note({ timeMillis, raised, alarm }: AlarmChange): boolean {
    if (!alarm) return false;
    this.sinceMillis = raised ? timeMillis : Number.NaN;
    this.firstDeviationMillis = Number.NaN;
    return raised;
  }

  encode(writer: Writer): void {
    writer.float(this.sinceMillis);
    writer.float(this.firstDeviationMillis);
  }

  /** @param alarm that it is of: states before format 3 had nothing else */
  static decode(reader: Reader, alarm: DriftAlarm): AlarmEpisode {
    const episode = new AlarmEpisode();
    if (reader.format < 3) {
      episode.sinceMillis = sinceOf(alarm);
      return episode;
    }
    episode.sinceMillis = reader.float();
    episode.firstDeviationMillis = reader.float();
    return episode;
  }
}

/** As the alarm itself tells it: by its latest changes, or where these do not reach back so far by the oldest of its signals. */
function sinceOf({ on, recent, raised }: DriftAlarm): number {
  if (!on) return Number.NaN;
  const began = recent.findLast((change) => change.raised && change.alarm);
  return began?.timeMillis ?? Math.min(...raised.map(({ sinceMillis }) => sinceMillis));
}
