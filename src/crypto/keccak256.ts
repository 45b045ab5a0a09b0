/**
 * keccak256, synchronous and the same on every thread.
 *
 * Owns: hashing one message. Does not own: what is hashed, caches of hashes, many messages at once
 * and which implementation runs (hash-memory.ts).
 */
import { hashMemory, type Keccak256Backend, SINGLE_START } from "./hash-memory";
import { hexText } from "./hex-text";

/** The implementation in use. */
export function keccak256Backend(): Keccak256Backend {
  return hashMemory().backend;
}

/** keccak256 of `data` (a view on a SharedArrayBuffer is fine) as 32 fresh bytes. */
export function keccak256(data: Uint8Array): Uint8Array {
  const memory = hashMemory();
  memory.hashCopy(data);
  return memory.bytes.slice(SINGLE_START, SINGLE_START + 32);
}

/** keccak256 of `data` as lower-case hex with 0x. */
export function keccak256Hex(data: Uint8Array): `0x${string}` {
  const memory = hashMemory();
  memory.hashCopy(data);
  return hexText(memory.bytes, SINGLE_START, SINGLE_START + 32);
}
