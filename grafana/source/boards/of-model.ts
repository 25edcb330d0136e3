// What boards of one model have in common.

export const ofModel = 'model="$model", version=~"$version"';
export const ofWindow = `${ofModel}, window="$window"`;
/** Metrics as the reference has them: of no threshold, horizon or class of its own. */
export const whole = 'threshold="", horizon="", class=""';
/** All traffic, no part of it. */
export const ofAll = `${ofWindow}, segment=""`;

export const noTraffic =
  "Nothing of this model and these versions was seen in this time. Is the model running, and does the exporter follow? See the board of the exporter.";
export const noScores =
  "No scores: too few values in this window (drift.min_samples), or no reference yet, or the stream stands still.";
export const noLabels =
  "No metric: fewer than 30 labels came for this window, or labels are not read. See labels on the board of performance.";
export const notPromised = "No objective is configured for this model (slos).";
export const noReference = "No reference: it is still learned, or none is configured.";

export const quietOr = (word: string) => ({ "0": { text: "quiet", color: "green" }, "1": { text: word, color: "red" } }) as const;
