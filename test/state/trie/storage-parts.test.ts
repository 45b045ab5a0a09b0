import { expect } from "chai";
import fc from "fast-check";
import { keccak256 } from "../../../src/crypto/keccak256";
import { FreshNodes } from "../../../src/state/trie/fresh-nodes";
import { StorageParts, type TrieNode } from "../../../src/state/trie/node";
import { rootHashText } from "../../../src/state/trie/node-reference";
import {
  decodeParts,
  encodeParts,
  type NibbleRange,
  rootsOfParts,
} from "../../../src/state/trie/storage-parts";
import { updateChildren, updateTrie } from "../../../src/state/trie/trie-update";
import { propertyParameters } from "../../helpers/properties";

const ROWS = 64;

/** Rows 0 to 31 differ late and early, so that there are all kinds of children; the others are hashes. */
const keys = new Uint8Array(ROWS * 32);
for (let row = 0; row < ROWS; row++) {
  keys.set(keccak256(Uint8Array.of(row)), row * 32);
  if (row < 32) {
    keys.fill(row >> 3, row * 32, row * 32 + 20);
    keys[row * 32] = (row >> 2) << 4;
  }
}

/** Small ones are kept in their parents, if the rest of the key is short; others never. */
const slotValue = (row: number): bigint => (row % 2 === 0 ? BigInt(row + 1) : 1n << 240n);

const values = { valueAt: slotValue };

type Change = { readonly row: number; readonly isPut: boolean };
const changes = fc.uniqueArray(fc.record({ row: fc.nat(ROWS - 1), isPut: fc.boolean() }), {
  selector: ({ row }) => row,
});

/** One thread's parts after the changes. */
class Side {
  readonly #range: NibbleRange;
  #children: readonly (TrieNode | null)[] = new Array(16).fill(null);

  constructor(range: NibbleRange) {
    this.#range = range;
  }

  update(batch: readonly Change[]): StorageParts | null {
    const fresh = new FreshNodes(keys);
    const own = batch.filter(({ row }) => {
      const nibble = (keys[row * 32] ?? 0) >> 4;
      return nibble >= this.#range.from && nibble < this.#range.to;
    });
    this.#children = updateChildren(this.#children, own.map(contentOf), fresh);
    fresh.computeReferences();
    return this.#children.some((child) => child !== null) ? new StorageParts(this.#children) : null;
  }
}

function contentOf({ row, isPut }: Change) {
  return { row, content: isPut ? slotValue(row) : null };
}

describe("storage tries in parts", () => {
  it("have the roots of whole tries, however many keys there are and whoever has them", () => {
    const runs = fc.record({
      split: fc.integer({ min: 0, max: 16 }),
      batches: fc.array(changes, { minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(runs, ({ split, batches }) => {
        const here = new Side({ from: split, to: 16 });
        const there = new Side({ from: 0, to: split });
        let whole: TrieNode | null = null;
        for (const batch of batches) {
          const fresh = new FreshNodes(keys);
          whole = updateTrie(whole, batch.map(contentOf), fresh);
          fresh.computeReferences();
          const sent = structuredClone(encodeParts(new Map([[7, there.update(batch)]])));
          const elsewhere = decodeParts(sent, values);
          const roots = rootsOfParts(new Map([[7, here.update(batch)]]), elsewhere, keys);
          expect(rootHashText(roots.get(7) ?? null)).to.equal(rootHashText(whole));
        }
      }),
      propertyParameters({ numRuns: 300 }),
    );
  });

  it("of many accounts go in one message", () => {
    const storages = new Map(
      [0, 1, 40].map((rows, account) => {
        const batch = [...Array(rows).keys()].map((row) => ({ row, isPut: true }));
        return [account * 1000, new Side({ from: 0, to: 16 }).update(batch)] as const;
      }),
    );
    const elsewhere = decodeParts(encodeParts(storages), values);
    const none = new Map([...storages.keys()].map((account) => [account, null]));
    const roots = rootsOfParts(none, elsewhere, keys);
    expect([...roots.keys()]).to.deep.equal([0, 1000, 2000]);
    expect(roots.get(0)).to.equal(null);
    expect(roots.get(1000)).not.to.deep.equal(roots.get(2000));
  });
});
