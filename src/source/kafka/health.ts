// How the exchange with the brokers goes: what `status()` says. Holds no connection.
import type { SourceStatus } from "../source.ts";

/** Kinds of errors, as label values. */
export type ErrorKind = "connection" | "timeout" | "authentication" | "crash" | "silence" | "other";

export class Health {
  rebuilds = 0;
  readonly errors = new Map<ErrorKind, number>(
    (["connection", "timeout", "authentication", "crash", "silence", "other"] as const).map((kind) => [kind, 0]),
  );
  /** What does not exist yet, is held by others, ...: by subject, so that each can be taken back. */
  readonly #problems = new Map<string, string>();
  #lastAnswerMillis = Number.NEGATIVE_INFINITY;
  readonly #now: () => number;
  readonly #freshMillis: number;
  assigned = false;

  /** @param freshMillis how long an answer shows that the brokers are there */
  constructor(now: () => number, freshMillis: number) {
    this.#now = now;
    this.#freshMillis = freshMillis;
  }

  answered(): void {
    this.#lastAnswerMillis = this.#now();
    this.#problems.delete("broker");
  }

  failed(kind: ErrorKind, message: string): void {
    this.errors.set(kind, (this.errors.get(kind) ?? 0) + 1);
    this.#problems.set("broker", message);
  }

  problem(subject: string, message: string | null): void {
    if (message === null) this.#problems.delete(subject);
    else this.#problems.set(subject, message);
  }

  get up(): boolean {
    return this.#now() - this.#lastAnswerMillis < this.#freshMillis;
  }

  status(): SourceStatus {
    const problems = [...this.#problems.values()];
    if (!this.up && !this.#problems.has("broker")) problems.unshift("the brokers do not answer");
    return { up: this.up, problems, assigned: this.assigned, rebuilds: this.rebuilds, errors: this.errors };
  }
}

/** The kind of an error by its name and message. */
export function kindOf(error: unknown): ErrorKind {
  const { name = "", message = "" } = error as Error;
  if (/SASL|authenti|authoriz/i.test(`${name} ${message}`)) return "authentication";
  if (/timeout|timed out/i.test(`${name} ${message}`)) return "timeout";
  if (/connect|ECONN|closed|getaddrinfo|socket|TLS|certificate/i.test(`${name} ${message}`)) return "connection";
  return "other";
}
