// Renders the page for everyone who asks at about the same time, in slices, so that neither many scrapers nor a large
// page hold up the stream. Knows no HTTP.
import { setImmediate as immediate } from "node:timers/promises";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { Encoding, Format } from "./negotiate.ts";
import { TextPage } from "./page.ts";
import type { Collector, Family } from "./sample.ts";
import { ScrapeSamples } from "./scrape-samples.ts";

export interface RendererOptions {
  /** Asked anew at each rendering. Families appear on the page in their order. */
  readonly collectors: () => readonly Collector[];
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  readonly logger: { error(fields: object, message: string): void };
  /** How far a page may have been begun before the request that it answers. 0: each waits for one begun after it asked. */
  readonly maxAgeMillis?: number;
  /** How long rendering may go on before others get their turn. */
  readonly sliceMillis?: number;
}

/** Scrapers come every few seconds at the most; two of one interval may well share a page of the last second. */
const defaultMaxAgeMillis = 1000;
/** Short beside a pause of the garbage collector, which comes on top; giving way costs microseconds. */
const defaultSliceMillis = 5;

interface Rendering {
  readonly beganMillis: number;
  readonly page: Promise<RenderedPage>;
}

export class Renderer {
  readonly #options: RendererOptions;
  readonly #maxAgeMillis: number;
  readonly #sliceMillis: number;
  readonly #own = new ScrapeSamples();
  readonly #failing = new Set<string>();
  /** The rendering that was begun last, finished or not. */
  #last: Rendering | undefined;
  /** The one that begins when a running one, too old for those who wait for this one, is finished. */
  #next: Promise<RenderedPage> | undefined;
  #renderings = 0;

  constructor(options: RendererOptions) {
    this.#options = options;
    this.#maxAgeMillis = options.maxAgeMillis ?? defaultMaxAgeMillis;
    this.#sliceMillis = options.sliceMillis ?? defaultSliceMillis;
  }

  /** Renderings begun since the start. */
  get renderings(): number {
    return this.#renderings;
  }

  /** A body as it is sent. It is shared: whoever gets it may not write to it. */
  async render(format: Format, encoding: Encoding = "identity"): Promise<Buffer> {
    const page = await this.#page();
    return encoding === "gzip" ? page.gzipped(format) : page.body(format);
  }

  #page(): Promise<RenderedPage> {
    const { now } = this.#options;
    if (this.#last !== undefined && now() - this.#last.beganMillis < this.#maxAgeMillis) return this.#last.page;
    this.#next ??= this.#beginAfter(this.#last);
    return this.#next;
  }

  async #beginAfter(previous: Rendering | undefined): Promise<RenderedPage> {
    await previous?.page.catch(() => undefined);
    // From where an immediate runs, the next one is a whole turn of the event loop away; from elsewhere it is in the same
    // turn, and the first two slices would be one.
    await immediate();
    const beganMillis = this.#options.now();
    const page = this.#render();
    const rendering = { beganMillis, page };
    this.#last = rendering;
    this.#next = undefined;
    // A failure belongs to those who waited; the next to ask begins anew.
    page.catch(() => {
      if (this.#last === rendering) this.#last = undefined;
    });
    return page;
  }

  async #render(): Promise<RenderedPage> {
    this.#renderings += 1;
    const slices = new Slices(this.#options.now, this.#sliceMillis);
    const page = new TextPage();
    const success = new Map<string, boolean>();
    const causes = new Map<Family, string>();
    for (const collector of this.#options.collectors()) {
      const succeeded = await this.#collect(collector, page, slices, causes);
      success.set(collector.name, succeeded && success.get(collector.name) !== false);
    }
    this.#own.write(page, success, slices.elapsedMillis() / 1000, causes);
    return new RenderedPage(page);
  }

  /** @returns whether all went well; if not, nothing of the collector is on the page */
  async #collect(collector: Collector, page: TextPage, slices: Slices, causes: Map<Family, string>): Promise<boolean> {
    let families: Collector["families"] = [];
    try {
      await collector.prepare?.();
      const declared = collector.families;
      const section = page.open(declared);
      families = declared;
      for (const family of declared) causes.set(family, collector.causeOf?.(family) ?? collector.name);
      for (const _ of collector.collect(section)) await slices.letOthersRun();
      this.#failing.delete(collector.name);
      return true;
    } catch (error) {
      page.drop(families);
      this.#report(collector.name, error);
      return false;
    } finally {
      await slices.letOthersRun();
    }
  }

  /** Once for each time that a collector begins to fail: scrapes repeat, and the metric says that it still does. */
  #report(collector: string, error: unknown): void {
    if (this.#failing.has(collector)) return;
    this.#failing.add(collector);
    this.#options.logger.error({ collector, err: error }, "a collector failed: its metrics are left out");
  }
}

/** What a rendering is shared as: each body is put together and compressed once, when it is first asked for. */
class RenderedPage {
  readonly #page: TextPage;
  readonly #bodies = new Map<Format, Buffer>();
  readonly #gzipped = new Map<Format, Promise<Buffer>>();

  constructor(page: TextPage) {
    this.#page = page;
  }

  body(format: Format): Buffer {
    const known = this.#bodies.get(format);
    if (known !== undefined) return known;
    const body = this.#page.body(format);
    this.#bodies.set(format, body);
    return body;
  }

  gzipped(format: Format): Promise<Buffer> {
    const known = this.#gzipped.get(format);
    if (known !== undefined) return known;
    const gzipped = compress(this.body(format), fastest);
    this.#gzipped.set(format, gzipped);
    return gzipped;
  }
}

const compress = promisify<Buffer, { level: number }, Buffer>(gzip);
/** Labels repeat so much that the fastest level already saves six sevenths; higher ones cost several times the time. */
const fastest = { level: constants.Z_BEST_SPEED };

/** Measures one rendering and gives way to others when a slice of it has been long enough. */
class Slices {
  readonly #now: () => number;
  readonly #sliceMillis: number;
  readonly #beganMillis: number;
  #sliceBeganMillis: number;

  constructor(now: () => number, sliceMillis: number) {
    this.#now = now;
    this.#sliceMillis = sliceMillis;
    this.#beganMillis = now();
    this.#sliceBeganMillis = this.#beganMillis;
  }

  elapsedMillis(): number {
    return this.#now() - this.#beganMillis;
  }

  async letOthersRun(): Promise<void> {
    if (this.#now() - this.#sliceBeganMillis < this.#sliceMillis) return;
    await immediate();
    this.#sliceBeganMillis = this.#now();
  }
}
