// The command line: which commands there are and what they take. Each does its work in a file of its own.
import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { ConfigError } from "../config/load.ts";
import { usualAssumptions } from "../estimate/assumptions.ts";
import { check } from "./check.ts";
import { type DemoCommand, demo } from "./demo.ts";
import { type EstimateCommand, estimate } from "./estimate.ts";
import { type AcceptCommand, acceptCommand } from "./reference-accept.ts";
import { type AdviseCommand, adviseCommand } from "./reference-advise.ts";
import { type BuildCommand, buildCommand } from "./reference-build.ts";
import { showCommand } from "./reference-show.ts";
import { replay } from "./replay.ts";
import { run } from "./run.ts";
import { type SimulateCommand, simulate } from "./simulate.ts";

/** Exit code of bad usage and bad configuration; 1 is for a check that failed. */
const badUsage = 2;
/** As Node ends where a module waits for what never comes. */
const unfinished = 13;

/** The exit code of a command that judges and came to its end. */
let verdict = 0;

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };

const program = new Command("prediction-exporter")
  .description("Exposes streams of model predictions from Kafka as Prometheus metrics.")
  .version(manifest.version)
  .exitOverride();

program
  .command("run")
  .description("the exporter")
  .requiredOption("--config <file>", "configuration (YAML)")
  .action((options: { config: string }) => run(options.config, manifest.version));

program
  .command("demo")
  .description("the exporter on simulated streams of three models, with incidents; needs no broker and no configuration")
  .option("--minutes <number>", "end so many minutes after it is ready", minutes)
  .option("--seed <number>", "of the streams", wholeNumber, 1)
  .option("--listen <address>", "where the pages are", "127.0.0.1:9877")
  .action((options: DemoCommand) => demo(options, manifest.version));

program
  .command("simulate")
  .description("writes the demo's streams to Kafka (topics predictions, outcomes, runs) or to files of these names")
  .requiredOption("--to <kafka|file>", "where the streams go")
  .option("--config <file>", "configuration (YAML): where the brokers are")
  .option("--output <folder>", "where the files are written", ".")
  .option("--seed <number>", "of the streams", wholeNumber, 1)
  .option("--history <duration>", "how much of the past is written", "25h")
  .option("--incidents <file>", "incidents of your own (YAML) in place of the demo's")
  .option("--follow", "go on in real time", false)
  .action((options: SimulateCommand) => simulate(options));

program
  .command("check")
  .description("validates a configuration and prints what it means, with every default")
  .requiredOption("--config <file>", "configuration (YAML)")
  .action((options: { config: string }) => check(options.config));

program
  .command("estimate")
  .description("how many series a configuration has, by model and cause, what they cost, and what to switch off first")
  .requiredOption("--config <file>", "configuration (YAML)")
  .option("--scrape <duration>", "how often Prometheus asks", "15s")
  .option("--prices <file>", "what series, samples, disk and memory cost (YAML); without it no money is shown")
  .option("--versions <number...>", "live versions of a model; of one model: name=number", [])
  .option(
    "--segment-values <number>",
    "values of an attribute that segments are made of",
    wholeNumber,
    usualAssumptions.segmentValues,
  )
  .option("--features <number>", "features of a model that names none", wholeNumber, usualAssumptions.features)
  .option("--categories <number>", "categories of a feature that names none", wholeNumber, usualAssumptions.categories)
  .option("--classes <number>", "classes of a model of several", wholeNumber, usualAssumptions.classes)
  .option("--horizons <number>", "horizons of a forecast", wholeNumber, usualAssumptions.horizons)
  .option("--unlisted <number>", "models that the configuration does not list", wholeNumber, usualAssumptions.unlisted)
  .option("--partitions <number>", "partitions of each topic of Kafka", wholeNumber, usualAssumptions.partitions)
  .option("--json", "prints all of it as JSON", false)
  .action((options: EstimateCommand) => estimate(options));

program
  .command("replay")
  .description("the same fold over a file in virtual time: one JSON line an evaluation and series")
  .requiredOption("--config <file>", "configuration (YAML)")
  .requiredOption("--input <files...>", "JSON Lines, also .gz")
  .requiredOption("--output <file>", "where the lines go; - is standard output")
  .option("--every <duration>", "evaluate at the multiples of this, in event time", "1m")
  .option("--bins", "also write counts by bin", false)
  .action((options: { config: string; input: string[]; output: string; every: string; bins: boolean }) => replay(options));

const reference = program.command("reference").description("what is normal for a model: built, shown and judged");

reference
  .command("build")
  .description("builds a reference from files or from Kafka's history")
  .requiredOption("--config <file>", "configuration (YAML)")
  .requiredOption("--model <name>", "whose")
  .option("--input <files...>", "CSV, JSON Lines (both also .gz) or Parquet")
  .option("--from-kafka <duration>", "how far back the topics of the configuration are read, as in 28d")
  .requiredOption("--output <file>", "where the reference is written")
  .option("--model-version <name>", "only of this version, and for it alone")
  .option("--like <file>", "takes the bins of another reference, so that the two can be compared")
  .option("--force", "replaces a file that is there", false)
  .action((options: BuildCommand) => buildCommand(options, manifest.version));

reference
  .command("show <file>")
  .description("prints a reference with its histograms")
  .option("--feature <name>", "only this one")
  .action((file: string, options: { feature?: string }) => showCommand(file, options));

reference
  .command("advise [file]")
  .description("says whether a reference is still a fair baseline; ends with 1 where it is to be built anew")
  .option("--config <file>", "configuration (YAML), which names the model's reference")
  .option("--model <name>", "whose")
  .option("--scores <file>", "what replay wrote: how often windows were in drift")
  .option("--prometheus <url>", "the same, of the last 28 days")
  .option("--alpha <number>", "a p-value below it is drift", share, 1e-5)
  .option("--max-age <duration>", "an older one is not fair", "90d")
  .option("--min-rows <number>", "one of fewer is not fair", wholeNumber, 10_000)
  .option("--json", "prints the findings as JSON", false)
  .action(async (file: string | undefined, options: AdviseCommand) => {
    verdict = await adviseCommand(file, options);
  });

reference
  .command("accept")
  .description("makes what a model does now its reference, by the exporter's last snapshot")
  .requiredOption("--config <file>", "configuration (YAML)")
  .requiredOption("--model <name>", "whose")
  .requiredOption("--window <duration>", "how much of the past, as in 7d")
  .requiredOption("--reason <text>", "why, for whoever asks later")
  .option("--model-version <name>", "only of this version, and for it alone")
  .option("--output <file>", "where the reference is written; else the model's reference is replaced")
  .action((options: AcceptCommand) => acceptCommand(options, manifest.version));

/** A timer cannot be set to more than some weeks. */
const mostMinutes = 30_000;

function minutes(text: string): number {
  const number = wholeNumber(text);
  if (number > mostMinutes) throw new InvalidArgumentError(`at most ${mostMinutes}`);
  return number;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("a whole number");
  return Number(text);
}

function share(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number < 1)) throw new InvalidArgumentError("a number between 0 and 1");
  return number;
}

// What never comes to its end has not succeeded: Node ends by itself when nothing is left to wait for.
process.exitCode = unfinished;
try {
  await program.parseAsync();
  process.exitCode = verdict;
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : badUsage;
  else if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = badUsage;
  } else {
    process.stderr.write(`prediction-exporter: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
