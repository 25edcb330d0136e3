// The commands `reference` as a user starts them: the same reference from every format, refusals in words, what is printed.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync, gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { random } from "../../bench/events.ts";
import { decodeReference } from "../../src/reference/file.ts";
import type { Reference } from "../../src/reference/reference.ts";
import { type Ended, Folder } from "./command.ts";

const many = 2000;
const start = Date.parse("2026-03-01T00:00:00Z");
const countries = ["DE", "FR", "US"];
const next = random(7);
const rows = Array.from({ length: many }, (_, row) => ({
  id: `r${row}`,
  time: new Date(start + row * 180_000).toISOString(),
  amount: Number((Math.exp(3 * next()) * 10).toFixed(2)),
  visits: row % 9 === 0 ? null : Math.floor(9 * next()),
  country: countries[Math.floor(3 * next())] as string,
  note: row % 2 === 0 ? 'a "quoted", note' : "two\nlines",
  score: next(),
  prediction: next() < 0.3 ? 1 : 0,
  channel: row % 3 === 0 ? "web" : "app",
}));
type Row = (typeof rows)[number];

const jsonLine = ({ id, time, score, prediction, channel, ...features }: Row): string =>
  JSON.stringify({ id, time, features, score, prediction, segment: { channel } });
const cell = (value: string | number | null): string => {
  return value === null ? "" : typeof value === "string" ? `"${value.replaceAll('"', '""')}"` : String(value);
};
const csv = (those: readonly Row[]): string => {
  const names = Object.keys(rows[0] as Row).map((name) => (name === "channel" ? "segment.channel" : name));
  return [names.join(","), ...those.map((row) => Object.values(row).map(cell).join(","))].join("\r\n");
};
const parquet = (those: readonly Row[]): Uint8Array => {
  const column = (name: keyof Row, type: "DOUBLE" | "STRING" | "INT64", as: string = name) => {
    const data = those.map((row) => row[name]).map((value) => (type === "INT64" && value !== null ? BigInt(value) : value));
    return { name: as, type, data };
  };
  return Buffer.from(
    parquetWriteBuffer({
      columnData: [
        column("score", "DOUBLE"),
        column("time", "STRING"),
        column("amount", "DOUBLE", "features.amount"),
        column("visits", "INT64"),
        column("country", "STRING"),
        column("note", "STRING"),
        column("prediction", "INT64"),
        column("channel", "STRING", "segment.channel"),
      ],
    }),
  );
};

const folder = new Folder();
const build = (...args: readonly string[]): Promise<Ended> => {
  return folder.run("reference", "build", "--config", "c.yml", "--model", "fraud", ...args);
};
const reference = (name: string): Reference => decodeReference(folder.read(name), name);
const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1) as string;

beforeAll(() => {
  folder.write("c.yml", "source: {file: {paths: [none]}}\nmodels: {fraud: {reference: R.json, segments: [channel]}}\n");
  folder.write("rows.csv", csv(rows));
  folder.write("rows.jsonl.gz", gzipSync(`${rows.toReversed().map(jsonLine).join("\n")}\n`));
  folder.write("rows.parquet", parquet(rows));
});
afterAll(() => folder.close());

describe("reference build", () => {
  test("makes the same reference of CSV, JSON Lines and Parquet of the same rows", async () => {
    for (const [input, output] of [
      ["rows.csv", "R.json"],
      ["rows.jsonl.gz", "J.json"],
      ["rows.parquet", "P.json"],
    ] as const) {
      const { code, errors } = await build("--input", input, "--output", output);
      expect(code, errors).toBe(0);
      expect(lastLine(errors)).toMatch(/^2000 rows in \d+\.\d s, \d+ rows a second, \d+ MB at most$/);
    }
    const { hash, provenance, features } = reference("R.json");
    expect([...features.keys()]).toEqual(["$prediction", "$score", "amount", "country", "note", "visits"]);
    expect([reference("J.json").hash, reference("P.json").hash]).toEqual([hash, hash]);
    expect(provenance).toMatchObject({ kind: "file", source: ["rows.csv"], rows: many, fromMillis: start, history: [] });
    expect(provenance.toMillis).toBe(start + (many - 1) * 180_000 + 1);
    const counts = countries.map((country) => rows.filter((row) => row.country === country).length).sort((a, b) => b - a);
    expect([...(features.get("country")?.all.texts?.counts ?? [])]).toEqual([...counts, 0, 0]);
    expect(features.get("amount")?.segments.size).toBe(2);
    expect(features.get("amount")?.hours).toHaveLength(many / 20);
  });

  test("makes the same of several files as of one", async () => {
    folder.write("first.csv", csv(rows.slice(0, 700)));
    folder.write("second.jsonl", rows.slice(700).map(jsonLine).join("\n"));
    expect((await build("--input", "second.jsonl", "first.csv", "--output", "S.json")).code).toBe(0);
    expect(reference("S.json").hash).toBe(reference("R.json").hash);
  });

  test("replaces a file only when it is told to, and then remembers what was there", async () => {
    const refused = await build("--input", "first.csv", "--output", "S.json");
    expect(refused).toMatchObject({ code: 2, errors: "--output S.json: there is such a file; --force replaces it\n" });
    const before = reference("S.json").hash;
    expect((await build("--input", "first.csv", "--output", "S.json", "--force")).code).toBe(0);
    expect(reference("S.json").provenance.history).toMatchObject([{ hash: before, reason: "built anew" }]);
  });

  test("takes the bins of another one", async () => {
    expect((await build("--input", "first.csv", "--like", "R.json", "--output", "L.json", "--model-version", "2")).code).toBe(0);
    const [like, whole] = [reference("L.json"), reference("R.json")];
    expect(like.version).toBe("2");
    expect(like.features.get("amount")?.bins).toEqual(whole.features.get("amount")?.bins);
  });

  test("names bad rows, and goes on where they are few", async () => {
    const lines = csv(rows).split("\r\n");
    lines[10] = "r9,yesterday,1,1,DE,x,0.5,0,web";
    lines[20] = "r19,1";
    folder.write("bad.csv", lines.join("\r\n"));
    const { code, errors } = await build("--input", "bad.csv", "--output", "B.json");
    expect(code).toBe(0);
    expect(errors).toContain("passed over: 1 rows, bad_time\n");
    // Every other row has two lines.
    expect(errors).toContain("  bad.csv:29: 2 cells; there are 9 columns\n");
    expect(reference("B.json").provenance.rows).toBe(many - 2);
  });

  test("fails where more than a tenth is bad", async () => {
    folder.write("worse.csv", csv(rows.slice(0, 1000)).replaceAll("2026-03-01T", "2026-03-01 at "));
    const { code, errors } = await build("--input", "worse.csv", "--output", "W.json");
    expect(code).toBe(1);
    expect(errors).toMatch(/480 of 1000 rows cannot be used \(480 bad_time\):\n {2}worse\.csv:2: time is not RFC 3339/);
  });

  test.each([
    [["--input", "rows.txt"], "--input rows.txt: not .csv, .jsonl, .ndjson (each also .gz) or .parquet"],
    [["--input", "none.csv"], "--input ENOENT: no such file or directory, access 'none.csv'"],
    [[], "either --input or --from-kafka"],
    [["--from-kafka", "28d"], "--from-kafka needs source.kafka, which says where the brokers are"],
    [["--from-kafka", "long"], "--from-kafka long: a duration such as 28d"],
    [
      ["--input", "rows.csv", "--like", "c.yml"],
      "c.yml: not valid JSON: Unexpected token 's', \"source: {f\"... is not valid JSON",
    ],
  ])("refuses %j as bad usage", async (args, message) => {
    expect(await build(...args, "--output", "X.json")).toMatchObject({ code: 2, errors: `${message}\n` });
  });
});

describe("reference show", () => {
  test("prints what a reference is, and histograms", async () => {
    const { code, output } = await folder.run("reference", "show", "R.json");
    expect(code).toBe(0);
    expect(output).toContain(`hash ${reference("R.json").hash}\n2,000 rows from 2026-03-01T00:00:00Z to 2026-03-05T03:57:00Z\n`);
    expect(output).toMatch(/^visits: numeric, \d+ bins$/m);
    expect(output).toContain("  number 1,777 (88.8 %), null 223 (11.2 %)\n");
    expect(output).toMatch(/^ +DE █+[▏▎▍▌▋▊▉]? +3\d\.\d %$/m);
    // Nothing that a terminal would obey: control characters other than ends of lines.
    expect(output).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  test("prints one feature alone, and names those that there are", async () => {
    const { output } = await folder.run("reference", "show", "R.json", "--feature", "country");
    expect(output.split("\n")[0]).toBe("country: categorical, 3 categories");
    const { code, errors } = await folder.run("reference", "show", "R.json", "--feature", "contry");
    expect([code, errors]).toEqual([2, "--feature contry: R.json has $prediction, $score, amount, country, note, visits\n"]);
  });

  test("refuses one that was changed by hand", async () => {
    folder.write("H.json", folder.read("R.json").replace('"numbers_as_texts": false', '"numbers_as_texts": true'));
    const { code, errors } = await folder.run("reference", "show", "H.json");
    expect([code, errors]).toEqual([2, expect.stringMatching(/^H\.json: hash: does not fit the content/)]);
  });
});

describe("reference advise", () => {
  const advise = (...args: readonly string[]) => folder.run("reference", "advise", ...args);

  test("says in words and by its exit code what speaks against a reference", async () => {
    const { code, output } = await advise("--config", "c.yml", "--model", "fraud", "--max-age", "10000d");
    expect(code).toBe(1);
    expect(output).toContain("not fair  rows: 2000 rows; at least 10000\nnot fair  days: spans 5 days; at least 7\n");
    expect(lastLine(output)).toBe("fraud: build it anew");
  });

  test("judges by the share of windows in drift", async () => {
    folder.write("long.csv", csv(rows.map((row, index) => ({ ...row, time: new Date(start + index * 600_000).toISOString() }))));
    expect((await build("--input", "long.csv", "--output", "G.json")).code).toBe(0);
    const line = (day: number, value: number, test = "min_effect", segment = ""): string => {
      return JSON.stringify({
        time: new Date(start + day * 86_400_000),
        model: "fraud",
        segment,
        feature: "amount",
        test,
        value,
        samples: 900,
      });
    };
    const scores = (drifting: number): string => {
      const lately = Array.from({ length: 10 }, (_, index) => line(60 + index, index < drifting ? 1e-9 : 0.5));
      return [line(1, 1e-9), line(2, 1e-9), line(61, 1e-9, "chi_square"), line(62, 1e-9, "min_effect", "a=b"), ...lately].join(
        "\n",
      );
    };
    folder.write("few.jsonl", scores(2));
    folder.write("many.jsonl", scores(3));
    const args = ["G.json", "--max-age", "10000d", "--min-rows", "1000", "--json"];
    const fair = await advise(...args, "--scores", "few.jsonl");
    expect([fair.code, JSON.parse(fair.output)]).toMatchObject([0, { model: "fraud", fair: true, findings: { length: 4 } }]);
    const not = await advise(...args, "--scores", "many.jsonl");
    const drift = { about: "drift", fair: false, value: 0.3, words: "3 of 10 windows in drift lately (30.0 %); at most 20.0 %" };
    expect([not.code, (JSON.parse(not.output) as { findings: unknown[] }).findings.at(-1)]).toMatchObject([1, drift]);
  });

  test("asks Prometheus how many windows there were and how many drifted", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      const query = new URL(request.url ?? "", "http://host").searchParams.get("query") ?? "";
      asked.push(query);
      const value = query.includes("< bool") ? "30" : "100";
      response.end(
        JSON.stringify({ status: "success", data: { resultType: "vector", result: [{ metric: {}, value: [0, value] }] } }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const args = ["G.json", "--max-age", "10000d", "--min-rows", "1000", "--json"];
    const { code, output } = await advise(...args, "--prometheus", `http://127.0.0.1:${port}/prometheus`);
    await new Promise((resolve) => server.close(resolve));
    expect(code).toBe(1);
    expect((JSON.parse(output) as { findings: unknown[] }).findings.at(-1)).toMatchObject({
      about: "drift",
      fair: false,
      value: 0.3,
    });
    const series = 'ml_drift_p_value{model="fraud",test="min_effect",segment=""}';
    expect(asked.sort()).toEqual([
      `sum(count_over_time((${series})[28d:1h]))`,
      `sum(sum_over_time((${series} < bool 0.00001)[28d:1h]))`,
    ]);
    const none = await advise(...args, "--prometheus", `http://127.0.0.1:${port}`);
    expect([none.code, none.errors]).toEqual([1, expect.stringContaining(`http://127.0.0.1:${port}: fetch failed`)]);
  });

  test.each([
    [[], "a reference file, or --config and --model"],
    [["--config", "c.yml", "--model", "churn"], "c.yml: models.churn.reference is missing"],
    [["R.json", "--max-age", "old"], "--max-age old: a duration such as 90d"],
    [["none.json"], "ENOENT: no such file or directory, open 'none.json'"],
  ])("refuses %j as bad usage", async (args, message) => {
    expect(await advise(...args)).toMatchObject({ code: 2, errors: `${message}\n` });
  });
});

test("a real stream: counts of golden data, by all and by day", async () => {
  interface Golden {
    readonly feature: string;
    readonly kind: string;
    readonly edges?: readonly number[];
    readonly bins?: readonly string[];
    readonly others?: readonly string[];
  }
  interface Counts {
    readonly window: string;
    readonly start?: string;
    readonly feature: string;
    readonly counts: readonly number[];
  }
  const data = (name: string): URL => new URL(`../data/flights-q2/${name}`, import.meta.url);
  const bins = (JSON.parse(readFileSync(data("bins.json"), "utf8")) as { rows: Golden[] }).rows;
  const golden = (JSON.parse(gunzipSync(readFileSync(data("counts.json.gz"))).toString("utf8")) as { rows: Counts[] }).rows;
  const features = Object.fromEntries(
    bins.map(({ feature, kind, edges, bins: names = [], others = [] }) => {
      const categories = names.filter((name) => name !== "other" && name !== "unseen");
      return [feature, kind === "numeric" ? { edges } : { categories, other_categories: others }];
    }),
  );
  folder.write("golden.yml", JSON.stringify({ source: { file: { paths: ["none"] } }, models: { flights: { features } } }));
  folder.take("flights-q2/events.jsonl.gz", "events.jsonl.gz");
  const args = ["--config", "golden.yml", "--model", "flights", "--input", "events.jsonl.gz", "--output", "F.json"];
  const { code, errors } = await folder.run("reference", "build", ...args);
  expect(code, errors).toBe(0);
  const made = reference("F.json");
  const ofGolden = new Map(bins.map((row) => [row.feature, row]));
  let compared = 0;
  for (const { feature, window, start: from, counts } of golden) {
    if (window !== "24h" && window !== "all") continue;
    const one = made.features.get(feature);
    const day = one?.days.find(({ startMillis }) => startMillis === Date.parse(from ?? ""));
    const mine = [...((window === "all" ? (one?.all.numbers ?? one?.all.texts)?.counts : day?.counts) ?? [])];
    const row = ofGolden.get(feature) as Golden;
    if (row.kind === "categorical" && row.bins?.includes("other") === false) mine.splice(-2, 1);
    expect(mine, `${feature} ${window} ${from ?? ""}`).toEqual(counts);
    compared += 1;
  }
  expect(compared).toBe(golden.filter(({ window }) => window === "24h" || window === "all").length);
  expect(compared).toBeGreaterThan(bins.length * 90);
});
