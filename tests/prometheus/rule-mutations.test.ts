// Which mistakes are tried of a rule.
import { expect, test } from "vitest";
import { mutationsOf } from "../../scripts/rules/mutations.ts";

test.each([
  ["x > 5", ["x [> -> >=] 5", "x [> -> <] 5", "x > [5 -> 6]", "x > [5 -> 4]"]],
  ["0 * x", ["[0 -> 1] * x", "[0 -> -1] * x", "0 [* -> /] x"]],
  ["rate(x[5m])", ["rate(x[[5m -> 600s]])", "rate(x[[5m -> 150s]])"]],
  ["x - 1h", ["x - [1h -> 7200s]", "x - [1h -> 1800s]", "x [- -> +] 1h"]],
  ['x{a="1"}', ['x[{a="1"} -> {a!="1"}]', 'x[{a="1"} -> {}]']],
  ["x * on (m) group_left (t) a:m_info:max", []],
  ["x * on (m) group_left (t) max(m_info)", ["x [* -> /] on (m) group_"]],
])("of %s", (expr, changes) => {
  const found = mutationsOf({ alert: "A", expr }).map(({ change }) => change);
  expect(found.toSorted()).toEqual(changes.toSorted());
});

test("of waits", () => {
  const rule = { alert: "A", expr: "x", for: "5m", keep_firing_for: "1h" };
  expect(mutationsOf(rule).map(({ change }) => change)).toEqual([
    "for: [5m -> 600s]",
    "for: [5m -> 150s]",
    "keep_firing_for: [1h -> 7200s]",
    "keep_firing_for: [1h -> 1800s]",
  ]);
});
