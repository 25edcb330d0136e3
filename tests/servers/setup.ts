// Before any test: begins to fetch and build the servers that tests start, where they are missing. Nobody waits for it here:
// files that need no server run meanwhile, and those that need one wait for it as they are loaded.
import { alertmanagerBinaries } from "./alertmanager-binaries.ts";
import { endTools } from "./cache.ts";
import { prepareChromium } from "./chromium.ts";
import { kafkaJars } from "./kafka-jars.ts";
import { pintProgram } from "./pint.ts";
import { prometheusBinaries } from "./prometheus-binaries.ts";

export default function setup(): () => Promise<void> {
  // What fails is tried again by the files that need it, and they say so.
  const servers = [kafkaJars(), prometheusBinaries(), alertmanagerBinaries(), prepareChromium(), pintProgram()];
  const preparing = Promise.allSettled(servers);
  return async () => {
    endTools();
    await preparing;
  };
}
