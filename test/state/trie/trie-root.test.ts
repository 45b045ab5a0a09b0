/** Roots of lists by index (transactions, receipts, withdrawals) against @ethereumjs/mpt. */
import { MerklePatriciaTrie } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import { bytesToHex } from "../../../src/state/bytes";
import { EMPTY_TRIE_ROOT } from "../../../src/state/hex";
import { trieRoot } from "../../../src/state/trie/trie-root";

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
    });
  }

  it("of no items is the empty root", () => {
    expect(trieRoot([])).to.equal(EMPTY_TRIE_ROOT);
  });

  it("an item longer than 64 KiB is encoded right", async () => {
    const reference = new MerklePatriciaTrie();
    const value = new Uint8Array(70_000).fill(7);
    await reference.put(RLP.encode(0), value);
    expect(trieRoot([[RLP.encode(0), value]])).to.equal(bytesToHex(reference.root()));
  });
});
