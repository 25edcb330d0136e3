import { expect, test } from "vitest";
import { formatListenAddress, parseListenAddress } from "../../src/expose/listen-address.ts";

test.each([
  ["127.0.0.1:9877", { host: "127.0.0.1", port: 9877 }],
  ["localhost:0", { host: "localhost", port: 0 }],
  [":9877", { port: 9877 }],
  ["[::1]:9877", { host: "::1", port: 9877 }],
  ["[::]:65535", { host: "::", port: 65_535 }],
])("%s", (text, address) => {
  expect(parseListenAddress(text)).toEqual(address);
  expect(formatListenAddress(address)).toBe(text);
});

test.each([
  "",
  "9877",
  "localhost",
  "localhost:",
  "::1:9877",
  "[localhost]:1",
  "a:65536",
  "a:-1",
  "a:1e3",
  "http://a:1",
  "a:1/x",
  "a b:1",
])("%j is refused by name", (text) => {
  expect(() => parseListenAddress(text)).toThrow(`listen: ${JSON.stringify(text)} is not`);
});
