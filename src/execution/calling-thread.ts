/**
 * The calling thread's own part in a block.
 *
 * Owns: how it differs from a worker thread's: transactions and results need no encoding, and it must
 * not sleep for long, because that a worker thread died, or hangs, it learns from its event loop.
 */
import { invariant } from "../errors/base-error";
import type { StateKey } from "../state/missing";
import type { StateReader } from "../state/state-reader";
import type { BlockInput } from "./block-executor";
import type { BlockReport } from "./block-joiner";
import type { Engine } from "./engine/engine";
import { turnOfEventLoop } from "./event-loop";
import { type OwnResult, ownResults, withoutSets } from "./held-results";
import { failure, keepsSets, type Participated, takePart } from "./join-block";
import type { BlockReceipts } from "./published-receipts";
import type { Settlement } from "./settlement";
import type { SharedBlock } from "./shared-block";
import type { TransactionInput } from "./transaction";
import { rootUnlessTaken } from "./transactions-root";

/** ms that the thread sleeps between two turns of its event loop */
const BRIEF_MILLISECONDS = 1;

/** What the calling thread says when it has left the block. */
export type OwnPart =
  | {
      readonly ok: true;
      readonly results: readonly OwnResult[];
      readonly missed: readonly StateKey[];
      /** as in a worker thread's report */
      readonly transactionsRoot: Uint8Array | null;
      readonly receipts: BlockReceipts | null;
    }
  | Extract<BlockReport, { readonly ok: false }>;

export interface OwnTask {
  readonly input: BlockInput;
  readonly block: SharedBlock;
  readonly transactions: readonly TransactionInput[];
  readonly preState: StateReader;
  /** see transactions-root.ts */
  readonly encoded: SharedArrayBuffer | null;
  readonly settlement: Settlement;
}

/** Never throws: see `joinBlock`. */
export async function takeOwnPart(engine: Engine, task: OwnTask): Promise<OwnPart> {
  const { block, encoded, settlement } = task;
  try {
    const part = await take(engine, task);
    if (!part.ok) {
      return part;
    }
    // Now the other threads encode what they hold, and what is settled may start others still.
    const { isDone } = block.scheduler;
    if (isDone) {
      settlement.blockDone(block);
    }
    const results = ownResults(block, part.held);
    const receipts = isDone ? block.receipts.madeUnlessTaken(block.gasUses) : null;
    const transactionsRoot = encoded !== null && isDone ? rootUnlessTaken(encoded) : null;
    return { ok: true, results, missed: part.missed, transactionsRoot, receipts };
  } catch (error) {
    return failure(block, error);
  }
}

function take(
  engine: Engine,
  { input, block, transactions, preState }: OwnTask,
): Promise<Participated> {
  const { environment, trace, blockAccessList = false } = input;
  return takePart({
    block,
    transactionAt: (index) => {
      const transaction = transactions[index];
      invariant(transaction !== undefined, () => `no transaction ${index} in the block`);
      return transaction;
    },
    environment,
    trace,
    ...(keepsSets({ trace, blockAccessList }, input.load !== undefined)
      ? {}
      : { hold: (index, outcome) => withoutSets(block, index, outcome) }),
    options: { blockAccessList },
    engine,
    preState,
    idle: (signalCount) =>
      block.scheduler.waitForWork(signalCount, BRIEF_MILLISECONDS) ? undefined : turnOfEventLoop(),
  });
}
