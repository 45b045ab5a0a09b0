/** Roots of lists by index (transactions, receipts, withdrawals) against @ethereumjs/mpt. */
import { MerklePatriciaTrie } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import fc from "fast-check";
import { bytesToHex } from "../../../src/state/bytes";
import { EMPTY_TRIE_ROOT, type Hash } from "../../../src/state/hex";
import { orderedTrieRoot, sortedTrieRoot } from "../../../src/state/trie/trie-root";
import { propertyParameters } from "../../helpers/properties";

/** Of entries in any order. */
function trieRoot(entries: readonly (readonly [key: Uint8Array, value: Uint8Array])[]): Hash {
  const sorted = [...entries].sort(([a], [b]) => Buffer.compare(a, b));
  const starts = new Uint32Array(sorted.length + 1);
  for (const [index, [key]] of sorted.entries()) {
    starts[index + 1] = (starts[index] ?? 0) + key.length;
  }
  const bytes = Buffer.concat(sorted.map(([key]) => key));
  const values = sorted.map(([, value]) => value);
  return bytesToHex(sortedTrieRoot({ bytes, starts }, values));
}

describe("trie root of a list", () => {
  // 128 is where rlp(index) becomes two bytes, 256 where it becomes three
  for (const count of [1, 2, 16, 17, 127, 128, 129, 257, 300]) {
    it(`of ${count} items equals @ethereumjs/mpt`, async () => {
      const reference = new MerklePatriciaTrie();
      const entries: [Uint8Array, Uint8Array][] = [];
      for (let index = 0; index < count; index++) {
        // lengths on both sides of the inline limit, some as long as a receipt with logs
        const value = new Uint8Array(1 + ((index * 37) % 700)).fill(index + 1);
        entries.push([RLP.encode(index), value]);
        await reference.put(RLP.encode(index), value);
      }
      expect(trieRoot(entries)).to.equal(bytesToHex(reference.root()));
      expect(trieRoot([...entries].reverse())).to.equal(bytesToHex(reference.root()));
      const values = entries.map(([, value]) => value);
      expect(bytesToHex(orderedTrieRoot(values))).to.equal(bytesToHex(reference.root()));
    });
  }

  it("of no items is the empty root", () => {
    expect(trieRoot([])).to.equal(EMPTY_TRIE_ROOT);
    expect(bytesToHex(orderedTrieRoot([]))).to.equal(EMPTY_TRIE_ROOT);
  });

  for (const length of [70_000, 1_441_000, 2_000_000]) {
    it(`with an item of ${length} bytes, perhaps more than are hashed at once, is right`, async () => {
      const reference = new MerklePatriciaTrie();
      const values = [1, 2, 3].map((fill) => new Uint8Array(fill === 2 ? length : 40).fill(fill));
      for (const [index, value] of values.entries()) {
        await reference.put(RLP.encode(index), value);
      }
      expect(bytesToHex(orderedTrieRoot(values))).to.equal(bytesToHex(reference.root()));
    });
  }

  it("of random values in any number equals @ethereumjs/mpt", async () => {
    const value = fc.oneof(
      { weight: 3, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 4 }) },
      { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 90 }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 2000, size: "max" }), async (values) => {
        const reference = new MerklePatriciaTrie();
        for (const [index, each] of values.entries()) {
          await reference.put(RLP.encode(index), each);
        }
        expect(bytesToHex(orderedTrieRoot(values))).to.equal(bytesToHex(reference.root()));
      }),
      propertyParameters({ numRuns: 5 }),
    );
  }).timeout(60_000);

  it("of keys of any lengths equals @ethereumjs/mpt", async () => {
    // the last byte ends every key and stands nowhere else: no key is a prefix of another
    const key = fc
      .array(fc.constantFrom(0x00, 0x01, 0x10, 0x11), { maxLength: 5 })
      .map((bytes) => Uint8Array.from([...bytes, 0xee]));
    const entry = fc.tuple(key, fc.uint8Array({ minLength: 1, maxLength: 40 }));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(entry, { maxLength: 30, selector: ([bytes]) => bytesToHex(bytes) }),
        async (entries) => {
          const reference = new MerklePatriciaTrie();
          for (const [bytes, each] of entries) {
            await reference.put(bytes, each);
          }
          expect(trieRoot(entries)).to.equal(bytesToHex(reference.root()));
        },
      ),
      propertyParameters({ numRuns: 200 }),
    );
  });

  it("keys that are prefixes or equal, and empty values, are refused", () => {
    const value = Uint8Array.of(1);
    const of = (...keys: number[][]) => keys.map((key) => [Uint8Array.from(key), value] as const);
    expect(() => trieRoot(of([0x10], [0x10, 0x20]))).to.throw(/prefix of another/);
    expect(() => trieRoot(of([0x10], [0x10]))).to.throw(/given twice/);
    expect(() => orderedTrieRoot([value, new Uint8Array(0)])).to.throw(/no empty values/);
    // and leave nothing behind that a later root would take for its own
    expect(bytesToHex(orderedTrieRoot([]))).to.equal(EMPTY_TRIE_ROOT);
  });
});
