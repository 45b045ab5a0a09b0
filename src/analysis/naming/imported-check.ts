/**
 * Does the recording bear out a layout that the user gave? A layout of another version or another
 * contract would give wrong names, so one contradiction and none of its names is used.
 *
 * Owns: what counts as a contradiction. Does not own: layouts, the search.
 */
import type { Address } from "../../state/hex";
import type { NamingEvidence } from "./naming-evidence";
import type { LayoutSource } from "./slot-resolver";

/** Slots below are places of variables, not hashes. */
const FIRST_HASH = 1n << 64n;

/**
 * The first contradiction in words, null if there is none. `complete`: the layout claims to list all
 * storage.
 */
export function contradiction(
  source: LayoutSource,
  complete: boolean,
  accounts: readonly Address[],
  evidence: NamingEvidence,
): string | null {
  for (const account of accounts) {
    for (const slot of evidence.touched(account)) {
      const members = source.members(slot);
      const where = `slot 0x${slot.toString(16)} of ${account}`;
      const [member] = members;
      if (members.length === 1 && member?.node.kind === "mapping") {
        return `${where} was accessed, which the layout gives to the mapping ${member.path.label}`;
      }
      if (complete && member === undefined) {
        if (slot < FIRST_HASH) {
          return `${where} was accessed, where the layout has nothing`;
        }
        const [root] = evidence.preimages.below(slot);
        if (root?.preimage.length === 64 && !isOfMapping(source, root.preimage)) {
          return `${where} was accessed, which is hashed from no mapping of the layout`;
        }
      }
    }
  }
  return null;
}

/** Is one of the two words the slot of a mapping? Its entry may have no name for other reasons. */
function isOfMapping(source: LayoutSource, preimage: Uint8Array): boolean {
  return [preimage.subarray(0, 32), preimage.subarray(32)].some((word) => {
    const members = source.members(BigInt(`0x${Buffer.from(word).toString("hex")}`));
    return members.some(({ node }) => node.kind === "mapping");
  });
}
