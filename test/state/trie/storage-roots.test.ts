import { expect } from "chai";
import fc from "fast-check";
import { FreshNodes } from "../../../src/state/trie/fresh-nodes";
import { rootHashText } from "../../../src/state/trie/node-reference";
import { decodeStorageRoots, encodeStorageRoots } from "../../../src/state/trie/storage-roots";
import { updateTrie } from "../../../src/state/trie/trie-update";
import { propertyParameters } from "../../helpers/properties";

describe("storage roots", () => {
  it("arrive as they were sent, of empty tries and of others", () => {
    const keys = new Uint8Array(16 * 32);
    for (let row = 0; row < 16; row++) {
      keys[row * 32] = row * 16;
    }
    const sizes = fc.uniqueArray(fc.tuple(fc.nat(2 ** 31 - 1), fc.nat(16)), {
      selector: ([row]) => row,
    });
    fc.assert(
      fc.property(sizes, (each) => {
        const storages = new Map(
          each.map(([account, size]) => {
            const fresh = new FreshNodes(keys);
            const changes = [...Array(size).keys()].map((row) => ({
              row,
              content: BigInt(account + 1),
            }));
            const trie = updateTrie(null, changes, fresh);
            fresh.computeReferences();
            return [account, trie] as const;
          }),
        );
        const roots = decodeStorageRoots(structuredClone(encodeStorageRoots(storages)));
        expect([...roots.keys()]).to.deep.equal([...storages.keys()]);
        for (const [account, trie] of storages) {
          expect(rootHashText(roots.get(account) ?? null)).to.equal(rootHashText(trie));
        }
      }),
      propertyParameters({ numRuns: 100 }),
    );
  });
});
