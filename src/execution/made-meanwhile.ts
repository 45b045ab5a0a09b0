/**
 * What another thread makes while the calling one executes a block alone: the root of its transactions, and
 * its receipts.
 *
 * Owns: what becomes of its answer. Does not own: making them (transactions-root.ts, receipt-feed.ts),
 * whether a thread is asked (alone-execution.ts).
 */
import type { BlockReceipts } from "./published-receipts";
import { type ReceiptFeed, receiptsUnlessTaken } from "./receipt-feed";
import { rootUnlessTaken } from "./transactions-root";

/** Structured-clonable. */
export interface MeanwhileWork {
  /** see `rootUnlessTaken` */
  readonly encoded: SharedArrayBuffer;
  /** see `receiptsUnlessTaken` */
  readonly receipts: SharedArrayBuffer;
}

/** Null where the calling thread makes it. */
export interface MadeInThread {
  readonly transactionsRoot: Uint8Array | null;
  readonly receipts: BlockReceipts | null;
}

/** In the thread that was asked: blocks it until the block has been executed. */
export function makeMeanwhile({ encoded, receipts }: MeanwhileWork): MadeInThread {
  return {
    transactionsRoot: rootUnlessTaken(encoded),
    receipts: receiptsUnlessTaken(receipts),
  };
}

/** Who can be asked (BlockJoiner). */
interface IdleThreads {
  makeMeanwhile(work: MeanwhileWork): Promise<MadeInThread>;
  collect(): void;
}

const NOTHING: MadeInThread = { transactionsRoot: null, receipts: null };

/** The calling thread's side, for one block. */
export class MadeMeanwhile {
  readonly #list: SharedArrayBuffer;
  readonly #threads: IdleThreads;
  readonly #made: Promise<MadeInThread>;
  /** to be told of the block's transactions, and how it ends */
  readonly feed: ReceiptFeed;

  /** @param list of the block's transactions: see `rootUnlessTaken` */
  constructor(list: SharedArrayBuffer, feed: ReceiptFeed, threads: IdleThreads) {
    this.#list = list;
    this.feed = feed;
    this.#threads = threads;
    const receipts = feed.begin();
    this.#made = threads.makeMeanwhile({ encoded: list, receipts }).then(
      (made) => {
        feed.answered(receipts);
        return made;
      },
      // A thread that fails is noticed before the next block (BlockJoiner.prepare).
      () => NOTHING,
    );
  }

  /** Null if the thread failed that was to make it. */
  async transactionsRoot(): Promise<Uint8Array | null> {
    return rootUnlessTaken(this.#list) ?? (await this.#made).transactionsRoot;
  }

  /** Null if no other thread makes them. */
  async receipts(): Promise<BlockReceipts | null> {
    if (this.feed.takeBack()) {
      return null;
    }
    this.#threads.collect();
    return (await this.#made).receipts;
  }
}
