// Before any test: fetches and builds the servers that tests start, so that no two workers do it at once.
import { prepareChromium } from "./chromium.ts";
import { prepareKafka } from "./kafka.ts";
import { prometheusBinaries } from "./prometheus.ts";

export default async function setup(): Promise<void> {
  await prepareKafka();
  await prometheusBinaries();
  prepareChromium();
}
