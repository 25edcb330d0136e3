// The memory source runs through the contract; its world delivers a few records of each log at every turn.
import { MemorySource } from "../../src/source/memory.ts";
import { type Log, logKey, type Source } from "../../src/source/source.ts";
import { sourceContract, type World, type Written } from "./contract.ts";

const recordsPerTurn = 1000;

class MemoryWorld implements World {
  readonly logs: readonly Log[];
  readonly #records: Written[][];
  #source: MemorySource | null = null;
  readonly #delivering = new Set<string>();

  constructor(records: readonly (readonly Written[])[]) {
    this.#records = records.map((some) => [...some]);
    this.logs = records.map((_, partition) => ({ topic: "memory", partition }));
  }

  source(): Source {
    const source = new MemorySource();
    this.#source = source;
    this.#delivering.clear();
    for (const [at, log] of this.logs.entries()) {
      source.add(log);
      for (const { value, timeMillis } of this.#records[at] ?? []) source.append(log, [value], timeMillis);
    }
    return source;
  }

  async append(log: Log, records: readonly Written[]): Promise<void> {
    this.#records[log.partition]?.push(...records);
    for (const { value, timeMillis } of records) this.#source?.append(log, [value], timeMillis);
  }

  turn(): void {
    const source = this.#source;
    if (source === null) return;
    source.look();
    for (const log of this.logs) {
      const key = logKey(log);
      if (this.#delivering.has(key)) continue;
      this.#delivering.add(key);
      void source.deliver(log, recordsPerTurn).then(() => this.#delivering.delete(key));
    }
  }
}

sourceContract(async (records) => new MemoryWorld(records), { ends: "records may always be added" });
