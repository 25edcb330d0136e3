// A member of the group whose client does not run, as after a crash: what it is told meanwhile is no mistake.
import { expect, test } from "vitest";
import { createClients } from "../../src/source/kafka/client.ts";
import { GroupMember } from "../../src/source/kafka/group-member.ts";
import { Health } from "../../src/source/kafka/health.ts";
import { defaultKafkaTimes } from "../../src/source/kafka/options.ts";
import { Positions } from "../../src/source/kafka/positions.ts";
import { Silence } from "../../src/source/kafka/silence.ts";
import { Lines } from "./kafka-world.ts";
import { Recorder } from "./recorder.ts";

const log = { topic: "topic", partition: 0 };

test("pausing, seeking and committing are let go, and said in the log", async () => {
  // Nothing listens here, and nothing is asked to connect.
  const options = { brokers: ["127.0.0.1:1"], clientId: "test", group: "test", topics: ["topic"] };
  const logger = new Lines();
  const positions = new Positions(new Recorder());
  await positions.place(log, { low: 0, end: 10 }, async () => 0);
  const around = {
    options,
    times: defaultKafkaTimes,
    logger,
    health: new Health(() => 0, 1000),
    positions,
    silence: new Silence(1000, () => 0),
    paused: new Set<string>(),
  };
  const member = new GroupMember(around, createClients(options, defaultKafkaTimes, logger).consumer(), {
    joined: () => undefined,
    misplaced: () => Promise.resolve(),
    failed: () => undefined,
  });
  member.owned = new Map([["topic/0", log]]);
  member.applyPause(log);
  member.settle(log);
  await member.commit(new Map([[log, 5]]));
  expect(logger.all.join("\n")).toContain("takes no orders");
  expect(logger.all.join("\n")).toContain("not committed");
  await member.end(1000);
});
