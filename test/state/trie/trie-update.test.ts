/** Batch updates of the trie against @ethereumjs/mpt, which takes one key at a time. */
import { MerklePatriciaTrie } from "@ethereumjs/mpt";
import { expect } from "chai";
import fc from "fast-check";
import { bytesToHex } from "../../../src/state/bytes";
import { EMPTY_TRIE_ROOT } from "../../../src/state/hex";
import { fromByteString } from "../../../src/state/trie/byte-string";
import type { TrieNode } from "../../../src/state/trie/node";
import { rootHash } from "../../../src/state/trie/node-encoding";
import { type TrieChange, updateTrie } from "../../../src/state/trie/trie-update";
import { propertyParameters } from "../../helpers/properties";

/** Keys of 3 bytes from few nibbles: long shared paths, deep branches, many collapses. */
const key = fc
  .array(fc.constantFrom(0x00, 0x01, 0x10, 0x11, 0xff), { minLength: 3, maxLength: 3 })
  .map((bytes) => String.fromCharCode(...bytes));
/** Values around the 32-byte limit of inlined nodes and around RLP's 55-byte limit. */
const value = fc.oneof(
  fc.constantFrom("\x01", "\x7f", "\x80", "\xff\xff"),
  fc.integer({ min: 1, max: 70 }).map((length) => "\xab".repeat(length)),
);
const change = fc
  .record({ key, value: fc.option(value, { nil: null, freq: 2 }) })
  .map(
    ({ key, value }): TrieChange =>
      value === null ? { key, value } : { key, value, subtrie: null },
  );
const batch = fc.uniqueArray(change, { maxLength: 12, selector: (each) => each.key });

async function applyToReference(
  reference: MerklePatriciaTrie,
  changes: readonly TrieChange[],
): Promise<void> {
  for (const each of changes) {
    if (each.value === null) {
      await reference.del(fromByteString(each.key));
    } else {
      await reference.put(fromByteString(each.key), fromByteString(each.value));
    }
  }
}

describe("trie update", () => {
  it("the empty trie has the root of the yellow paper", () => {
    expect(rootHash(null)).to.equal(EMPTY_TRIE_ROOT);
  });

  it("roots equal @ethereumjs/mpt after every batch of puts and deletions", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 12 }), async (batches) => {
        const reference = new MerklePatriciaTrie();
        let root: TrieNode | null = null;
        for (const changes of batches) {
          root = updateTrie(root, changes);
          await applyToReference(reference, changes);
          expect(rootHash(root)).to.equal(bytesToHex(reference.root()));
        }
      }),
      propertyParameters({ numRuns: 300 }),
    );
  });

  it("an update leaves the trie before it as it was", () => {
    fc.assert(
      fc.property(fc.array(batch, { minLength: 1, maxLength: 8 }), (batches) => {
        const roots: { root: TrieNode | null; hash: string }[] = [];
        let root: TrieNode | null = null;
        for (const changes of batches) {
          root = updateTrie(root, changes);
          roots.push({ root, hash: rootHash(root) });
        }
        // encoded anew through a copy that has no cached references
        for (const kept of roots) {
          expect(rootHash(withoutReferences(kept.root))).to.equal(kept.hash);
        }
      }),
      propertyParameters({ numRuns: 100 }),
    );
  });

  it("deleting everything gives the empty trie", () => {
    fc.assert(
      fc.property(batch, (changes) => {
        const root = updateTrie(null, changes);
        expect(
          updateTrie(
            root,
            changes.map((each) => ({ key: each.key, value: null })),
          ),
        ).to.equal(null);
      }),
      propertyParameters({ numRuns: 100 }),
    );
  });

  it("writing what is there already, or deleting what is not, changes no node", () => {
    const put = (text: string): TrieChange => ({
      key: text,
      value: `value ${text}`,
      subtrie: null,
    });
    const root = updateTrie(null, [put("\x11\x11"), put("\x11\x12"), put("\x21\x00")]);
    expect(updateTrie(root, [put("\x11\x12"), { key: "\x33\x33", value: null }])).to.equal(root);
    expect(updateTrie(root, [])).to.equal(root);
  });

  it("subtrees without changes are shared with the trie before", () => {
    const put = (text: string, value: string): TrieChange => ({ key: text, value, subtrie: null });
    const before = updateTrie(null, [put("\x10", "a"), put("\x20", "b"), put("\x21", "c")]);
    const after = updateTrie(before, [put("\x10", "changed")]);
    if (before?.kind !== "branch" || after?.kind !== "branch") {
      throw new Error("keys 0x10, 0x20, 0x21 part at the first nibble");
    }
    expect(after.children[2]).to.equal(before.children[2]);
    expect(after.children[1]).to.not.equal(before.children[1]);
  });

  it("a key that is a prefix of another, or given twice, is refused", () => {
    const put = (text: string): TrieChange => ({ key: text, value: "v", subtrie: null });
    expect(() => updateTrie(null, [put("\x10"), put("\x10\x20")])).to.throw(/prefix of another/);
    expect(() => updateTrie(null, [put("\x10"), put("\x10")])).to.throw(/given twice/);
  });
});

function withoutReferences(node: TrieNode | null): TrieNode | null {
  const entries: TrieChange[] = [];
  const collect = (each: TrieNode | null): void => {
    if (each === null) {
      return;
    }
    if (each.kind === "leaf") {
      entries.push({ key: each.key, value: each.value, subtrie: null });
    } else if (each.kind === "extension") {
      collect(each.child);
    } else {
      each.children.forEach(collect);
    }
  };
  collect(node);
  return updateTrie(null, entries);
}
