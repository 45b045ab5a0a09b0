/**
 * Signatures and addresses of accounts, synchronous.
 *
 * Owns: the choice of backend (the native addon where it loads, else WebAssembly, else @noble/curves;
 * all take and give the same values) and the step from public key to address. Does not own: rules on
 * signature values (EIP-2, EIP-155), transactions.
 */
import { bigEndianToBigInt } from "./big-endian";
import { hexText } from "./hex-text";
import { keccak256 } from "./keccak256";
import type { Secp256k1Backend } from "./secp256k1-backend";
import { loadNativeBackend } from "./secp256k1-native";
import { loadNobleBackend } from "./secp256k1-noble";
import { loadWasmBackend } from "./secp256k1-wasm";

export interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
  readonly yParity: 0 | 1;
}

/** No public key belongs to this hash and signature: r or s out of range, or r not on the curve. */
export class InvalidSignatureError extends Error {
  constructor(cause: unknown) {
    super("invalid secp256k1 signature: no public key can be recovered from it", { cause });
    this.name = "InvalidSignatureError";
  }
}

export interface Secp256k1 {
  readonly backendName: Secp256k1Backend["name"];
  /** 64 bytes (x, y) without the 0x04 prefix. Throws InvalidSignatureError. */
  recoverPublicKey(hash: Uint8Array, r: bigint, s: bigint, yParity: 0 | 1): Uint8Array;
  /** Lower-case address of the signer. Throws InvalidSignatureError. */
  recoverAddress(hash: Uint8Array, r: bigint, s: bigint, yParity: 0 | 1): `0x${string}`;
  /** Deterministic low-s signature of a 32-byte hash. Throws for a key outside [1, n - 1]. */
  sign(hash: Uint8Array, privateKey: Uint8Array): EcdsaSignature;
  /** 64 bytes (x, y) without the 0x04 prefix. Throws for a key outside [1, n - 1]. */
  publicKeyOf(privateKey: Uint8Array): Uint8Array;
  /** Lower-case address of a 32-byte private key. Throws for a key outside [1, n - 1]. */
  addressOf(privateKey: Uint8Array): `0x${string}`;
}

/** The functions over one backend; the module's own functions are these over the chosen one. */
export function createSecp256k1(backend: Secp256k1Backend): Secp256k1 {
  const recoverPublicKey: Secp256k1["recoverPublicKey"] = (hash, r, s, yParity) => {
    try {
      return backend.recover(hash, compactSignature(r, s), yParity).slice(1);
    } catch (error) {
      throw new InvalidSignatureError(error);
    }
  };
  const publicKeyOf: Secp256k1["publicKeyOf"] = (privateKey) =>
    backend.publicKey(privateKey).subarray(1);
  return {
    backendName: backend.name,
    recoverPublicKey,
    publicKeyOf,
    recoverAddress: (hash, r, s, yParity) =>
      addressOfPublicKey(recoverPublicKey(hash, r, s, yParity)),
    sign: (hash, privateKey) => {
      const { signature, recoveryId } = backend.sign(hash, privateKey);
      return {
        r: bigEndianToBigInt(signature.subarray(0, 32)),
        s: bigEndianToBigInt(signature.subarray(32, 64)),
        // ids 2 and 3 mean r overflowed the group order: probability 2^-127, not representable
        // in a transaction either
        yParity: recoveryId === 0 ? 0 : 1,
      };
    },
    addressOf: (privateKey) => addressOfPublicKey(publicKeyOf(privateKey)),
  };
}

const chosen = createSecp256k1(loadNativeBackend() ?? loadWasmBackend() ?? loadNobleBackend());

/** Which backend this process uses. */
export const secp256k1BackendName = chosen.backendName;
export const recoverPublicKey = chosen.recoverPublicKey;
export const recoverAddress = chosen.recoverAddress;
export const sign = chosen.sign;
export const publicKeyOf = chosen.publicKeyOf;
export const addressOf = chosen.addressOf;

/** Last 20 bytes of the public key's keccak256 (yellow paper, appendix F). */
function addressOfPublicKey(publicKey: Uint8Array): `0x${string}` {
  return hexText(keccak256(publicKey), 12);
}

const signatureBytes = new Uint8Array(64);
const signatureView = new DataView(signatureBytes.buffer);

/** `r || s`, 32 bytes each, in memory that the next call overwrites. A RangeError for values that do not fit. */
function compactSignature(r: bigint, s: bigint): Uint8Array {
  if (r < 0n || s < 0n || r >> 256n !== 0n || s >> 256n !== 0n) {
    throw new RangeError("r and s must each fit 32 bytes");
  }
  for (let word = 0; word < 4; word++) {
    const shift = BigInt(192 - word * 64);
    signatureView.setBigUint64(word * 8, r >> shift); // a store keeps the low 64 bits
    signatureView.setBigUint64(32 + word * 8, s >> shift);
  }
  return signatureBytes;
}
