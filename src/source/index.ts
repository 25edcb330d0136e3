// Every source there is, beside their contract in source.ts. A new one is one file in this folder and one line here.
export { FileSource } from "./file.ts";
export { KafkaSource } from "./kafka.ts";
export { MemorySource } from "./memory.ts";
export { SimulatorSource } from "./simulator.ts";
