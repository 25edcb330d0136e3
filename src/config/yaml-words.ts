// What a YAML parser complains of, in words for who wrote the file.

const words: readonly (readonly [RegExp, string])[] = [
  [/^deficient indentation/, "not indented enough, or a quote, bracket or brace before it was not closed"],
  [
    /^bad indentation of a mapping entry/,
    'does not go on from what stands before: check indentation and commas; a text with ": " in it, or that begins with @, %, *, & or `, is put in quotes',
  ],
  [/^bad indentation of a sequence entry/, "the items of a list are indented alike"],
  [/^unexpected end of the stream within a (single|double) quoted scalar/, "a quote was not closed"],
  [/^end of the stream or a document separator is expected/, "does not belong to what stands before: check its indentation"],
  [/^missed comma between flow collection entries/, "a comma is missing before this"],
  [/^can not read a block mapping entry/, "a key and a colon are missing, or the text before was to be put in quotes"],
  [/^null byte is not allowed in input/, "not a text file"],
];

/** @param line counts from 0 */
export function inPlainWords(reason: string, text: string, line: number): string {
  const said = text.split(/\r\n?|\n/)[line] ?? "";
  if (/^ *\t/.test(said)) return "a tab cannot indent; use spaces";
  return words.find(([pattern]) => pattern.test(reason))?.[1] ?? reason;
}
