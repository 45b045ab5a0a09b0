/** SHA-256, RIPEMD-160 and the identity (yellow paper, appendix E.1). */
import { createHash } from "node:crypto";
import type * as Legacy from "@noble/hashes/legacy.js" with { "resolution-mode": "import" };
import { type Precompile, priced } from "./precompile";

/** Loaded by `require`, see crypto/keccak256-noble.ts. */
let ripemd160: typeof Legacy.ripemd160 | null = null;

const perWord =
  (base: number, word: number) =>
  ({ length }: Uint8Array): number =>
    base + word * Math.ceil(length / 32);

export const sha256: Precompile = priced(perWord(60, 12), (input) =>
  createHash("sha256").update(input).digest(),
);

/** 20 bytes, as a word. OpenSSL has it in its legacy provider only, which not every Node.js loads. */
export const ripemd: Precompile = priced(perWord(600, 120), (input) => {
  ripemd160 ??= (require("@noble/hashes/legacy.js") as typeof Legacy).ripemd160;
  const output = new Uint8Array(32);
  output.set(ripemd160(input), 12);
  return output;
});

export const identity: Precompile = priced(perWord(15, 3), (input) => input.slice());
