/**
 * How the parallel executor gets threads: it is handed this, so that execution/ does not know what a
 * thread is (the implementation is worker/pool.ts).
 */
import type { PlainParallelError } from "../errors/base-error";
import type { StateKey } from "../state/missing";
import type { SharedStateHandle } from "../state/state-store";
import type { SharedBufferName } from "./capacity-exceeded";
import type { MadeInThread, MeanwhileWork } from "./made-meanwhile";
import type { BlockReceipts } from "./published-receipts";
import type { SharedBlockBuffers } from "./shared-block";
import type { BlockEnvironment } from "./transaction";

/** A block as a thread gets it: structured-clonable and small, the bulk is shared. */
export interface BlockTask {
  readonly buffers: SharedBlockBuffers;
  /** see transaction-codec.ts */
  readonly transactions: SharedArrayBuffer;
  /** see transactions-root.ts; null = nobody wants the root */
  readonly encoded: SharedArrayBuffer | null;
  readonly state: SharedStateHandle;
  readonly environment: BlockEnvironment;
  readonly trace: boolean;
  readonly blockAccessList: boolean;
}

/** What one thread says when it has left the block. */
export type BlockReport =
  | {
      readonly ok: true;
      /** what this thread holds (held-results.ts) */
      readonly results: Uint8Array;
      /** what has to be loaded */
      readonly missed: readonly StateKey[];
      /** if this thread made it */
      readonly transactionsRoot: Uint8Array | null;
      /** likewise */
      readonly receipts: BlockReceipts | null;
    }
  | {
      readonly ok: false;
      /** what went wrong, for the fallback's text */
      readonly message: string;
      /** false if it only left because another thread aborted the block */
      readonly cause: boolean;
      /** set if it is an error for the user, which no other way to run the block makes go away */
      readonly error?: PlainParallelError;
      /** set if a shared buffer was too small */
      readonly full?: SharedBufferName;
    };

/** Threads that can take part. */
export interface ThreadReadiness {
  /** threads that would join a block at once */
  readonly ready: number;
  /** What they have done piles up in the event loop, a turn of which is due. */
  readonly isBehind: boolean;
  /** why they will not become ready by themselves */
  readonly problem: string | null;
}

export interface BlockJoiner {
  /** Starts the threads if they do not run, and does not wait for them. */
  prepare(): ThreadReadiness;
  /**
   * Lets `workers` threads take part in the block; each gets one task and leaves when the scheduler
   * says that the block is done or aborted.
   * @throws if a thread died; the others may still be in the block
   */
  join(task: BlockTask, workers: number): Promise<readonly BlockReport[]>;
  /**
   * Lets one thread make what belongs to a block that runs elsewhere; it answers when that has ended.
   * @throws if a thread died
   */
  makeMeanwhile(work: MeanwhileWork): Promise<MadeInThread>;
  /**
   * Waits for the answers of threads for a while, without serving the event loop, which would take its time to
   * deliver them: promises are settled then, or else later as ever. Only after threads were ready.
   */
  collect(): void;
  /** Ends all threads, wherever they are. The next `join` starts new ones. */
  terminate(): Promise<void>;
  /** Ends all threads for good; idempotent. */
  close(): Promise<void>;
}
