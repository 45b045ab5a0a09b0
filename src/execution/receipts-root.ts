/** The root of a block's receipts (yellow paper, section 4.3): made in any thread that has their bodies. */
import { orderedTrieRoot } from "../state/trie/trie-root";
import type { TransactionOutcome } from "./outcome";
import type { ReceiptBodies } from "./receipt-bodies";
import { completeReceipt } from "./receipt-head";

/** What a receipt says beside its body; cumulative gas follows from the receipts before it. */
export interface ReceiptHead extends Pick<TransactionOutcome, "status" | "gasUsed"> {
  /** of the transaction */
  readonly type: number;
}

const TYPE_MASK = 0xff;
const SUCCESS = 0x100;

/** Type and status in one 32-bit word, for memory that threads share. */
export function kindOf({ type, status }: Pick<ReceiptHead, "type" | "status">): number {
  return type | (status === 1 ? SUCCESS : 0);
}

/** @param kind of `kindOf` */
export function headOfKind(kind: number, gasUsed: bigint): ReceiptHead {
  return { type: kind & TYPE_MASK, status: (kind & SUCCESS) === 0 ? 0 : 1, gasUsed };
}

/**
 * 32 bytes. Completes the receipts in their bodies.
 * @param heads of all receipts of the bodies
 */
export function receiptsRootOf(bodies: ReceiptBodies, heads: readonly ReceiptHead[]): Uint8Array {
  let cumulativeGasUsed = 0n;
  return orderedTrieRoot(
    heads.map(({ type, status, gasUsed }, index) => {
      cumulativeGasUsed += gasUsed;
      return completeReceipt(bodies, index, type, status, cumulativeGasUsed);
    }),
  );
}
