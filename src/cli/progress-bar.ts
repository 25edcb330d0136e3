// How far some work has come, as a bar on a terminal; where there is none, only when it begins and ends.

const width = 30;

export class ProgressBar {
  readonly #what: string;
  readonly #stream: NodeJS.WriteStream;
  #shown = "";

  constructor(what: string, stream: NodeJS.WriteStream = process.stderr) {
    this.#what = what;
    this.#stream = stream;
    if (!stream.isTTY) stream.write(`${what}\n`);
  }

  /** @param share done of all, in [0, 1] */
  show(share: number): void {
    if (!this.#stream.isTTY) return;
    const full = Math.round(share * width);
    const text = `${this.#what} [${"#".repeat(full)}${".".repeat(width - full)}] ${Math.floor(share * 100)} %`;
    if (text === this.#shown) return;
    this.#shown = text;
    this.#stream.write(`\r${text}`);
  }

  /** What was to be done has failed: what is said of that begins on a line of its own. */
  abandon(): void {
    if (this.#stream.isTTY) this.#stream.write("\n");
  }

  end(): void {
    if (!this.#stream.isTTY) return;
    this.show(1);
    this.#stream.write("\n");
  }
}
