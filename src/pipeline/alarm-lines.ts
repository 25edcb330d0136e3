// What alarms do, told when they do it: lines of a replay, and of the log.
import { changeText } from "../expose/alarm-text.ts";
import { performance } from "../monitor/performance.ts";
import type { Fold } from "../state/fold.ts";
import type { ModelState } from "../state/model-state.ts";
import type { Logger } from "./logger.ts";
import { featureMemoryOf } from "./of-features.ts";
import { alarmChangeView } from "./status-alarm.ts";

/** `on`, `off`: the alarm began or ended with this signal; `more`, `less`: it goes on. */
export type AlarmState = "on" | "more" | "less" | "off";

/** A signal of an alarm that was raised or has ended. */
export interface AlarmLine {
  /** The end of the pane that made it certain. */
  readonly time: string;
  readonly model: string;
  readonly version: string;
  readonly alert: "drift" | "performance";
  readonly state: AlarmState;
  readonly segment: string;
  readonly feature: string;
  /** "" of a sequential detector. */
  readonly window: string;
  readonly test: string;
  /** As it was when the signal was raised: the p-value, or the common logarithm of evidence; and its limit. */
  readonly value: number;
  readonly limit: number;
  readonly samples: number;
  /** Why, in a sentence. */
  readonly text: string;
}

/** Tells of every change of an alarm from now on, in the order of event time. */
export function tellAlarms(fold: Fold, tell: (line: AlarmLine) => void): void {
  fold.onAlarm = (model, version, change, monitor) => {
    const alert = monitor === performance.name ? "performance" : "drift";
    const view = alarmChangeView(change, featureMemoryOf(fold.models.get(model) as ModelState));
    const { segment, feature, window, test, value, limit, samples } = view.signal;
    tell({
      time: new Date(change.timeMillis).toISOString(),
      model,
      version,
      alert,
      state: stateOf(view),
      segment,
      feature,
      window: window ?? "",
      test,
      value,
      limit,
      samples,
      text: changeText(view, alert),
    });
  };
}

function stateOf({ raised, alarm }: { readonly raised: boolean; readonly alarm: boolean }): AlarmState {
  if (raised) return alarm ? "on" : "more";
  return alarm ? "off" : "less";
}

/** Says in the log what alarms do. */
export function logAlarms(fold: Fold, logger: Logger): void {
  tellAlarms(fold, ({ text, ...line }) => {
    if (line.state === "on" || line.state === "more") logger.warn(line, text);
    else logger.info(line, text);
  });
}
