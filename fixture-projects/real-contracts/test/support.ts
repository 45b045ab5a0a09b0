/** What several suites need: permit signatures, Merkle trees, errors looked at whole. */
import {
  type BigNumberish,
  concat,
  type HDNodeWallet,
  keccak256,
  type TypedDataDomain,
} from "ethers";
import { ethers, network } from "hardhat";

export const MAX = 2n ** 256n - 1n;
export const ZERO = "0x0000000000000000000000000000000000000000";

/** The n-th of stock's default accounts, with its key. */
export function wallet(index: number): HDNodeWallet {
  const phrase = "test test test test test test test test test test test junk";
  return ethers.HDNodeWallet.fromPhrase(phrase, undefined, `m/44'/60'/0'/0/${index}`).connect(
    ethers.provider,
  );
}

export interface Permit {
  readonly owner: string;
  readonly spender: string;
  readonly value: BigNumberish;
  readonly nonce: BigNumberish;
  readonly deadline: BigNumberish;
}

export const PERMIT = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

export async function domainOf(contract: string, name: string): Promise<TypedDataDomain> {
  return { name, version: "1", chainId: 31337, verifyingContract: contract };
}

export async function signPermit(
  signer: HDNodeWallet,
  domain: TypedDataDomain,
  permit: Permit,
): Promise<{ v: number; r: string; s: string }> {
  return ethers.Signature.from(await signer.signTypedData(domain, PERMIT, permit));
}

/** A Merkle tree of sorted pairs, as OpenZeppelin's MerkleProof wants it. */
export function merkleTree(leaves: readonly string[]): {
  readonly root: string;
  proof(index: number): string[];
} {
  const layers: string[][] = [[...leaves]];
  for (let layer = layers[0] ?? []; layer.length > 1; layer = layers.at(-1) ?? []) {
    const next: string[] = [];
    for (let i = 0; i < layer.length; i += 2) {
      next.push(hashPair(layer[i] ?? "", layer[i + 1]));
    }
    layers.push(next);
  }
  return {
    root: layers.at(-1)?.[0] ?? "",
    proof(index) {
      const proof: string[] = [];
      let at = index;
      for (const layer of layers) {
        const sibling = layer[at ^ 1];
        if (sibling !== undefined && layer.length > 1) {
          proof.push(sibling);
        }
        at >>= 1;
      }
      return proof;
    },
  };
}

export function hashPair(left: string, right: string | undefined): string {
  if (right === undefined) {
    return left;
  }
  return keccak256(concat(left < right ? [left, right] : [right, left]));
}

export interface Failure {
  readonly message: string;
  readonly data: unknown;
  /** the Solidity part of the stack trace, innermost first */
  readonly frames: readonly string[];
}

/** The error that `promise` ends with, as a user sees it. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof Error)) {
      throw error;
    }
    const { data } = error as { data?: unknown }; // Hardhat's errors may have it
    const frames = (error.stack ?? "")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line.startsWith("at ") && (line.includes(".sol:") || line.includes("<")))
      .filter((line) => !line.includes("<anonymous>"));
    return { message: error.message, data, frames };
  }
  throw new Error("it did not fail");
}

export function request(method: string, ...params: unknown[]): Promise<unknown> {
  return network.provider.request({ method, params });
}
