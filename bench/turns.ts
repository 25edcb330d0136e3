// Lets processes run by turns, a fraction of a second each. A machine that is shared is twice as fast at one moment as at another,
// for seconds or minutes: so both of two that are compared meet the same.

const turnMillis = 200;

export class Turns {
  #waiting: number[] = [];
  #running: number | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** A process that has a turn from when on `begin` was called; until then it is stopped. */
  add(pid: number): void {
    process.kill(pid, "SIGSTOP");
    this.#waiting.push(pid);
  }

  begin(): void {
    this.#next();
    this.#timer = setInterval(() => this.#next(), turnMillis);
  }

  #next(): void {
    const next = this.#waiting.shift();
    // Who is alone goes on.
    if (next === undefined) return;
    if (this.#running !== null) {
      process.kill(this.#running, "SIGSTOP");
      this.#waiting.push(this.#running);
    }
    process.kill(next, "SIGCONT");
    this.#running = next;
  }

  /** A process that is done: it goes on without a turn. */
  leave(pid: number): void {
    this.#waiting = this.#waiting.filter((other) => other !== pid);
    if (this.#running === pid) {
      this.#running = null;
      this.#next();
    }
    process.kill(pid, "SIGCONT");
  }

  /** All that have not left go on. */
  end(): void {
    clearInterval(this.#timer);
    for (const pid of this.#waiting) process.kill(pid, "SIGCONT");
    this.#waiting = [];
    this.#running = null;
  }
}
