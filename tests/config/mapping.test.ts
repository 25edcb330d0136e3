// The shape of `map` is that of the decoder which it is for: the same fields, the same units, the same forms.
import { expect, expectTypeOf, test } from "vitest";
import { parseConfig } from "../../src/config/load.ts";
import { type Config, configSchema } from "../../src/config/schema.ts";
import { type Mapping, objectFields, plainFields, timeUnits } from "../../src/decode/mapping.ts";
import { keysOfSchema } from "./schema-keys.ts";

type Topics = NonNullable<Config["source"]["kafka"]>["topics"];

const mapOf = (map: unknown): Mapping | undefined =>
  parseConfig(JSON.stringify({ source: { file: { paths: ["a"], map } } }), "test").source.file?.map;

test("a configured mapping is one that the decoder takes", () => {
  expectTypeOf<NonNullable<Topics[string]["map"]>>().toExtend<Mapping>();
});

test("the fields are the decoder's", () => {
  const prefix = "source.kafka.topics.*.map.";
  const keys = [...keysOfSchema(configSchema)].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  expect(keys.filter((key) => !key.includes(".")).sort()).toEqual([...plainFields, ...objectFields].sort());
});

test.each(Object.keys(timeUnits))("the unit %s is known", (unit) => {
  expect(mapOf({ time: { path: "at", unit } })).toEqual({ time: { path: "at", unit } });
});

test("a text is a path; every form arrives as the decoder has it", () => {
  const map = {
    id: "request.id",
    status: { path: "code", ok: [200, "fine", true] },
    model: { value: "fraud" },
    weight: { value: 2 },
    features: "inputs",
    scores: { path: "by_class" },
    segment: { fields: { channel: "client.channel", "a.b": { value: true }, took: { path: "took", unit: "ns" } } },
  };
  expect(mapOf(map)).toEqual({
    ...map,
    id: { path: "request.id" },
    features: { path: "inputs" },
    segment: { fields: { ...map.segment.fields, channel: { path: "client.channel" } } },
  });
});
