// Events in JSON of another shape: says where each field of the native format stands in it, as a path, or what it always
// is. Compiled once; a mapped event is then checked as a native one is.
import type { Decoder } from "./decoder.ts";
import { jsonDecoder } from "./native.ts";

/** How numbers of a field are counted; the native format has milliseconds. */
export const timeUnits = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 } as const;
export type TimeUnit = keyof typeof timeUnits;

/** Where a field comes from. */
export type FieldSource =
  /** Keys from the outside in, joined by dots; digits are positions of an array. A dot inside of a key is written `\.`. */
  | { readonly path: string; readonly unit?: TimeUnit; readonly ok?: readonly (string | number | boolean)[] }
  | { readonly value: string | number | boolean };

/** An object's fields: all that stand at a path, or each from a place of its own. */
export type ObjectSource = { readonly path: string } | { readonly fields: Readonly<Record<string, FieldSource>> };

export const plainFields = [
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
export const objectFields = ["features", "scores", "segment"] as const;

export type Mapping = Readonly<
  Partial<Record<(typeof plainFields)[number], FieldSource> & Record<(typeof objectFields)[number], ObjectSource>>
>;

/** A decoder of JSON that is shaped as the mapping says; without a type every event is a prediction. */
export function mappedDecoder(mapping: Mapping): Decoder {
  const { type = { value: "prediction" }, ...others } = mapping;
  const getters = Object.entries({ type, ...others }).map(([field, source]) => [field, getterOf(source)] as const);
  return jsonDecoder("mapped", (json) => {
    const event: Record<string, unknown> = {};
    for (const [field, get] of getters) event[field] = get(json);
    return event;
  });
}

type Get = (json: unknown) => unknown;

function getterOf(source: FieldSource | ObjectSource): Get {
  if ("fields" in source) return fieldsGetter(source.fields);
  if ("value" in source) return () => source.value;
  const get = pathGetter(source.path);
  const { unit, ok } = source as { unit?: TimeUnit; ok?: readonly unknown[] };
  if (ok !== undefined) return (json) => statusOf(get(json), ok);
  if (unit === undefined || unit === "ms") return get;
  const factor = timeUnits[unit];
  return (json) => {
    const value = get(json);
    return typeof value === "number" ? value * factor : value;
  };
}

/** Absent stays absent: nothing is said of such an event's success. */
function statusOf(value: unknown, ok: readonly unknown[]): unknown {
  if (value === undefined || value === null) return value;
  return ok.includes(value) ? "ok" : "error";
}

/** Fields that stand side by side in the event, taken from there together: the way to them is gone once. */
interface Siblings {
  readonly parent: Get;
  readonly fields: readonly { readonly name: string; readonly key: string }[];
}

function fieldsGetter(fields: Readonly<Record<string, FieldSource>>): Get {
  const plain = Object.entries(fields).flatMap(([name, source]) => {
    return "path" in source && source.unit === undefined && source.ok === undefined ? [{ name, keys: keysOf(source.path) }] : [];
  });
  const siblings = [...Map.groupBy(plain, ({ keys }) => JSON.stringify(keys.slice(0, -1))).values()].map((group): Siblings => {
    const [{ keys }] = group as [(typeof group)[number]];
    return {
      parent: keysGetter(keys.slice(0, -1)),
      fields: group.map((field) => ({ name: field.name, key: field.keys.at(-1) as string })),
    };
  });
  const isPlain = new Set(plain.map(({ name }) => name));
  const others = Object.entries(fields)
    .filter(([name]) => !isPlain.has(name))
    .map(([name, source]) => ({ name, get: getterOf(source) }));
  // Without ancestors where a field is called like one; else as JSON.parse makes objects, which are faster.
  const make = (): Record<string, unknown> => (Object.hasOwn(fields, "__proto__") ? Object.create(null) : {});
  return (json) => {
    const object = make();
    for (const { parent, fields: ofParent } of siblings) {
      const from = parent(json);
      for (const { name, key } of ofParent) put(object, name, own(from, key));
    }
    for (const { name, get } of others) put(object, name, get(json));
    return object;
  };
}

function put(object: Record<string, unknown>, name: string, value: unknown): void {
  if (value !== undefined) object[name] = value;
}

function pathGetter(path: string): Get {
  return keysGetter(keysOf(path));
}

function keysOf(path: string): string[] {
  return path.split(/(?<!\\)\./).map((key) => key.replaceAll("\\.", "."));
}

/** Follows own keys only: a path cannot reach what objects inherit. */
function keysGetter(keys: readonly string[]): Get {
  return (json) => {
    let value = json;
    for (let at = 0; at < keys.length; at++) value = own(value, keys[at] as string);
    return value;
  };
}

function own(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}
