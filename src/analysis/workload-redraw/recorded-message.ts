/**
 * A recorded call as a message that can be sent again, and the path that it took.
 */
import type {
  BlockRecord,
  TransactionRecord,
  TransactionTrace,
} from "../../access-log/block-record";
import type { ReplayedMessage } from "./call-replayer";

/**
 * Null if the log does not have all of it: deployments, calldata that was cut, and types 3 and 4,
 * which carry blobs and authorizations.
 */
export function messageOf(
  { from, to, value, type, trace }: TransactionRecord,
  block: BlockRecord,
): ReplayedMessage | null {
  const [frame] = trace.frames;
  const isWhole = frame !== undefined && frame.input.length === 2 + 2 * frame.inputLength;
  return isWhole && to !== null && type <= 2 ? { block, from, to, value, data: frame.input } : null;
}

/** Where in the code storage was touched, as text. */
export function pathOf({ frames, accesses }: TransactionTrace): string {
  const places = accesses
    .filter(({ location }) => location.kind === "storage")
    .map(({ frame, readPc, writePc }) => `${frames[frame]?.codeHash}:${readPc}:${writePc}`);
  return [...new Set(places)].sort().join();
}
