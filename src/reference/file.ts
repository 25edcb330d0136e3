// References as files: JSON that people can read and compare, with a hash over everything but where it comes from.
import { ReferenceEncoder } from "./encoder.ts";
import { fileFormat } from "./file-content.ts";
import { featureFrom, provenanceFrom } from "./file-reading.ts";
import { FileValue, ReferenceFileError } from "./file-value.ts";
import { referenceHash } from "./hash.ts";
import { performanceFrom } from "./performance-reading.ts";
import type { Reference } from "./reference.ts";

export { ReferenceFileError } from "./file-value.ts";

/** The text of a reference's file: the same reference gives the same bytes. */
export function encodeReference(reference: Omit<Reference, "hash">): string {
  const encoder = new ReferenceEncoder(reference);
  for (const _ of encoder.parts());
  return encoder.text();
}

/** Whose reference it has to be; what is not said may be anything. */
export interface Expected {
  readonly model?: string;
}

/**
 * Reads what `encodeReference` wrote.
 * @param file what it is called in errors
 * @throws ReferenceFileError with file and key path, where it is not a whole reference of this format and model, or where
 *   its hash is not that of its content
 */
export function decodeReference(text: string, file: string, expected: Expected = {}): Reference {
  const root = new FileValue(file, "", parse(text, file));
  const format = root.key("format").count();
  if (format !== fileFormat) root.key("format").fail(`is ${format}; this version reads format ${fileFormat}`);
  root.onlyKeys(["format", "model", "version", "hash", "provenance", "performance", "features"]);
  const model = root.key("model").text();
  if (expected.model !== undefined && model !== expected.model) {
    root.key("model").fail(`is of ${JSON.stringify(model)}, not of ${JSON.stringify(expected.model)}`);
  }
  const version = root.key("version").isNull ? null : root.key("version").text();
  const provenance = provenanceFrom(root.key("provenance"));
  const features = new Map(
    root
      .key("features")
      .named()
      .map(([name, value]) => [name, featureFrom(name, value)]),
  );
  const performance = root.has("performance") ? performanceFrom(root.key("performance")) : null;
  const hash = root.key("hash").text();
  const own = referenceHash({ model, version, features, performance });
  if (hash !== own) root.key("hash").fail(`does not fit the content, whose hash is ${own}: it was changed after it was made`);
  return { model, version, hash, provenance, features, performance };
}

const position = / \(line (\d+) column \d+\)/;

/** The parser says no line where the text ends too early, and none of what is no JSON from its beginning. */
function lineOf(message: string, text: string): string {
  const line = position.exec(message)?.[1];
  if (line !== undefined) return `:${line}`;
  return message.includes("end of JSON") ? `:${text.trimEnd().split("\n").length}` : "";
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    throw new ReferenceFileError(`${file}${lineOf(message, text)}: not valid JSON: ${message.replace(position, "")}`);
  }
}
