// The Prometheus that other tests rely on: it scrapes, answers, and leaves nothing behind.
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../until.ts";
import { cachedDirectory } from "./cache.ts";
import { lintMetrics, type PrometheusServer, startPrometheus } from "./prometheus.ts";

const page = "# HELP answers_total Answers.\n# TYPE answers_total counter\nanswers_total 42\n";

describe("a Prometheus", () => {
  let target: Server;
  let address: string;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    target = createServer((_request, response) => {
      response.setHeader("Content-Type", "text/plain; version=0.0.4").end(page);
    });
    await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
    address = `127.0.0.1:${(target.address() as AddressInfo).port}`;
    prometheus = await startPrometheus({ targets: [address] });
    await until(async () => (await prometheus.query("answers_total")).length > 0, { deadlineMillis: 60_000 });
  });

  afterAll(async () => {
    await prometheus?.stop();
    await new Promise((resolve) => target.close(resolve));
  });

  test("scrapes its target", async () => {
    const [found, ...others] = await prometheus.targets();
    expect(found).toMatchObject({ health: "up", lastError: "", labels: { job: "test", instance: address } });
    expect(others).toEqual([]);
  });

  test("answers for a moment and for a range", async () => {
    const metric = { __name__: "answers_total", instance: address, job: "test" };
    expect(await prometheus.query("answers_total")).toEqual([{ metric, value: 42 }]);
    const end = Date.now() / 1000;
    const [series] = await prometheus.queryRange("answers_total + 1", { start: end - 4, end, step: 1 });
    expect(series?.points.at(-1)?.value).toBe(43);
  });

  test("says what is wrong with an expression", async () => {
    await expect(prometheus.query("sum(")).rejects.toThrow(/parse error/);
  });
});

test("a Prometheus that does not start says why", async () => {
  await expect(startPrometheus("scrape_configs: 7")).rejects.toThrow(/cannot unmarshal/);
});

test("a Prometheus that is stopped leaves nothing behind and answers no more", async () => {
  const { url, stop } = await startPrometheus({});
  const flags = (await (await fetch(`${url}/api/v1/status/flags`)).json()) as { data: Record<string, string> };
  const data = flags.data["storage.tsdb.path"] as string;
  expect(existsSync(data)).toBe(true);
  await stop();
  expect(existsSync(dirname(data))).toBe(false);
  await expect(fetch(`${url}/-/ready`)).rejects.toThrow();
});

test("promtool reads a page", async () => {
  expect(await lintMetrics(page)).toBe("");
  expect(await lintMetrics("answers_total 42\n")).toContain("no help text");
});

describe("a directory of the cache", () => {
  const cache = mkdtempSync(join(tmpdir(), "cache-"));
  afterAll(() => rmSync(cache, { recursive: true }));

  test("is made once by all who ask at once", async () => {
    let fills = 0;
    const fill = async (): Promise<void> => {
      fills += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
    };
    const place = join(cache, "once");
    expect(await Promise.all([1, 2, 3].map(() => cachedDirectory(place, fill)))).toEqual([place, place, place]);
    expect(fills).toBe(1);
    expect(readdirSync(cache)).toEqual(["once"]);
  });

  test("is not there when making it failed", async () => {
    const failing = (): never => {
      throw new Error("cut short");
    };
    await expect(cachedDirectory(join(cache, "never"), failing)).rejects.toThrow("cut short");
    expect(readdirSync(cache)).not.toContain("never");
  });
});
