// What the exporter is measured against: the Kafka client's loop over batches that only counts records and bytes, with
// the client's own defaults. A program for `ingest.ts`: says "first" when records come and "last" when it has them all,
// then waits for its end.
import { Kafka, logLevel } from "kafkajs";

const [broker, topic, group, expected] = process.argv.slice(2) as [string, string, string, string];
const consumer = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).consumer({ groupId: group });
let records = 0;
let bytes = 0;

await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  eachBatch: async ({ batch }) => {
    if (records === 0) process.stdout.write("first\n");
    for (const { value } of batch.messages) bytes += value?.length ?? 0;
    records += batch.messages.length;
    if (records === Number(expected)) process.stdout.write(`last ${records} records, ${bytes} bytes\n`);
  },
});
