/**
 * Transactions written for other threads while they wait for their block, rather than when the block is
 * waited for: as threads get them, and as the root of the block's transactions takes them.
 *
 * Owns: whether that is worth it (the block before asked for it), and how long it is kept: until the next
 * block, whichever it is and wherever it runs. Does not own: the encoding (transaction-codec.ts), the memory
 * (shared-byte-strings.ts).
 */
import type { BlockTask } from "./block-joiner";
import { ByteStringLists } from "./shared-byte-strings";
import type { TransactionInput } from "./transaction";
import { encodeTransaction } from "./transaction-codec";

const NOTHING = { inputs: false, encoded: false };

export class PreparedTransactions {
  readonly #inputs = new ByteStringLists<TransactionInput>(encodeTransaction);
  readonly #encoded = new ByteStringLists<Uint8Array>((encoded) => encoded);
  /** what the block before asked for */
  #before = NOTHING;
  /** what this block has asked for */
  #asked = NOTHING;

  /** A transaction waits for a block. @param encoded as in EIP-2718, the object that `shareForRoot` gets */
  prepare(transaction: TransactionInput, encoded: Uint8Array): void {
    if (this.#before.inputs) {
      this.#inputs.writeAhead(transaction);
    }
    if (this.#before.encoded) {
      this.#encoded.writeAhead(encoded);
    }
  }

  /** The transactions of a block, once. @param encoded see `shareForRoot`; absent = nobody wants the root */
  share(
    transactions: readonly TransactionInput[],
    encoded?: readonly Uint8Array[],
  ): Pick<BlockTask, "transactions" | "encoded"> {
    this.#asked = { ...this.#asked, inputs: true };
    return {
      transactions: this.#inputs.share(transactions),
      encoded: encoded === undefined ? null : this.shareForRoot(encoded),
    };
  }

  /** A list for `rootUnlessTaken`, likewise. @param encoded as in EIP-2718, in block order */
  shareForRoot(encoded: readonly Uint8Array[]): SharedArrayBuffer {
    this.#asked = { ...this.#asked, encoded: true };
    return this.#encoded.share(encoded);
  }

  /** The next block may ask for what this one has asked for. */
  blockEnded(): void {
    this.#before = this.#asked;
    this.#asked = NOTHING;
    this.#inputs.forget();
    this.#encoded.forget();
  }
}
