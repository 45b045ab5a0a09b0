/**
 * What an implementation of secp256k1 has to give (yellow paper, appendix F), in bytes.
 * Backends: secp256k1-native.ts, secp256k1-wasm.ts, secp256k1-noble.ts.
 */
export interface Secp256k1Backend {
  readonly name: "native" | "wasm" | "noble";
  /**
   * Uncompressed public key (65 bytes, first 0x04) from a 32-byte hash and `r || s` (64 bytes).
   * Takes a high s: the rule against it (EIP-2) is the caller's. Throws if there is no such key.
   * The key may lie in memory that the next call overwrites, and the signature does.
   */
  recover(hash: Uint8Array, signature: Uint8Array, yParity: 0 | 1): Uint8Array;
  /** Deterministic signature (RFC 6979) with low s (EIP-2). Throws for an invalid key. */
  sign(
    hash: Uint8Array,
    privateKey: Uint8Array,
  ): { readonly signature: Uint8Array; readonly recoveryId: number };
  /** Uncompressed public key (65 bytes, first 0x04). Throws for an invalid key. */
  publicKey(privateKey: Uint8Array): Uint8Array;
}
