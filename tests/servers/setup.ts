// Before any test: fetches and builds the servers that tests start, so that no two workers do it at once.
import { existsSync } from "node:fs";
import { prometheusBinaries } from "./prometheus.ts";

const kafka = new URL("./kafka.ts", import.meta.url);

export default async function setup(): Promise<void> {
  if (existsSync(kafka)) await ((await import(kafka.href)) as { prepareKafka(): Promise<void> }).prepareKafka();
  await prometheusBinaries();
}
