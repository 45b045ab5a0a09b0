/** A Merkle tree as OpenZeppelin's MerkleProof checks it: leaves hashed twice, pairs in order. */
import { AbiCoder, concat, keccak256 } from "ethers";

export function leafOf(types: readonly string[], values: readonly unknown[]): string {
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
}

function pair(a: string, b: string): string {
  return keccak256(concat(BigInt(a) < BigInt(b) ? [a, b] : [b, a]));
}

/** The number of leaves is a power of two. */
export function merkleTree(leaves: readonly string[]) {
  const levels: string[][] = [[...leaves]];
  for (let level = levels[0]; level.length > 1; level = levels[levels.length - 1]) {
    levels.push(
      Array.from({ length: level.length / 2 }, (_, i) => pair(level[2 * i], level[2 * i + 1])),
    );
  }
  return {
    root: levels[levels.length - 1][0],
    /** Hashes beside the way from leaf i to the root. */
    proof: (i: number): string[] =>
      levels.slice(0, -1).map((level, depth) => level[(i >> depth) ^ 1]),
  };
}
