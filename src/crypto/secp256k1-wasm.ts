/**
 * secp256k1 in WebAssembly (libsecp256k1, package `tiny-secp256k1`), for platforms without the native
 * addon: about six times as fast as JavaScript at recovery.
 * Why `require`: it is loaded only where it is needed.
 */
import type * as TinySecp256k1 from "tiny-secp256k1" with { "resolution-mode": "import" };
import type { Secp256k1Backend } from "./secp256k1-backend";

/** The backend, or null where the runtime has no WebAssembly or refuses the module. */
export function loadWasmBackend(): Secp256k1Backend | null {
  const wasm = loadModule();
  if (wasm === null) {
    return null;
  }
  return {
    name: "wasm",
    recover: (hash, signature, yParity) =>
      found(wasm.recover(hash, signature, yParity, false), "no such key"),
    sign: (hash, privateKey) => wasm.signRecoverable(hash, privateKey),
    publicKey: (privateKey) => found(wasm.pointFromScalar(privateKey, false), "no such point"),
  };
}

function loadModule(): typeof TinySecp256k1 | null {
  try {
    // The cast names what `require` of exactly this package returns; require itself is untyped.
    return require("tiny-secp256k1") as typeof TinySecp256k1;
  } catch {
    // The choice that follows is visible in `secp256k1BackendName`.
    return null;
  }
}

function found(point: Uint8Array | null, otherwise: string): Uint8Array {
  if (point === null) {
    throw new RangeError(otherwise);
  }
  return point;
}
