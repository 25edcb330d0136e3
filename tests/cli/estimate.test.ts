// The command `estimate` as a process: its table, its JSON, and how it refuses what it cannot use.
import { afterAll, expect, test } from "vitest";
import { Folder } from "./command.ts";

const folder = new Folder();
afterAll(() => folder.close());

folder.write(
  "exporter.yml",
  `source: {kafka: {brokers: [none:1], topics: {events: {}}}}
defaults: {windows: [5m, 1h]}
models:
  fraud: {task: binary, segments: [], features: {amount: {edges: [1, 10], observations: true}}}
  prices: {task: regression, segments: [], features: {size: {type: numeric}}}
`,
);
folder.write(
  "prices.yml",
  "currency: EUR\noffers:\n  - {name: by series, series: {per_thousand: 10}}\n  - {name: by samples, samples: {per_million: 0.1}}\n",
);

folder.write("free.yml", "currency: EUR\noffers:\n  - {name: first hundred free, series: {per_thousand: 10, free: 100}}\n");

interface Printed {
  readonly total: { readonly series: number; readonly samples: number; readonly cost: Readonly<Record<string, number>> };
  readonly lines: readonly { readonly model: string; readonly cause: string; readonly series: number; readonly cost: object }[];
  readonly savings: readonly {
    readonly what: string;
    readonly series: number;
    readonly cost: Readonly<Record<string, number>>;
  }[];
  readonly assumptions: object;
}

async function printed(...args: readonly string[]): Promise<Printed> {
  const { code, output, errors } = await folder.run("estimate", "--config", "exporter.yml", "--json", ...args);
  expect([code, errors.replace("trying what can be switched off\n", "")]).toEqual([0, ""]);
  return JSON.parse(output) as Printed;
}

const sum = (lines: readonly { readonly series: number }[]): number => lines.reduce((all, { series }) => all + series, 0);

test("the JSON adds up, and goes by what it is told", async () => {
  const [one, three] = [
    await printed("--versions", "1", "--prices", "prices.yml"),
    await printed("--versions", "1", "fraud=3", "--scrape", "60s"),
  ];
  expect(sum(one.lines)).toBe(one.total.series);
  expect(one.total.samples).toBe(one.total.series * 172_800);
  expect(one.total.cost["by series"]).toBeCloseTo(one.total.series / 100, 9);
  expect(one.total.cost["by samples"]).toBeCloseTo(one.total.samples / 1e7, 9);
  expect(three.total.samples).toBe(three.total.series * 43_200);
  expect(three.total.cost).toEqual({});
  expect(three.assumptions).toMatchObject({ versions: 1, versionsOf: { fraud: 3 } });
  const of = ({ lines }: Printed, model: string): number => sum(lines.filter((line) => line.model === model));
  expect(of(three, "fraud")).toBe(3 * of(one, "fraud"));
  expect(of(three, "prices")).toBe(of(one, "prices"));
  expect(one.savings[0]?.series).toBe(Math.max(...one.savings.map(({ series }) => series)));
  const free = await printed("--versions", "1", "--prices", "free.yml");
  const [first] = free.savings;
  // What is free stays free: what goes first is what is paid for.
  expect(free.total.cost["first hundred free"]).toBeCloseTo((free.total.series - 100) / 100, 9);
  expect(first?.cost["first hundred free"]).toBeCloseTo((first?.series ?? 0) / 100, 9);
});

test("the table names models, causes, money, what was assumed and what to switch off first", async () => {
  const { code, output } = await folder.run("estimate", "--config", "exporter.yml", "--prices", "prices.yml");
  expect(code).toBe(0);
  const lines = output.split("\n");
  expect(lines[0]).toMatch(/^[\d,]+ series, scraped every 15s$/);
  expect(lines[2]).toMatch(/^model +cause +series +samples\/month +Prometheus +by series, EUR +by samples, EUR$/);
  const total = (lines[0] as string).split(" ")[0];
  expect(lines.find((line) => line.startsWith("all "))).toMatch(new RegExp(`^all +${total} `));
  expect(output).toMatch(/^fraud +(bins|drift) /m);
  expect(output).toMatch(/^the exporter +exporter /m);
  expect(output).toContain("Assumed: 2 live versions of a model (--versions)");
  const levers = output.slice(output.indexOf("What to switch off first"));
  expect(levers).toMatch(/^defaults\.windows: \[1h\] +windows of 5m +[\d,]+ +\d+\.\d % +\d+\.\d\d +\d+\.\d\d$/m);
  expect(levers).toMatch(/^models\.fraud\.features\.\*\.observations: false +counts by bin of amount /m);
});

test.each<[string, readonly string[], string]>([
  ["a configuration that is none", ["--config", "none.yml"], "none.yml: ENOENT"],
  ["an interval that is none", ["--config", "exporter.yml", "--scrape", "often"], "--scrape often: not a duration above 0"],
  ["versions of no model", ["--config", "exporter.yml", "--versions", "x=2"], "--versions x=2: no model x in the configuration"],
  ["no versions", ["--config", "exporter.yml", "--versions", "0"], "--versions 0: a whole number above 0"],
  ["unlisted models where none are", ["--config", "listed.yml", "--unlisted", "2"], "listed.yml:2: discover: false"],
  ["a price of nothing", ["--config", "exporter.yml", "--prices", "bad.yml"], "bad.yml:3: offers.0: a price of at least one"],
  [
    "a key of prices that is none",
    ["--config", "exporter.yml", "--prices", "key.yml"],
    'key.yml:1: currencies: no such key; did you mean "currency"?',
  ],
])("%s is refused", async (_, args, message) => {
  folder.write("listed.yml", "source: {kafka: {brokers: [none:1], topics: {events: {}}}}\ndiscover: false\n");
  folder.write("bad.yml", "currency: EUR\noffers:\n  - {name: nothing}\n");
  folder.write("key.yml", "currencies: EUR\noffers: [{name: a, samples: {per_million: 1}}]\n");
  const { code, output, errors } = await folder.run("estimate", ...args);
  expect([code, output]).toEqual([2, ""]);
  expect(errors).toContain(message);
});
