/**
 * eth_call's state overrides as a write set, so that an overlay can carry them.
 */
import { keccak256Hex } from "../crypto/keccak256";
import { hexToBytes } from "../state/bytes";
import type { Hash } from "../state/hex";
import type { StateReader } from "../state/state-reader";
import type { Write, WriteSet } from "../state/write-set";
import type { StateOverrides } from "./chain";

/** `state` gives the account a new storage, `stateDiff` changes single slots of the one it has. */
export function overrideWrites(overrides: StateOverrides, state: StateReader): WriteSet {
  const writes: Write[] = [];
  const codes = new Map<Hash, Uint8Array>();
  for (const [address, { balance, nonce, code, state: storage, stateDiff }] of overrides) {
    if (storage !== undefined) {
      writes.push({ kind: "existence", address, exists: true, clearsStorage: true });
    }
    if (balance !== undefined) {
      writes.push({ kind: "balance", address, delta: balance - state.balance(address) });
    }
    if (nonce !== undefined) {
      writes.push({ kind: "nonce", address, value: nonce });
    }
    if (code !== undefined) {
      const bytes = hexToBytes(code);
      const codeHash = keccak256Hex(bytes);
      codes.set(codeHash, bytes);
      writes.push({ kind: "code", address, codeHash });
    }
    for (const [slot, value] of storage ?? stateDiff ?? []) {
      writes.push({ kind: "storage", address, slot, value });
    }
  }
  return { writes, codes };
}
