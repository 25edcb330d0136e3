// The shape of `map`: where the fields of an event stand in JSON of another shape.
import { choice, flag, list, named, section, text, z } from "./terms.ts";

/** Fields of one value, as the native format names them. */
const plainFields = [
  "type",
  "model",
  "version",
  "id",
  "time",
  "score",
  "prediction",
  "latency_ms",
  "status",
  "weight",
  "horizon",
  "group",
  "rank",
  "label",
  "clicked",
  "converted",
  "ordered",
  "value",
  "unit",
  "run_id",
  "state",
  "rows",
] as const;
/** Fields of many values. */
const objectFields = ["features", "scores", "segment"] as const;

const constant = z.union([text, z.number(), flag], "a text, a number, or true or false");

const pathWords = "a path such as request.features.amount";
/** A path alone, as a text. */
const shorthand = z.codec(z.string().min(1, pathWords), z.strictObject({ path: z.string() }), {
  decode: (written) => ({ path: written }),
  encode: ({ path }) => path,
});
const atPath = section({
  path: text,
  unit: choice(["s", "ms", "us", "ns"]).exactOptional(),
  ok: list(constant, "a list of the values that mean success").exactOptional(),
}).refine(({ unit, ok }) => unit === undefined || ok === undefined, "either unit or ok");

const fieldSource = z.union(
  [shorthand, atPath, section({ value: constant })],
  `${pathWords}, {path: ..., unit: s, ms, us or ns}, {path: ..., ok: [...]} or {value: ...}`,
);
const objectSource = z.union(
  [shorthand, section({ path: text }), section({ fields: named(fieldSource) })],
  `${pathWords}, or {fields: {a name: a path, ...}}`,
);

type Each<Names extends readonly string[], Schema> = { [Name in Names[number]]: Schema };
const each = <const Names extends readonly string[], Schema>(names: Names, schema: Schema) =>
  Object.fromEntries(names.map((name) => [name, schema])) as Each<Names, Schema>;

export const mapping = section({
  ...each(plainFields, fieldSource.exactOptional()),
  ...each(objectFields, objectSource.exactOptional()),
});
