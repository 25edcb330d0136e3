// What the schema found wrong, in words: each mistake with its line, its key and what would be right.
import type { ConfigDocument } from "./document.ts";
import type { Issue } from "./schema/terms.ts";
import type { KeyPath, YamlMistake } from "./yaml.ts";

export interface Mistake extends YamlMistake {
  /** Whether it is that there is no such key. */
  readonly unknown?: boolean;
}

export function mistakesOf(issues: readonly Issue[], document: ConfigDocument): Mistake[] {
  return issues.flatMap((issue) => mistakes(issue, document, []));
}

/** @param around the keys that the issue's path begins in */
function mistakes(issue: Issue, document: ConfigDocument, around: KeyPath): Mistake[] {
  const keys: KeyPath = [...around, ...(issue.path as KeyPath)];
  const mistake = (message: string, at = keys): Mistake => ({ line: document.line(at), keys: at, message });
  switch (issue.code) {
    case "unrecognized_keys": {
      // One line for each of them: see `section`.
      const messages = issue.message.split("\n");
      return issue.keys.map((key, index) => ({ ...mistake(messages[index] as string, [...keys, key]), unknown: true }));
    }
    case "invalid_union": {
      const meant = branchMeant(issue.errors);
      if (meant !== undefined) return meant.flatMap((inner) => mistakes(inner, document, keys));
      return [mistake(unlessThere(issue.message, document.at(keys)))];
    }
    case "invalid_key":
      return [mistake(issue.issues[0]?.message ?? issue.message)];
    case "invalid_type":
      return [mistake(insteadOf(issue.message, document.at(keys), ["number", "int"].includes(issue.expected)))];
    case "invalid_value":
      return [mistake(unlessThere(issue.message, document.at(keys)))];
    default:
      return [mistake(issue.message)];
  }
}

/** Of what is possible, that which has the least wrong inside: it is named rather than all possibilities. */
function branchMeant(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const [first, second] = branches
    .filter((issues) => issues.every(({ code, path }) => code === "unrecognized_keys" || path.length > 0))
    .map((issues) => ({ issues, size: issues.reduce((sum, one) => sum + sizeOf(one), 0) }))
    .sort((a, b) => a.size - b.size);
  return first === undefined || first.size === second?.size ? undefined : first.issues;
}

function sizeOf(issue: Issue): number {
  return issue.code === "unrecognized_keys" ? issue.keys.length : 1;
}

/** What is right; the same where all is missing. */
function unlessThere(right: string, value: unknown): string {
  return value === undefined || value === null ? insteadOf(right, value, false) : right;
}

/** What is right, and what stands there instead: numbers instead of other numbers only, as anything else may be a secret. */
function insteadOf(right: string, value: unknown, numeric: boolean): string {
  if (value === undefined) return `missing; ${right}`;
  return `${right}, not ${numeric && typeof value === "number" ? value : kindOf(value)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return "an empty value";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "keys with values";
  if (typeof value === "boolean") return `${value}`;
  return typeof value === "number" ? "a number" : "this text";
}
