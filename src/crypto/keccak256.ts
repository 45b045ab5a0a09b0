/**
 * keccak256, synchronous and the same on every thread.
 *
 * Owns: the choice of implementation. Does not own: what is hashed, caches of hashes.
 *
 * WebAssembly can be instantiated only asynchronously through hash-wasm, and callers need an answer
 * from the first call on: @noble/hashes answers until the WASM instance is there (1 to 5 ms after
 * import), hash-wasm after that. On Node 20 WASM is 7 to 10 times faster for every input from 32 to
 * 1024 bytes, copies included, so there is no size below which noble is used again.
 */
import { createKeccak, type IHasher } from "hash-wasm";
import { nobleKeccak256 } from "./keccak256-noble";

export type Keccak256Backend = "hash-wasm" | "noble";

let hasher: IHasher | null = null;

const ready: Promise<void> = createKeccak(256).then((instance) => {
  hasher = instance;
});
// Where WebAssembly is missing, hashing stays on noble: correct, only slower, and visible in
// `keccak256Backend`. `initialiseCrypto` still rejects; this handler only keeps a rejection that
// nobody awaits from ending the process.
ready.catch(() => undefined);

/**
 * Resolves once the fast implementation is in use; awaiting it is optional.
 * Rejects if WebAssembly is not available (hashing works all the same).
 */
export function initialiseCrypto(): Promise<void> {
  return ready;
}

/** The implementation that the next call uses. */
export function keccak256Backend(): Keccak256Backend {
  return hasher === null ? "noble" : "hash-wasm";
}

/** keccak256 of `data` (a view on a SharedArrayBuffer is fine) as 32 fresh bytes. */
export function keccak256(data: Uint8Array): Uint8Array {
  return hasher === null ? nobleKeccak256(data) : hasher.init().update(data).digest("binary");
}

/** keccak256 of `data` as lower-case hex with 0x. */
export function keccak256Hex(data: Uint8Array): `0x${string}` {
  const hash = keccak256(data);
  return `0x${Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString("hex")}`;
}
