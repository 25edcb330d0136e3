// Every key that the schema knows, found by walking it, and every key that a value has; names that people choose are `*`.
import type { z } from "../../src/config/schema/terms.ts";

type Definition = Readonly<Record<string, unknown>> & { readonly type: string };

/** Keys as `models.*.features`. Lists are walked through: they have no keys. */
export function keysOfSchema(schema: z.core.SomeType): Set<string> {
  const keys = new Set<string>();
  walk(schema, "", keys);
  return keys;
}

function walk(schema: z.core.SomeType, at: string, keys: Set<string>): void {
  const definition = (schema as z.core.$ZodType)._zod.def as unknown as Definition;
  const inner = (name: string): z.core.SomeType => definition[name] as z.core.SomeType;
  const into = (next: z.core.SomeType, name: string): void => {
    const key = at === "" ? name : `${at}.${name}`;
    keys.add(key);
    walk(next, key, keys);
  };
  switch (definition.type) {
    case "object":
      for (const [name, next] of Object.entries(definition.shape as Record<string, z.core.SomeType>)) into(next, name);
      if ((inner("catchall") as z.core.$ZodType | undefined)?._zod.def.type === "object") into(inner("catchall"), "*");
      return;
    case "record":
      into(inner("valueType"), "*");
      return;
    case "union":
      for (const option of definition.options as z.core.SomeType[]) walk(option, at, keys);
      return;
    case "pipe":
      // What a codec makes of what was written has keys that nobody writes.
      for (const side of "transform" in definition ? ["in"] : ["in", "out"]) walk(inner(side), at, keys);
      return;
    case "array":
    case "optional":
    case "default":
    case "prefault":
      walk(inner(definition.type === "array" ? "element" : "innerType"), at, keys);
  }
}

/** Keys of a value as the schema has them. @param known tells a name that the schema has from one that a person chose */
export function keysOfValue(value: unknown, known: ReadonlySet<string>, at = ""): Set<string> {
  const keys = new Set<string>();
  if (typeof value !== "object" || value === null) return keys;
  if (Array.isArray(value)) return keys;
  for (const [name, inner] of Object.entries(value)) {
    const own = at === "" ? name : `${at}.${name}`;
    const key = known.has(own) ? own : `${at}.*`;
    keys.add(key);
    for (const deeper of keysOfValue(inner, known, key)) keys.add(deeper);
  }
  return keys;
}

/** An example with everything that is commented out in it put in: lines that begin `# a_key: `. */
export function uncommented(text: string): string {
  return text.replaceAll(/^( *)# ( *[a-z_]+:( |$))/gm, "$1$2");
}
