import { strict as assert } from "node:assert";
import fc from "fast-check";
import { jsonValue } from "../../src/rpc/json-value";
import { propertyParameters } from "../helpers/properties";

function throughText(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** The value or the error's name and words. */
function outcome(make: () => unknown): unknown {
  try {
    return { value: make() };
  } catch (error) {
    return error instanceof Error ? { error: `${error.name}: ${error.message}` } : { error };
  }
}

describe("rpc/json-value", () => {
  it("is what the value's text means, for any value", () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    });
    fc.assert(
      fc.property(fc.oneof(anything, fc.jsonValue()), (value) => {
        assert.deepEqual(
          outcome(() => jsonValue(value)),
          outcome(() => throughText(value)),
        );
      }),
      propertyParameters({ numRuns: 2000 }),
    );
  });

  it("is what the text means where JSON has rules of its own", () => {
    const shared = { a: 1 };
    const hidden = Object.defineProperty({ shown: 1 }, "hidden", { value: 2, enumerable: false });
    for (const value of [
      [undefined, 1],
      { a: undefined, b: [undefined] },
      [() => 1, Symbol("s"), { f: () => 1 }],
      [Number.NaN, Number.POSITIVE_INFINITY, -0],
      [new Date(0), Buffer.from("ab"), new String("text"), new Number(1), new Boolean(false)],
      [{ toJSON: () => "own" }],
      JSON.parse('{"__proto__":{"a":1},"b":2}'),
      [shared, shared],
      [hidden, Object.create({ inherited: 1 }), { [Symbol("s")]: 1 }],
      ["\ud800", "é😀", "\u2028"],
      { 2: "b", 1: "a", z: 0 },
      // biome-ignore lint/suspicious/noSparseArray: lists with holes are the case
      [1, , 3],
      new Map([[1, 2]]),
    ]) {
      const expected = throughText(value);
      assert.deepEqual(jsonValue(value), expected);
      assert.equal(JSON.stringify(jsonValue(value)), JSON.stringify(expected)); // order of keys
    }
    assert.equal(
      Object.getPrototypeOf(jsonValue(JSON.parse('{"__proto__":{"a":1}}'))),
      Object.prototype,
    );
  });

  it("what has no text fails as there", () => {
    const cycle: unknown[] = [];
    cycle.push([cycle]);
    for (const value of [[1n], cycle, undefined]) {
      const { error } = outcome(() => throughText(value)) as { error?: string }; // as `outcome` makes it
      assert.match(error ?? "", /TypeError|SyntaxError/);
      assert.deepEqual(
        outcome(() => jsonValue(value)),
        { error },
      );
    }
  });

  it("is a copy", () => {
    const inner = [1];
    const value = { inner };
    const copy = jsonValue(value);
    inner.push(2);
    assert.deepEqual(copy, { inner: [1] });
  });
});
