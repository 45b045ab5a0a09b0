/** Delegation of an account's code to another account (EIP-7702). */
import { bytesToHex, hexToBytes } from "../state/bytes";
import type { Address } from "../state/hex";

const PREFIX = [0xef, 0x01, 0x00] as const;
/** bytes: prefix and address */
const DESIGNATOR_LENGTH = 23;

/** Is this code a delegation designator, 0xef0100 and an address? */
export function isDelegation(code: Uint8Array): boolean {
  return (
    code.length === DESIGNATOR_LENGTH && PREFIX.every((byte, position) => code[position] === byte)
  );
}

/** The account that the code delegates to, if it is a designator. */
export function delegationTarget(code: Uint8Array): Address | null {
  return isDelegation(code) ? bytesToHex(code.subarray(PREFIX.length)) : null;
}

/** The code of an account that delegates to `target`. */
export function delegationTo(target: Address): Uint8Array {
  const designator = new Uint8Array(DESIGNATOR_LENGTH);
  designator.set(PREFIX);
  designator.set(hexToBytes(target), PREFIX.length);
  return designator;
}
