// Waits for a condition rather than for a time.

export interface UntilOptions {
  readonly deadlineMillis: number;
  /** What is waited for, for the error. */
  readonly what?: string;
}

/** Looks again and again until the condition holds. @throws with the last error once the deadline has passed */
export async function until(condition: () => boolean | Promise<boolean>, options: UntilOptions): Promise<void> {
  const deadline = performance.now() + options.deadlineMillis;
  let last: unknown = "the condition did not hold";
  do {
    try {
      if (await condition()) return;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (performance.now() < deadline);
  throw new Error(`not within ${options.deadlineMillis} ms: ${options.what ?? condition}: ${String(last)}`);
}
