/**
 * Merkle proofs (EIP-1186): the encoded nodes on the way to a key, root first. Where the key is
 * absent, they show where the way ends (exclusion). Nodes shorter than 32 bytes are part of their
 * parent and not listed.
 */
import { bytesToHex } from "../bytes";
import type { Hex } from "../hex";
import { sharesPath, type TrieNode } from "./node";
import { encodedNode } from "./node-encoding";
import { hasHashReference } from "./node-reference";
import { nibble } from "./rlp";

/** Of a trie whose nodes all have references; `key`: 32 bytes. */
export function proveKey(root: TrieNode | null, keys: Uint8Array, key: Uint8Array): Hex[] {
  const proof: Hex[] = [];
  let depth = 0;
  for (let node = root; node !== null; ) {
    if (node === root || hasHashReference(node)) {
      proof.push(bytesToHex(encodedNode(node, keys)));
    }
    if (node.kind === "branch") {
      node = node.children[nibble(key, depth)] ?? null;
      depth += 1;
    } else if (node.kind === "extension" && sharesPath(keys, node.row, key, depth, node.length)) {
      depth += node.length;
      node = node.child;
    } else {
      break;
    }
  }
  return proof;
}
