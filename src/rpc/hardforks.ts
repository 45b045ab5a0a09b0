/**
 * Hardforks as requests are checked against them.
 *
 * Owns: the names in the stock network's messages. Does not own: names and order (chain/hardfork.ts).
 */
import { type HardforkName, hardforkName, isAtLeast as isNamedAtLeast } from "../chain/hardfork";

/** True from that hardfork on. */
export function isAtLeast(hardfork: string, minimum: HardforkName): boolean {
  return isNamedAtLeast(hardforkName(hardfork), minimum);
}

/** Where upper case with underscores is not the whole difference. */
const SHOWN: Partial<Record<HardforkName, string>> = {
  chainstart: "FRONTIER",
  dao: "DAO_FORK",
  tangerineWhistle: "TANGERINE",
};

/** `GRAY_GLACIER` for `grayGlacier`. */
export function shownHardfork(hardfork: string): string {
  const name = hardforkName(hardfork);
  return SHOWN[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
