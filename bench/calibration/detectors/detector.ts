// The contract of published change detectors, which are here for comparison only. They know nothing of a reference: they learn from
// the stream what is normal, and begin anew when they have alarmed.

export interface Detector {
  /** Takes the value of one event. @returns whether it alarms */
  take(value: number): boolean;
}

/** Mean of all values since the beginning, as these detectors take it for what is normal. */
export class RunningMean {
  count = 0;
  mean = 0;

  add(value: number): void {
    this.count += 1;
    this.mean += (value - this.mean) / this.count;
  }
}
