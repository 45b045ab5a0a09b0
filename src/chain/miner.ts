/**
 * Moves the chain forward: builds blocks from the pool and makes them part of the history.
 *
 * Owns: when and from what blocks are built, what a commit changes. Does not own: block contents
 * (block-builder.ts), locking (local-chain.ts): callers hold the lock.
 */
import type { BlockRecord } from "../access-log/block-record";
import { invariant } from "../errors/base-error";
import type { TransactionOutcome } from "../execution/outcome";
import type { Address } from "../state/hex";
import type { ReadSet } from "../state/read-set";
import { makeBlockRecord } from "./access-record";
import { buildBlock, type Executors, type NextBlock } from "./block-builder";
import type { BlockTime } from "./block-clock";
import { pendingBaseFee } from "./block-environment";
import type { ChainTransaction, MinedBlock, MinedTransaction, Receipt } from "./chain";
import type { ChainState } from "./chain-state";
import type { Foresight } from "./prefetch/foresight";
import { orderTransactions } from "./transaction-order";

/** Fewer blocks than these are really mined by hardhat_mine, as in stock. */
const MIN_RESERVABLE_BLOCKS = 6n;

export interface MiningListener {
  newBlock(mined: MinedBlock): void;
  /** Makes the record only if called. */
  blockRecord(record: () => BlockRecord): void;
}

export class Miner {
  readonly #state: ChainState;
  readonly #executors: Executors;
  readonly #listener: MiningListener;

  constructor(state: ChainState, executors: Executors, listener: MiningListener) {
    this.#state = state;
    this.#executors = executors;
    this.#listener = listener;
  }

  /** Null where nothing can be missing, or nothing is asked for ahead. */
  get foresight(): Foresight | null {
    return this.#executors.foresight;
  }

  /** Of a transaction that is going to be submitted: if it is mined at once, fetches what it will miss. */
  foresee({ input }: ChainTransaction, automine: boolean): void {
    if (automine) {
      this.foresight?.foresee(this.#state.store, [input]);
    }
  }

  /** Of a transaction that waits in the pool: see BlockExecutor. */
  prepare({ input, raw }: ChainTransaction): void {
    this.#executors.executor.prepare(input, raw);
  }

  /**
   * Mines one block from the pool. `timestamp` in seconds. Throws ChainError
   * TimestampLowerThanPrevious or InvalidTransaction; then nothing has changed.
   */
  async mine(timestamp?: bigint): Promise<MinedBlock> {
    return this.#mine(this.#poolInOrder(), timestamp);
  }

  /** Mines a block with at most this transaction, which is not in the pool. Throws as `mine`. */
  async mineOnly(transaction: ChainTransaction): Promise<MinedBlock> {
    return this.#mine([transaction]);
  }

  /**
   * hardhat_mine: `count` blocks, `interval` seconds apart but for the first. A long run of empty
   * blocks is reserved, not mined. Returns the mined ones.
   */
  async mineMany(count: bigint, interval: bigint): Promise<MinedBlock[]> {
    const mined: MinedBlock[] = [];
    if (count === 0n) {
      return mined;
    }
    const { history } = this.#state;
    const remaining = () => count - BigInt(mined.length);
    const mineAfterInterval = async () => {
      mined.push(await this.mine(history.latest.header.timestamp + interval));
    };
    mined.push(await this.mine());
    while (remaining() > 0n && this.#state.pool.hasPending) {
      await mineAfterInterval();
    }
    // one more really mined block, so that the reservation lies between two empty ones
    if (remaining() > 0n) {
      await mineAfterInterval();
    }
    if (remaining() >= MIN_RESERVABLE_BLOCKS) {
      history.reserve(remaining() - 1n, interval);
      await mineAfterInterval();
      return mined;
    }
    while (remaining() > 0n) {
      await mineAfterInterval();
    }
    return mined;
  }

  /** Builds the block that would be mined now, hands it over, and undoes it. */
  async withPending<T>(use: (next: NextBlock) => T | Promise<T>): Promise<T> {
    const { clock, history, store } = this.#state;
    const { timestamp } = clock.next(history.latest.header.timestamp);
    const { executor, foresight } = this.#executors;
    const executors: Executors = { executor, foresight, trace: false };
    const next = await buildBlock(this.#state, executors, timestamp, this.#poolInOrder());
    try {
      return await use(next);
    } finally {
      store.revertTo(next.preMark);
    }
  }

  async #mine(transactions: readonly ChainTransaction[], timestamp?: bigint): Promise<MinedBlock> {
    const { clock, history } = this.#state;
    const time = clock.next(history.latest.header.timestamp, timestamp);
    const next = await buildBlock(this.#state, this.#executors, time.timestamp, transactions);
    this.#commit(next, time);
    const mined = minedBlock(next);
    const { hardfork } = this.#state.config;
    const { segment } = this.#state;
    this.#listener.blockRecord(() =>
      makeBlockRecord({
        header: next.block.header,
        hardfork,
        segment,
        executed: next.executed,
        rootCheck: next.rootCheck,
      }),
    );
    this.#listener.newBlock(mined);
    return mined;
  }

  #commit(next: NextBlock, time: BlockTime): void {
    const state = this.#state;
    state.history.append({
      block: next.block,
      preMark: next.preMark,
      transactionMarks: next.executed.transactions.map(({ mark }) => mark),
    });
    const senders = new Set(
      next.executed.transactions.map(({ transaction }) => transaction.input.from),
    );
    // To list the accounts that changed takes time, and most blocks take all that is in the pool.
    const changed = state.pool.hasOnly(senders) ? senders : changedAccounts(next);
    state.pool.update(changed, state.store);
    state.clock.commit(time);
    state.nextBaseFeePerGas = null;
    state.prevRandaos.take();
    state.parentBeaconBlockRoots.take();
  }

  #poolInOrder(): ChainTransaction[] {
    const { pool, config } = this.#state;
    return orderTransactions(
      pool.pendingQueues(),
      config.mempoolOrder,
      pendingBaseFee(this.#state),
      Number.POSITIVE_INFINITY,
    );
  }
}

/** The block as events and callers get it. */
export function minedBlock({ block, executed }: NextBlock): MinedBlock {
  return {
    block,
    transactions: executed.transactions.map(({ transaction, outcome }, i) => {
      const receipt = block.receipts[i];
      invariant(receipt !== undefined, "a block has a receipt per transaction");
      return new ExecutedInBlock(transaction, receipt, outcome);
    }),
  };
}

/** A class, because a literal with a getter takes ten times its memory, and blocks have many of these. */
class ExecutedInBlock implements MinedTransaction {
  readonly transaction: ChainTransaction;
  readonly receipt: Receipt;
  readonly #outcome: TransactionOutcome;

  constructor(transaction: ChainTransaction, receipt: Receipt, outcome: TransactionOutcome) {
    this.transaction = transaction;
    this.receipt = receipt;
    this.#outcome = outcome;
  }

  /** Seldom asked for: see final-outcome.ts. */
  get reads(): ReadSet {
    return this.#outcome.reads;
  }

  get consoleLogs(): readonly Uint8Array[] {
    return this.#outcome.consoleLogs ?? [];
  }
}

/** Accounts whose balance or nonce may have changed: their pooled transactions are checked again. */
function changedAccounts({ block, executed }: NextBlock): Set<Address> {
  const changed = new Set<Address>([block.header.miner]);
  for (const { outcome } of executed.transactions) {
    for (const { kind, address } of outcome.writes.writes) {
      if (kind !== "storage" && kind !== "code") {
        changed.add(address);
      }
    }
  }
  return changed;
}
