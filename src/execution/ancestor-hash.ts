/** What BLOCKHASH finds: the environment's hashes, of which a fork may have to fetch some first. */
import type { Hash } from "../state/hex";
import type { StateView } from "./state-view";
import type { BlockEnvironment } from "./transaction";

/**
 * The caller has checked that the number is in BLOCKHASH's window; undefined = the environment was
 * made without this ancestor. Throws MissingState for an ancestor that is not fetched yet.
 */
export function ancestorHash(
  { blockHashes, lastRemoteAncestor }: BlockEnvironment,
  view: StateView,
  number: bigint,
): Hash | undefined {
  const hash = blockHashes.get(number);
  if (hash === undefined && lastRemoteAncestor !== undefined && number <= lastRemoteAncestor) {
    view.missBlockHash(number);
  }
  return hash;
}
