// Every wire format there is. A new format is one file in this folder and one line here.
import type { Decoder } from "./decoder.ts";
import { native } from "./native.ts";

export const decoders: readonly Decoder[] = [native];

export const formats: readonly string[] = decoders.map((decoder) => decoder.format);

/** @throws where there is no such format: the configuration was checked against `formats` */
export function decoderFor(format: string): Decoder {
  const found = decoders.find((decoder) => decoder.format === format);
  if (found === undefined) throw new Error(`no format "${format}"; there are: ${formats.join(", ")}`);
  return found;
}
