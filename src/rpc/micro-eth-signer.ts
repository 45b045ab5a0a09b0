/**
 * micro-eth-signer from a CommonJS package: it is published as ES modules only, which every Node that
 * this package supports loads through `require` but TypeScript's `module: node16` rejects. Loaded at
 * first use: most runs sign no typed data and revert with no custom error.
 */

import type * as Signer from "micro-eth-signer" with { "resolution-mode": "import" };
import type * as Abi from "micro-eth-signer/abi.js" with { "resolution-mode": "import" };

// The casts name what Node's `require` of exactly these modules returns; require itself is untyped.
export function loadSigner(): typeof Signer {
  return require("micro-eth-signer") as typeof Signer;
}

export function loadAbi(): typeof Abi {
  return require("micro-eth-signer/abi.js") as typeof Abi;
}
