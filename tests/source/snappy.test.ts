// Snappy blocks: what another library compressed comes back; damaged ones are errors, and at once.
import fc from "fast-check";
import { compress } from "snappyjs";
import { describe, expect, test } from "vitest";
import { uncompressSnappy } from "../../src/source/snappy.ts";

const most = 1_000_000;

test("what was compressed comes back", () => {
  const repeated = fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(200)).map(([bytes, times]) => {
    return Buffer.concat(Array.from({ length: times }, () => bytes));
  });
  const long = fc.integer({ min: 60, max: 70_000 }).map((length) => Buffer.from({ length, 0: 1, 5: 9 }));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), repeated, long), (bytes) => {
      expect(uncompressSnappy(Buffer.from(compress(Buffer.from(bytes))), most).equals(bytes)).toBe(true);
    }),
  );
});

describe("damaged blocks", () => {
  test("a literal whose length has its highest bit set is refused, not gone back for", () => {
    // 10 bytes; a literal whose length, less one, is 2^32 - 6 (four bytes behind the tag).
    const block = Buffer.from([10, 0xfc, 0xfa, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0]);
    expect(() => uncompressSnappy(block, most)).toThrow("a Snappy block ends inside of an element");
  });

  test("one that would be too long is refused before anything is allocated", () => {
    expect(() => uncompressSnappy(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]), most)).toThrow(
      `a Snappy block of more than ${most} bytes`,
    );
  });

  test("one that ends in its length", () => {
    expect(() => uncompressSnappy(Buffer.from([0x80]), most)).toThrow("ends before it says its length");
    expect(() => uncompressSnappy(Buffer.alloc(0), most)).toThrow("ends before it says its length");
  });

  test("of any content are read or refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          uncompressSnappy(Buffer.from(bytes), most);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
