/** Which low addresses are precompiled contracts in which hardfork. */
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

export function isPrecompile(address: bigint, hardfork: string): boolean {
  const last = LAST.find(([from]) => isAtLeast(hardfork, from))?.[1] ?? 0n;
  return (
    (address >= 1n && address <= last) || (address === P256_VERIFY && isAtLeast(hardfork, "osaka"))
  );
}
