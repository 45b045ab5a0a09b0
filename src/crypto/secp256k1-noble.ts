/**
 * secp256k1 in plain JavaScript (@noble/curves), for platforms without the native addon and WebAssembly.
 * Why `require`: see keccak256-noble.ts.
 */
import type * as Curves from "@noble/curves/secp256k1.js" with { "resolution-mode": "import" };
import type { Secp256k1Backend } from "./secp256k1-backend";

export function loadNobleBackend(): Secp256k1Backend {
  // The cast names what `require` of exactly this module returns; require itself is untyped.
  const { secp256k1 } = require("@noble/curves/secp256k1.js") as typeof Curves;
  return {
    name: "noble",
    recover: (hash, signature, yParity) =>
      secp256k1.Signature.fromBytes(signature, "compact")
        .addRecoveryBit(yParity)
        .recoverPublicKey(hash)
        .toBytes(false),
    sign: (hash, privateKey) => {
      // format "recovered": one byte of recovery id, then r and s
      const signed = secp256k1.sign(hash, privateKey, { prehash: false, format: "recovered" });
      return { signature: signed.subarray(1), recoveryId: signed[0] ?? 0 };
    },
    publicKey: (privateKey) => secp256k1.getPublicKey(privateKey, false),
  };
}
