/**
 * Slots whose place a standard fixes by the hash of a name, so that they are the same in every
 * contract: proxies keep there what must not collide with the variables of their implementation.
 */
import { keccak256 } from "../../crypto/keccak256";

function hashOf(text: string): bigint {
  return BigInt(`0x${Buffer.from(keccak256(Buffer.from(text))).toString("hex")}`);
}

/** EIP-1967: one below the hash, so that no preimage of the slot is known. */
function eip1967(name: string): bigint {
  return hashOf(`eip1967.proxy.${name}`) - 1n;
}

const SLOTS: ReadonlyMap<bigint, string> = new Map([
  [eip1967("implementation"), "implementation (EIP-1967)"],
  [eip1967("beacon"), "beacon (EIP-1967)"],
  [eip1967("admin"), "admin (EIP-1967)"],
  [eip1967("rollback"), "rollback (EIP-1967)"],
  [hashOf("PROXIABLE"), "implementation (EIP-1822)"],
]);

/** The name of a slot that a standard fixes, if it is one. */
export function wellKnownSlot(slot: bigint): string | undefined {
  return SLOTS.get(slot);
}
