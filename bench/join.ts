// What joining costs. In one process, without a source; or through a real broker, beside what the page should say.
//
//   node bench/join.ts [predictions] [outcomes] [alone]
//   node bench/join.ts --kafka [predictions] [outcomes] [rounds]
import { measureFolds } from "./join-fold.ts";
import { measureThroughKafka } from "./join-kafka.ts";

const words = process.argv.slice(2);
const [predictions = 1_000_000, outcomes = 900_000, rounds = 5] = words.filter((word) => /^\d+$/.test(word)).map(Number);

if (words.includes("--kafka")) process.exitCode = (await measureThroughKafka(predictions, outcomes, rounds)) ? 0 : 1;
else measureFolds(predictions, outcomes, words.includes("alone"));
