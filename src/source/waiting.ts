// Waiting that ends: a limit on how long something may take, and a rest that can be cut short.

/** @throws an error that says timeout, if the exchange takes longer; whatever comes of it then is let go */
export async function within<T>(exchange: Promise<T>, millis: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`timeout: no answer for ${millis} ms`)), millis);
  });
  try {
    return await Promise.race([exchange, late]);
  } finally {
    clearTimeout(timer);
    exchange.catch(() => undefined);
  }
}

export class Rest {
  #isWoken = false;
  #wake: () => void = () => undefined;

  /** Resolves after so long, or when woken: at once where that came before. */
  async of(millis: number): Promise<void> {
    if (!this.#isWoken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, millis);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#isWoken = false;
  }

  /** Ends the rest that is taken now, or the next one. */
  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }
}
