// What an expression asks for: its selectors, and whether their matchers allow a value.
import { childOf, type Node, parsePromql, stringOf, within } from "./promql.ts";

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

export interface Selector {
  /** Null where it names none, as in `{__name__=~"a.*"}`. */
  readonly metric: string | null;
  readonly matchers: readonly Matcher[];
}

/** In the order of the text. @throws where it is no expression */
export function selectorsOf(expression: string): Selector[] {
  return [...within(parsePromql(expression))].filter(({ name }) => name === "VectorSelector").map(selectorOf);
}

function selectorOf(node: Node): Selector {
  const list = childOf(node, "LabelMatchers")?.children.filter(({ name }) => name === "UnquotedLabelMatcher") ?? [];
  const matchers = list.map((matcher): Matcher => {
    const [label, operator, value] = ["LabelName", "MatchOp", "StringLiteral"].map((name) => childOf(matcher, name) as Node);
    return { label: label?.text ?? "", operator: operator?.text ?? "", value: stringOf(value as Node) };
  });
  return { metric: childOf(node, "Identifier")?.text ?? null, matchers };
}

export function matches({ operator, value }: Matcher, text = ""): boolean {
  if (operator === "=") return text === value;
  if (operator === "!=") return text !== value;
  // Anchored at both ends, as Prometheus has it.
  const found = new RegExp(`^(?:${value})$`).test(text);
  return operator === "=~" ? found : !found;
}
