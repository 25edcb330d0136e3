// PromQL as a tree, by the grammar that Prometheus publishes for its own editor.
import { parser } from "@prometheus-io/lezer-promql";

export interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly children: readonly Node[];
}

/** @throws where the text is no expression */
export function parsePromql(text: string): Node {
  const root = nodeOf(parser.parse(text).topNode, text);
  const wrong = [...within(root)].find(({ name }) => name === "⚠");
  if (wrong !== undefined) throw new Error(`not PromQL at character ${wrong.from}: ${text}`);
  return root;
}

/** A node and all below it, in the order of the text. */
export function* within(node: Node): Iterable<Node> {
  yield node;
  for (const child of node.children) yield* within(child);
}

export function childOf(node: Node, name: string): Node | undefined {
  return node.children.find((child) => child.name === name);
}

/** What is between quotes, whichever they are. */
export function stringOf({ text }: Node): string {
  return text.startsWith("`") ? text.slice(1, -1) : text.slice(1, -1).replace(/\\(.)/g, "$1");
}

type Cursor = Pick<ReturnType<typeof parser.parse>["topNode"], "name" | "from" | "to" | "firstChild" | "nextSibling">;

function nodeOf(at: Cursor, text: string): Node {
  const children: Node[] = [];
  for (let child = at.firstChild; child !== null; child = child.nextSibling) children.push(nodeOf(child, text));
  return { name: at.name, from: at.from, to: at.to, text: text.slice(at.from, at.to), children };
}
