import { expect, test } from "vitest";
import { contentTypes, negotiateEncoding, negotiateFormat } from "../../src/expose/negotiate.ts";

const prometheus3 =
  "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.7,application/openmetrics-text;version=0.0.1;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3";
const prometheus3NativeHistograms = `application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`;
const prometheus2 =
  "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
const prometheus2Old = "application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

test.each([
  ["Prometheus 3.16", prometheus3, "openmetrics"],
  ["Prometheus 3.16 that asks for native histograms", prometheus3NativeHistograms, "openmetrics"],
  ["Prometheus 3.16 told to scrape text", "text/plain;version=0.0.4;q=0.7,*/*;q=0.6", "text"],
  ["Prometheus 2.40 and later", prometheus2, "openmetrics"],
  ["Prometheus 2.5, OpenMetrics 0.0.1", prometheus2Old, "openmetrics"],
  ["no header", undefined, "text"],
  ["an empty header", "", "text"],
  ["anything", "*/*", "text"],
  ["any text", "text/*", "text"],
  ["a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text"],
  ["only unknown types", "application/json, image/png", "text"],
  ["only protobuf", "application/vnd.google.protobuf;encoding=delimited", "text"],
  ["OpenMetrics without a version", "application/openmetrics-text", "openmetrics"],
  ["OpenMetrics 2.0.0 only", "application/openmetrics-text;version=2.0.0", "text"],
  [
    "OpenMetrics 2.0.0, then 1.0.0",
    "application/openmetrics-text;version=2.0.0,application/openmetrics-text;version=1.0.0;q=0.5",
    "openmetrics",
  ],
  ["text preferred by q", "application/openmetrics-text;q=0.4,text/plain;q=0.5", "text"],
  ["text preferred by order", "text/plain,application/openmetrics-text", "text"],
  ["OpenMetrics refused", "application/openmetrics-text;q=0,*/*;q=0.1", "text"],
  ["capitals, spaces and quotes", ' Application/OpenMetrics-Text ; Version="1.0.0" ; Q=1.0 ', "openmetrics"],
  ["a broken q", "application/openmetrics-text;q=high", "text"],
  ["a q beyond 1", "application/openmetrics-text;q=7,text/plain;q=0.1", "text"],
  ["nonsense", ";;,,=;q==,/", "text"],
])("%s", (_, accept, format) => {
  expect(negotiateFormat(accept)).toEqual({ format, contentType: contentTypes[format as keyof typeof contentTypes] });
});

test("content types are exactly what Prometheus 3 knows", () => {
  expect(contentTypes.text).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(contentTypes.openmetrics).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
});

test.each([
  [undefined, "identity"],
  ["", "identity"],
  ["gzip", "gzip"],
  ["GZIP", "gzip"],
  ["x-gzip", "gzip"],
  ["zstd,gzip", "gzip"],
  ["gzip, deflate, br", "gzip"],
  ["gzip;q=0.1", "gzip"],
  ["gzip;q=0", "identity"],
  ["gzip;q=0,*", "identity"],
  ["*", "gzip"],
  ["*;q=0", "identity"],
  ["deflate, br", "identity"],
  ["identity", "identity"],
])("Accept-Encoding %s: %s", (header, encoding) => {
  expect(negotiateEncoding(header)).toBe(encoding);
});
