/**
 * Transactions encoded for other threads while they wait for their block, rather than when the block is
 * waited for.
 *
 * Owns: whether that is worth it, and how long it is kept: until the next block, whichever it is and
 * wherever it runs. Does not own: the encoding (transaction-codec.ts).
 */
import { BytePool } from "../state/byte-pool";
import { shareByteStrings } from "./shared-byte-strings";
import type { TransactionInput } from "./transaction";
import { encodeTransaction } from "./transaction-codec";

export class PreparedTransactions {
  readonly #encodings = new Map<TransactionInput, Uint8Array>();
  #pool = new BytePool();
  #isWorthIt = false;

  /** A transaction waits for a block. */
  prepare(transaction: TransactionInput): void {
    if (this.#isWorthIt) {
      this.#encodings.set(transaction, this.#pool.copy(encodeTransaction(transaction)));
    }
  }

  /** A list for SharedTransactions. */
  share(transactions: readonly TransactionInput[]): SharedArrayBuffer {
    const encoded = transactions.map(
      (transaction) =>
        this.#encodings.get(transaction) ?? this.#pool.copy(encodeTransaction(transaction)),
    );
    return shareByteStrings(encoded, 0);
  }

  /** @param onThreads it ran on other threads: the next one may do so, too */
  blockEnded(onThreads: boolean): void {
    this.#isWorthIt = onThreads;
    if (this.#encodings.size > 0) {
      this.#encodings.clear();
      this.#pool = new BytePool();
    }
  }
}
