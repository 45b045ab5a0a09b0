/**
 * Merkle proofs (EIP-1186): the encoded nodes on the way to a key, root first. Where the key is
 * absent, they show where the way ends (exclusion). Nodes shorter than 32 bytes are part of their
 * parent and not listed.
 */
import { bytesToHex } from "../bytes";
import type { Hex } from "../hex";
import type { ByteString } from "./byte-string";
import { commonNibbles, nibbleAt, type TrieNode } from "./node";
import { encodeNode, isHashReference, referenceOf } from "./node-encoding";

export function proveKey(root: TrieNode | null, key: ByteString): Hex[] {
  const proof: Hex[] = [];
  let depth = 0;
  for (let node = root; node !== null; ) {
    if (node === root || isHashReference(referenceOf(node))) {
      proof.push(bytesToHex(encodeNode(node)));
    }
    if (node.kind === "branch") {
      node = node.children[nibbleAt(key, depth)] ?? null;
      depth += 1;
    } else if (node.kind === "extension" && commonNibbles(node.key, key, depth) >= node.length) {
      depth += node.length;
      node = node.child;
    } else {
      break;
    }
  }
  return proof;
}
