/**
 * The root of a trie that is built once: transactionsRoot, receiptsRoot, withdrawalsRoot (yellow
 * paper, section 4.3; EIP-4895). Keys are rlp(index), not hashed.
 */
import { invariant } from "../../errors/base-error";
import type { Hash } from "../hex";
import { toByteString } from "./byte-string";
import { rootHash } from "./node-encoding";
import { updateTrie } from "./trie-update";

/** Root of the trie of these entries; keys all different, none a prefix of another, values not empty. */
export function trieRoot(entries: readonly (readonly [Uint8Array, Uint8Array])[]): Hash {
  const puts = entries.map(([key, value]) => {
    invariant(value.length > 0, "a trie holds no empty values");
    return { key: toByteString(key), value: toByteString(value), subtrie: null };
  });
  return rootHash(updateTrie(null, puts));
}
