/**
 * keccak256 in plain JavaScript (@noble/hashes): what hashes where WebAssembly does not. Loaded with
 * the first message, which most processes never have.
 *
 * @noble 2 is published as ES modules only. Node loads them through `require` from 20.19 on, but
 * TypeScript's `module: node16` rejects the import; the type-only import gives `require` its types.
 */
import type * as Sha3 from "@noble/hashes/sha3.js" with { "resolution-mode": "import" };

let sha3: typeof Sha3 | undefined;

/** keccak256 as 32 fresh bytes. */
export function nobleKeccak256(data: Uint8Array): Uint8Array {
  // The cast names what `require` of exactly this module returns; require itself is untyped.
  sha3 ??= require("@noble/hashes/sha3.js") as typeof Sha3;
  return sha3.keccak_256(data);
}
