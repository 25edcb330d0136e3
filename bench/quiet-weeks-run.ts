// Weeks of the exporter and of the rules, one after another. Of each the pages are made and backfilled by an exporter that goes on from the state of the
// one before, then the rules are evaluated. Both are kept, so that a run that was stopped goes on with what it was at, and
// other rules need no other pages.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StreamOptions } from "../src/source/simulator.ts";
import { Backfill } from "./backfill-server.ts";
import { type Condition, evaluate, stepSeconds } from "./quiet-weeks-evaluation.ts";
import { QuietExporter } from "./quiet-weeks-exporter.ts";
import { processorSecondsOfAll } from "./quiet-weeks-processor.ts";
import { askedOf, type Stage } from "./quiet-weeks-rules.ts";
import { scrape, wantedFamilies } from "./quiet-weeks-scrape.ts";
import { DueStreams } from "./quiet-weeks-streams.ts";

export interface QuietRun {
  readonly streams: StreamOptions;
  /** As long as each stretch is: a week, for whoever has time. */
  readonly stretchMillis: number;
  readonly stretches: number;
  /** Where blocks, states and what came of each stretch are kept. */
  readonly folder: string;
  readonly stages: readonly Stage[];
  readonly done: (stretch: Stretch, at: number) => void;
}

/** What a stretch came to. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly conditions: readonly Condition[];
  readonly samples: number;
  /** Of the fold and its pages, and of blocks and rules. */
  readonly processorSeconds: { readonly exporter: number; readonly rules: number };
}

/** Something that was made of a stretch, and what is left of it. */
interface Kept<Made> {
  /** Of what it was made with. */
  readonly of: string;
  readonly made: Made;
  readonly processorSeconds: number;
  readonly blocks: readonly string[];
}

/** @returns all stretches, those included that were there */
export async function runStretches(run: QuietRun): Promise<Stretch[]> {
  const { streams, stages, stretches, stretchMillis } = run;
  const keeping = Keeping.in(run.folder);
  const due = new DueStreams(streams);
  const asked = hashOf([streams, stretchMillis, askedOf(stages)]);
  const rules = hashOf([asked, stages]);
  const all: Stretch[] = [];
  for (let at = 1; at <= stretches; at++) {
    const pages = await keeping.keep(`pages-${at}`, asked, () => makePages(run, at, due, keeping.backfill));
    const { from, until, samples } = pages.made;
    const range = { start: from + stepSeconds, end: until, step: stepSeconds };
    const evaluated = await keeping.keep(`rules-${at}`, rules, () => evaluate(stages, keeping.backfill, range, run.folder));
    const processorSeconds = { exporter: pages.processorSeconds, rules: evaluated.processorSeconds };
    const stretch = { from, until, samples, conditions: evaluated.made, processorSeconds };
    all.push(stretch);
    run.done(stretch, at);
  }
  return all;
}

type Pages = Pick<Stretch, "from" | "until" | "samples">;

async function makePages(run: QuietRun, at: number, streams: DueStreams, backfill: Backfill): Promise<Pages> {
  const { streams: options, stretchMillis, folder, stages } = run;
  const fromMillis = options.originMillis + (at - 1) * stretchMillis;
  const untilMillis = fromMillis + stretchMillis;
  streams.skipUntil(fromMillis);
  const state = join(folder, `state-${at}`);
  rmSync(state, { recursive: true, force: true });
  if (at > 1) cpSync(join(folder, `state-${at - 1}`), state, { recursive: true });
  const asked = askedOf(stages);
  const exporter = await QuietExporter.start({ streams, seed: options.seed, state, fromMillis, wanted: wantedFamilies(asked) });
  const file = join(folder, "scraped.om");
  const samples = await scrape(exporter, asked, { originMillis: options.originMillis, untilMillis }, file);
  await exporter.stop();
  await backfill.take(file);
  rmSync(join(folder, `state-${at - 2}`), { recursive: true, force: true });
  return { from: fromMillis / 1000, until: untilMillis / 1000, samples };
}

/** What was made, by name, with the blocks that belong to it. */
class Keeping {
  readonly backfill: Backfill;
  readonly #folder: string;
  readonly #data: string;

  private constructor(folder: string, data: string, backfill: Backfill) {
    this.#folder = folder;
    this.#data = data;
    this.backfill = backfill;
  }

  static in(folder: string): Keeping {
    const data = join(folder, "data");
    mkdirSync(data, { recursive: true });
    return new Keeping(folder, data, new Backfill(data));
  }

  /**
   * What is there, or is made now.
   * @param of what it follows from: rules of another kind are evaluated again, other pages are not there any more
   */
  async keep<Made>(name: string, of: string, make: () => Promise<Made>): Promise<Kept<Made>> {
    const path = join(this.#folder, `${name}.json`);
    const before = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Kept<Made>) : null;
    if (before?.of === of) return before;
    if (before !== null && name.startsWith("pages")) throw new Error(`${path} is of other streams or rules that ask for more`);
    rmSync(path, { force: true });
    const known = this.#removeOthers();
    const begun = processorSecondsOfAll();
    const made = await make();
    const processorSeconds = processorSecondsOfAll() - begun;
    const blocks = readdirSync(this.#data).filter((block) => !known.has(block));
    const kept: Kept<Made> = { of, made, processorSeconds, blocks };
    // Complete or absent.
    writeFileSync(`${path}.new`, JSON.stringify(kept));
    renameSync(`${path}.new`, path);
    return kept;
  }

  /** Removes blocks of what was stopped in the middle or is of rules that were others. @returns those that stay */
  #removeOthers(): Set<string> {
    const files = readdirSync(this.#folder).filter((file) => file.endsWith(".json"));
    const known = new Set(
      files.flatMap((file) => (JSON.parse(readFileSync(join(this.#folder, file), "utf8")) as Kept<unknown>).blocks),
    );
    for (const block of readdirSync(this.#data)) {
      if (!known.has(block)) rmSync(join(this.#data, block), { recursive: true });
    }
    return known;
  }
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
