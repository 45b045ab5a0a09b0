/** Which low addresses are precompiled contracts in which hardfork. */
import type { Address } from "../state/hex";
import { isAtLeast } from "./hardforks";

/** Highest of the consecutive ones from 1 on, newest hardfork first (EIP-2537, 4844, 152, 196). */
const LAST = [
  ["prague", 0x11n],
  ["cancun", 0x0an],
  ["istanbul", 0x09n],
  ["byzantium", 0x08n],
  ["chainstart", 0x04n],
] as const;

/** EIP-7951 */
const P256_VERIFY = 0x100n;

/** All of them, in order. */
export function precompiles(hardfork: string): readonly Address[] {
  const last = LAST.find(([from]) => isAtLeast(hardfork, from))?.[1] ?? 0n;
  const places = Array.from({ length: Number(last) }, (_, index) => BigInt(index + 1));
  return (isAtLeast(hardfork, "osaka") ? [...places, P256_VERIFY] : places).map(
    (place): Address => `0x${place.toString(16).padStart(40, "0")}`,
  );
}

export function isPrecompile(address: bigint, hardfork: string): boolean {
  const last = LAST.find(([from]) => isAtLeast(hardfork, from))?.[1] ?? 0n;
  return (
    (address >= 1n && address <= last) || (address === P256_VERIFY && isAtLeast(hardfork, "osaka"))
  );
}
