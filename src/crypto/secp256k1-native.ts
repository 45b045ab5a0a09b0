/**
 * secp256k1 through the native addon of the `secp256k1` package (libsecp256k1): about 30 times
 * faster than JavaScript at recovery.
 *
 * The addon is asked for directly: the package's own entry would fall back to a JavaScript library
 * without saying so, and secp256k1-noble.ts is our fallback.
 */
import type * as Secp256k1 from "secp256k1";
import type { Secp256k1Backend } from "./secp256k1-backend";

/** The native backend, or null where no binary for this platform is installed. */
export function loadNativeBackend(): Secp256k1Backend | null {
  const native = loadAddon();
  if (native === null) {
    return null;
  }
  // Short arrays get memory outside V8's heap when an addon sees them, each its own: these have it already.
  const message = new Uint8Array(new ArrayBuffer(32));
  const recovered = new Uint8Array(new ArrayBuffer(65));
  return {
    name: "native",
    recover: (hash, signature, yParity) => {
      message.set(hash);
      return native.ecdsaRecover(signature, yParity, message, false, recovered);
    },
    sign: (hash, privateKey) => {
      const { signature, recid } = native.ecdsaSign(hash, privateKey);
      return { signature, recoveryId: recid };
    },
    publicKey: (privateKey) => native.publicKeyCreate(privateKey, false),
  };
}

function loadAddon(): typeof Secp256k1 | null {
  try {
    // The cast names what this file of the package exports: the same functions as its main entry.
    return require("secp256k1/bindings") as typeof Secp256k1;
  } catch {
    // No prebuilt binary for this platform, or addons are forbidden (`node --no-addons`): the
    // choice that follows is visible in `secp256k1BackendName`.
    return null;
  }
}
