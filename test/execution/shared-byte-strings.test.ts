/** What is read from shared lists is what was written, however much of it was written ahead. */
import { expect } from "chai";
import fc from "fast-check";
import { InvariantError } from "../../src/errors/base-error";
import { ByteStringLists, SharedByteStrings } from "../../src/execution/shared-byte-strings";
import { propertyParameters } from "../helpers/properties";

interface Key {
  readonly bytes: Uint8Array;
}

/** A writer whose strings are valid until the next one only, as those of encoders are. */
function lists(): { readonly lists: ByteStringLists<Key>; readonly asked: () => number } {
  let asked = 0;
  const last = new Uint8Array(1 << 17);
  return {
    lists: new ByteStringLists<Key>(({ bytes }) => {
      asked++;
      last.set(bytes);
      return last.subarray(0, bytes.length);
    }),
    asked: () => asked,
  };
}

/** Strings of some length, among them empty ones and some that are longer than the memory at first. */
const key: fc.Arbitrary<Key> = fc
  .tuple(
    fc.oneof(fc.nat({ max: 9 }), fc.nat({ max: 400 }), fc.nat({ max: 20_000 })),
    fc.nat({ max: 255 }),
  )
  .map(([length, seed]) => ({
    bytes: Uint8Array.from({ length }, (_, i) => (seed + i * 7) % 256),
  }));

/** Keys that wait for a block; each is in it or not, written ahead or not. The block has its own order. */
const block = fc
  .array(fc.record({ key, isAhead: fc.boolean(), isIn: fc.boolean(), order: fc.nat() }), {
    maxLength: 40,
  })
  .map((all) => ({
    ahead: all.filter(({ isAhead }) => isAhead).map((each) => each.key),
    keys: all
      .filter(({ isIn }) => isIn)
      .sort((one, other) => one.order - other.order)
      .map((each) => each.key),
  }));

function expectList(list: SharedArrayBuffer, keys: readonly Key[]): void {
  const expected = keys.map(({ bytes }) => bytes);
  const read = new SharedByteStrings(list);
  expect(read.count).to.equal(keys.length);
  expect(read.all()).to.deep.equal(expected);
}

describe("Shared byte strings", () => {
  it("are read back in the list's order, and earlier lists stay as they are", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ block, isShared: fc.boolean() }), { maxLength: 5 }),
        (blocks) => {
          const { lists: written } = lists();
          const shared: { readonly list: SharedArrayBuffer; readonly keys: readonly Key[] }[] = [];
          for (const { block, isShared } of blocks) {
            for (const each of block.ahead) {
              written.writeAhead(each);
            }
            if (isShared) {
              shared.push({ list: written.share(block.keys), keys: block.keys });
            } else {
              written.forget();
            }
          }
          for (const { list, keys } of shared) {
            expectList(list, keys);
          }
        },
      ),
      propertyParameters({ numRuns: 100 }),
    );
  });

  it("are asked for once if written ahead, and again for the list after", () => {
    const { lists: written, asked } = lists();
    const keys = [3, 0, 5].map((length) => ({ bytes: new Uint8Array(length).fill(length) }));
    for (const each of keys) {
      written.writeAhead(each);
    }
    expect(asked()).to.equal(3);
    expectList(written.share([...keys].reverse()), [...keys].reverse());
    expect(asked()).to.equal(3);
    expectList(written.share(keys), keys);
    expect(asked()).to.equal(6);
  });

  it("are not written ahead without end", () => {
    const { lists: written, asked } = lists();
    const keys = Array.from({ length: 300 }, (_, i) => ({
      bytes: new Uint8Array(1 << 17).fill(i),
    }));
    for (const each of keys) {
      written.writeAhead(each);
    }
    expect(asked()).to.equal(256);
    const list = written.share(keys.slice(250, 260));
    expect(asked()).to.equal(260);
    expectList(list, keys.slice(250, 260));
  });

  it("have a word that is 0 at first and the user's own", () => {
    const { lists: written } = lists();
    const keys = [{ bytes: Uint8Array.of(1, 2, 3) }];
    const list = written.share(keys);
    const own = new Int32Array(list, 0, 1);
    expect(own[0]).to.equal(0);
    own[0] = -1;
    expectList(list, keys);
    expect(() => new SharedByteStrings(list).start(1)).to.throw(
      InvariantError,
      "no string 1 in the list",
    );
  });
});
