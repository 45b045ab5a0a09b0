/** The words of assertions that fail. Owns: words. Does not own: what is asserted. */
import type { NamedConflict, NamedPlace } from "../analysis/named-conflicts";
import type { MatrixCause } from "../analysis/pair-cause";
import { plainText } from "../report/renderers/plain-text";
import { contractName, withShortAddresses } from "../report/renderers/words";

/** Conflicts listed in one message. */
const MAX_LISTED = 8;

const CAUSES: Readonly<Record<MatrixCause, string>> = {
  STRUCTURAL: "every call uses it",
  KEYED: "both use the same key",
  SENDER: "both come from one sender",
  FALSE_SHARING: "they use different members of one packed slot",
  GUARD: "a lock: every write puts the old value back",
  READ_HOT: "one of the two only reads it",
  INFRA: "only the fee changed it",
};

/** `Pool.reserve0`, `Token.balances[0x7099…79C8]`, `Pool (ether balance)` */
export function placeName({ contract, label }: NamedPlace): string {
  const separator = label.startsWith("(") || label.startsWith("slot ") ? " " : ".";
  return withShortAddresses(`${contractName(contract)}${separator}${plainText(label)}`);
}

/** `contracts/Pool.sol:Pool.swap(uint256)` is `Pool.swap` */
export function functionWords(name: string | null): string {
  return name === null ? "a plain transfer" : contractName(name.split("(")[0] ?? name);
}

function users(names: readonly string[]): string {
  return names.length === 0 ? "the transaction itself" : names.map(functionWords).join(" and ");
}

/** `0xd4a5…4051 (Pool.swap)` */
export function transactionWords(hash: string, called: string | null): string {
  return `${hash.slice(0, 6)}…${hash.slice(-4)} (${functionWords(called)})`;
}

/**
 * One line a conflict: place, who writes, who reads, why. Equal lines are counted, the most frequent first.
 */
export function conflictLines(conflicts: readonly NamedConflict[]): string {
  const counts = new Map<string, number>();
  for (const conflict of conflicts) {
    const line =
      `${placeName(conflict)}: written by ${users(conflict.writtenBy)}, then read by ` +
      `${users(conflict.readBy)} (${CAUSES[conflict.cause]})`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const lines = [...counts]
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .map(([line, times]) => `  ${line}${times > 1 ? `, ${times} times` : ""}`);
  const rest = lines.length - MAX_LISTED;
  return [...lines.slice(0, MAX_LISTED), ...(rest > 0 ? [`  and ${rest} more`] : [])].join("\n");
}
