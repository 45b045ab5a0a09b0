/** Batch updates of the trie against @ethereumjs/mpt, which takes one key at a time. */
import { MerklePatriciaTrie } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import fc from "fast-check";
import { invariant } from "../../../src/errors/base-error";
import { bigIntToMinimalBytes, bytesToHex, hexToBytes } from "../../../src/state/bytes";
import { EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash } from "../../../src/state/hex";
import { FreshNodes } from "../../../src/state/trie/fresh-nodes";
import { KEY_BYTES } from "../../../src/state/trie/key-column";
import type { LeafContent, TrieNode } from "../../../src/state/trie/node";
import { rootHashText } from "../../../src/state/trie/node-reference";
import { type TrieChange, updateTrie } from "../../../src/state/trie/trie-update";
import { propertyParameters } from "../../helpers/properties";

/**
 * Three bytes of few different nibbles and 29 zeros, before them or behind: long shared paths, deep
 * branches, many collapses; behind 29 zeros nodes are short enough to stand in their parents.
 */
const BYTES = [0x00, 0x01, 0x10, 0x11, 0xff];
const texts = new Set<string>();
for (const a of BYTES) {
  for (const b of BYTES) {
    for (const c of BYTES) {
      const digits = Buffer.from([a, b, c]).toString("hex");
      texts.add(digits.padStart(64, "0")).add(digits.padEnd(64, "0"));
    }
  }
}
const rows = [...texts];
const keys = Uint8Array.from(rows.flatMap((text) => [...Buffer.from(text, "hex")]));
const keyOf = (row: number) => keys.slice(row * KEY_BYTES, (row + 1) * KEY_BYTES);
const rowOf = (text: string) => rows.indexOf(text);

/** The trie with the changes made and all references computed. */
function updated(
  root: TrieNode | null,
  changes: readonly TrieChange[],
  column: Uint8Array,
): TrieNode | null {
  const fresh = new FreshNodes(column);
  const result = updateTrie(root, changes, fresh);
  fresh.computeReferences();
  return result;
}

const numbers = fc.oneof(
  fc.constantFrom(1n, 0x7fn, 0x80n, 2n ** 48n - 1n, 2n ** 48n, 2n ** 64n, 2n ** 256n - 1n),
  fc.nat(255).map((bits) => 2n ** BigInt(bits)),
);
const noStorage: TrieNode | null = null;
const storage = updated(null, [{ row: 3, content: 7n }], keys);
const shortStorage = updated(null, [{ row: rowOf("00".repeat(32)), content: 1n }], keys);

const account = fc.record({
  nonce: fc.constantFrom(0n, 1n, 0x80n, 2n ** 64n - 1n),
  balance: fc.oneof(fc.constant(0n), numbers),
  codeHash: fc.constantFrom<Hash[]>(EMPTY_CODE_HASH, `0x${"5a".repeat(32)}`),
  storage: fc.constantFrom(noStorage, storage, shortStorage),
});
const content: fc.Arbitrary<LeafContent> = fc.oneof(
  { weight: 3, arbitrary: numbers },
  { weight: 1, arbitrary: account },
);
const change = fc.record({
  row: fc.nat(rows.length - 1),
  content: fc.option(content, { nil: null, freq: 2 }),
}) as fc.Arbitrary<TrieChange>; // a record of a union is the union of records
const batch = fc.uniqueArray(change, { maxLength: 12, selector: (each) => each.row });

function rlpOf(content: LeafContent): Uint8Array {
  if (typeof content === "bigint") {
    return RLP.encode(bigIntToMinimalBytes(content));
  }
  const { nonce, balance, storage, codeHash } = content;
  invariant(storage?.kind !== "parts", "a storage in parts");
  return RLP.encode([
    bigIntToMinimalBytes(nonce),
    bigIntToMinimalBytes(balance),
    hexToBytes(rootHashText(storage)),
    hexToBytes(codeHash),
  ]);
}

async function applyToReference(
  reference: MerklePatriciaTrie,
  changes: readonly TrieChange[],
): Promise<void> {
  for (const each of changes) {
    if (each.content === null) {
      await reference.del(keyOf(each.row));
    } else {
      await reference.put(keyOf(each.row), rlpOf(each.content));
    }
  }
}

describe("trie update", () => {
  it("the empty trie has the root of the yellow paper", () => {
    expect(rootHashText(null)).to.equal(EMPTY_TRIE_ROOT);
  });

  it("roots equal @ethereumjs/mpt after every batch of puts and deletions", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 12 }), async (batches) => {
        const reference = new MerklePatriciaTrie();
        let root: TrieNode | null = null;
        for (const changes of batches) {
          root = updated(root, changes, keys);
          await applyToReference(reference, changes);
          expect(rootHashText(root)).to.equal(bytesToHex(reference.root()));
        }
      }),
      propertyParameters({ numRuns: 300 }),
    );
  });

  it("thousands of keys, hashed in several fillings of the memory, equal @ethereumjs/mpt", async () => {
    const count = 20_000; // leaves alone take twice the memory
    const column = new Uint8Array(count * KEY_BYTES);
    const changes: TrieChange[] = [];
    const reference = new MerklePatriciaTrie();
    for (let row = 0; row < count; row++) {
      // spread by a multiplication, so that neighbours in the column are not neighbours in the trie
      new DataView(column.buffer).setUint32(row * KEY_BYTES, Math.imul(row + 1, 0x9e3779b1));
      const value = BigInt(row + 1);
      changes.push({ row, content: value });
      await reference.put(
        column.slice(row * KEY_BYTES, (row + 1) * KEY_BYTES),
        RLP.encode(bigIntToMinimalBytes(value)),
      );
    }
    expect(rootHashText(updated(null, changes, column))).to.equal(bytesToHex(reference.root()));
  }).timeout(60_000);

  it("an update leaves the trie before it as it was", () => {
    fc.assert(
      fc.property(fc.array(batch, { minLength: 1, maxLength: 8 }), (batches) => {
        const roots: { root: TrieNode | null; hash: string }[] = [];
        let root: TrieNode | null = null;
        for (const changes of batches) {
          root = updated(root, changes, keys);
          roots.push({ root, hash: rootHashText(root) });
        }
        // encoded anew through a copy that has no cached references
        for (const kept of roots) {
          expect(rootHashText(withoutReferences(kept.root))).to.equal(kept.hash);
        }
      }),
      propertyParameters({ numRuns: 100 }),
    );
  });

  it("deleting everything gives the empty trie", () => {
    fc.assert(
      fc.property(batch, (changes) => {
        const root = updated(null, changes, keys);
        const deletions = changes.map(({ row }) => ({ row, content: null }));
        expect(updated(root, deletions, keys)).to.equal(null);
      }),
      propertyParameters({ numRuns: 100 }),
    );
  });

  it("writing what is there already, or deleting what is not, changes no node", () => {
    const account = { nonce: 1n, balance: 2n, codeHash: EMPTY_CODE_HASH, storage };
    const root = updated(
      null,
      [
        { row: put("1111"), content: 5n },
        { row: put("1110"), content: account },
        { row: put("ff00"), content: 7n },
      ],
      keys,
    );
    const same: TrieChange[] = [
      { row: put("1111"), content: 5n },
      { row: put("1110"), content: { ...account } },
      { row: put("0100"), content: null },
    ];
    expect(updated(root, same, keys)).to.equal(root);
    expect(updated(root, [], keys)).to.equal(root);
    for (const change of [
      { nonce: 2n },
      { balance: 3n },
      { codeHash: EMPTY_TRIE_ROOT },
      { storage: null },
    ]) {
      const other = { row: put("1110"), content: { ...account, ...change } };
      expect(updated(root, [other], keys)).to.not.equal(root);
    }
  });

  it("subtrees without changes are shared with the trie before", () => {
    const before = updated(
      null,
      [
        { row: put("10"), content: 1n },
        { row: put("ff"), content: 2n },
        { row: put("ff01"), content: 3n },
      ],
      keys,
    );
    const after = updated(before, [{ row: put("10"), content: 9n }], keys);
    if (before?.kind !== "branch" || after?.kind !== "branch") {
      throw new Error("keys 0x10, 0xff, 0xff01 part at the first nibble");
    }
    expect(after.children[15]).to.equal(before.children[15]);
    expect(after.children[1]).to.not.equal(before.children[1]);
  });

  it("a key given twice is refused", () => {
    const change = { row: put("10"), content: 1n };
    expect(() => updated(null, [change, change], keys)).to.throw(/given twice/);
  });
});

/** The row whose key begins with these digits and goes on with zeros. */
function put(digits: string): number {
  const row = rowOf(digits.padEnd(64, "0"));
  expect(row).to.not.equal(-1);
  return row;
}

function withoutReferences(node: TrieNode | null): TrieNode | null {
  const entries: TrieChange[] = [];
  const collect = (each: TrieNode | null): void => {
    if (each === null) {
      return;
    }
    if (each.kind === "leaf") {
      entries.push({ row: each.row, content: each.content });
    } else if (each.kind === "extension") {
      collect(each.child);
    } else {
      each.children.forEach(collect);
    }
  };
  collect(node);
  return updated(null, entries, keys);
}
