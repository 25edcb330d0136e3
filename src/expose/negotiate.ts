// Which format and encoding a scraper gets, from its Accept and Accept-Encoding headers. Never a refusal: whoever asks
// for nothing that is offered gets the format that everyone reads.

export type Format = "text" | "openmetrics";
export type Encoding = "gzip" | "identity";

/** Prometheus 3 fails a scrape whose type it does not know: these are exact. */
export const contentTypes: Readonly<Record<Format, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

export interface Negotiated {
  readonly format: Format;
  readonly contentType: string;
}

/**
 * The entry of highest q that is offered, the first among equals. OpenMetrics 0.0.1 is answered with 1.0.0, which who
 * asks for it reads. Protobuf and unknown versions are passed over. `escaping` needs no attention: every name on the
 * page is legal under each scheme.
 */
export function negotiateFormat(accept: string | undefined): Negotiated {
  const format =
    byPreference(accept)
      .map(formatOf)
      .find((offered) => offered !== undefined) ?? "text";
  return { format, contentType: contentTypes[format] };
}

/** gzip wherever it is allowed, by name or by `*`. */
export function negotiateEncoding(acceptEncoding: string | undefined): Encoding {
  const entries = entriesOf(acceptEncoding);
  const entry = entries.find(({ name }) => name === "gzip" || name === "x-gzip") ?? entries.find(({ name }) => name === "*");
  return entry !== undefined && entry.quality > 0 ? "gzip" : "identity";
}

interface Entry {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

const openMetricsVersions: readonly (string | undefined)[] = [undefined, "0.0.1", "1.0.0"];
/** Text 1.0.0 differs from 0.0.4 in names that are not on the page. */
const textVersions: readonly (string | undefined)[] = [undefined, "0.0.4", "1.0.0"];

function formatOf({ name, parameters }: Entry): Format | undefined {
  const version = parameters.get("version");
  if (name === "application/openmetrics-text" && openMetricsVersions.includes(version)) return "openmetrics";
  if (name === "text/plain" && textVersions.includes(version)) return "text";
  return name === "*/*" || name === "text/*" ? "text" : undefined;
}

/** Sorting is stable: among equals the header's order stays. */
function byPreference(header: string | undefined): Entry[] {
  const wanted = entriesOf(header).filter(({ quality }) => quality > 0);
  return wanted.sort((one, other) => other.quality - one.quality);
}

/** `name;parameter=value;q=0.5, ...` */
function entriesOf(header: string | undefined): Entry[] {
  return (header ?? "").split(",").map(entryOf);
}

function entryOf(text: string): Entry {
  const [name = "", ...rest] = text.split(";").map((part) => part.trim().toLowerCase());
  const parameters = new Map(rest.map(parameterOf));
  return { name, parameters, quality: qualityOf(parameters.get("q")) };
}

function parameterOf(text: string): [name: string, value: string] {
  const [name = "", value = ""] = text.split("=", 2).map((part) => part.trim());
  return [name, value.replace(/^"(.*)"$/, "$1")];
}

/** A quality that is no number between 0 and 1 is a broken entry: it is not used. */
function qualityOf(text: string | undefined): number {
  if (text === undefined) return 1;
  return /^(0(\.\d*)?|1(\.0*)?)$/.test(text) ? Number(text) : 0;
}
