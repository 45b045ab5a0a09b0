/**
 * Builds the next block on top of the latest one: executes, pays the reward, computes the roots and
 * the header.
 *
 * Owns: block contents. Does not own: the chain's movement (miner.ts); a built block is applied to
 * the store, and whoever asked for it keeps it or reverts the store to its `preMark`.
 */

import type { BlockRecord } from "../access-log/block-record";
import { keccak256Hex } from "../crypto/keccak256";
import { invariant } from "../errors/base-error";
import type { BlockExecutor } from "../execution/block-executor";
import type { ReceiptBodies } from "../execution/receipt-bodies";
import type { BlockEnvironment } from "../execution/transaction";
import { bytesToHex } from "../state/bytes";
import { EMPTY_TRIE_ROOT, type Hash } from "../state/hex";
import type { PendingRoot, StateMark, StateStore } from "../state/state-store";
import { orderedTrieRoot } from "../state/trie/trie-root";
import { loaderFor, nextEnvironment } from "./block-environment";
import { type ExecutedBlock, type ExecutedTransaction, executeOrder } from "./block-execution";
import {
  blockSize,
  EMPTY_REQUESTS_HASH,
  EMPTY_UNCLES_HASH,
  headerNonce,
  sealHeader,
} from "./block-header";
import type { ChainBlock, ChainTransaction, Receipt } from "./chain";
import type { ChainState } from "./chain-state";
import { blockReward, type HardforkName, isAtLeast } from "./hardfork";
import type { Foresight, Sample } from "./prefetch/foresight";
import { neededKeys } from "./prefetch/stated-keys";
import { makeReceipts, receiptsRoot } from "./receipts";
import { verifyBlock } from "./verification";

/** keccak256("seed"): the stock network's */
const FORK_STATE_ROOT: Hash = keccak256Hex(Buffer.from("seed"));

export interface Executors {
  readonly executor: BlockExecutor;
  /** the oracle; absent = blocks are not checked */
  readonly verifier?: BlockExecutor;
  /** record frames and accesses */
  readonly trace: boolean;
  /** of a fork; null = what will be missed is not foreseen */
  readonly foresight: Foresight | null;
}

export interface NextBlock {
  readonly block: ChainBlock;
  readonly preMark: StateMark;
  readonly environment: BlockEnvironment;
  readonly executed: ExecutedBlock;
  readonly rootCheck: BlockRecord["rootCheck"];
}

/**
 * `transactions`: best first; those that do not fit are left out. Throws ChainError
 * InvalidTransaction (see block-execution.ts); after any error the store is as it was.
 */
export async function buildBlock(
  state: ChainState,
  { executor, verifier, trace, foresight }: Executors,
  timestamp: bigint,
  transactions: readonly ChainTransaction[],
): Promise<NextBlock> {
  const { store } = state;
  const environment = nextEnvironment(state, timestamp);
  const preMark = store.mark();
  const inputs = transactions.map(({ input }) => input);
  const loadNeeded = loaderFor(state, store, environment);
  const watch =
    loadNeeded === undefined ? null : (foresight?.watch(store, loadNeeded, inputs) ?? null);
  const load = watch?.load ?? loadNeeded;
  const after = new StateAfter(state);
  try {
    await loadNeeded?.(neededKeys(inputs, environment.coinbase));
    watch?.codesAreHere();
    await watch?.sent();
    const first = await executeOrder(executor, store, {
      environment,
      transactions,
      minGasPrice: state.minGasPrice,
      trace,
      ...(load === undefined ? {} : { load }),
      ...(verifier === undefined && watch === null ? { applied: () => after.begin() } : {}),
    });
    const verification =
      verifier === undefined
        ? null
        : await verifyBlock(verifier, store, preMark, environment, first, trace, load);
    const executed = verification?.executed ?? first;
    await watch?.learn(environment, () => samplesOf(executed, store));
    after.begin();
    const draft = draftBlock(environment, executed.transactions, {
      hardfork: state.hardfork,
      parentTotalDifficulty: state.history.latest.header.totalDifficulty,
      transactionsRoot: executed.transactionsRoot,
      receiptBodies: executed.receiptBodies,
      receiptsRoot: executed.receiptsRoot,
    });
    return {
      block: draft.seal(await after.root()),
      preMark,
      environment,
      executed,
      rootCheck: verification?.rootCheck ?? null,
    };
  } catch (error) {
    await after.end();
    store.revertTo(preMark);
    throw error;
  }
}

/**
 * The state after the block's transactions: the reward, and the root, which is begun early and awaited
 * last: it may come from another thread, and holds on to the state till then.
 */
class StateAfter {
  readonly #state: ChainState;
  #root: PendingRoot | null = null;

  constructor(state: ChainState) {
    this.#state = state;
  }

  /** When all transactions are applied; a second time it does nothing. */
  begin(): void {
    if (this.#root === null) {
      payReward(this.#state, this.#state.store);
      this.#root = stateRootSoon(this.#state);
    }
  }

  async root(): Promise<Hash> {
    invariant(this.#root !== null, "the root of a state that is not there yet");
    return this.#root.wait();
  }

  /** Waits until the state may change again. */
  async end(): Promise<void> {
    await this.#root?.wait();
  }
}

function samplesOf({ transactions }: ExecutedBlock, store: StateStore): Sample[] {
  return transactions.map(({ transaction, outcome, mark }) => ({
    input: transaction.input,
    outcome,
    before: () => store.at(mark),
    lenient: false,
  }));
}

function rootOfTransactions(transactions: readonly ChainTransaction[]): Uint8Array {
  return orderedTrieRoot(transactions.map(({ raw }) => raw));
}

function payReward(state: ChainState, store: StateStore): void {
  const reward = blockReward(state.hardfork);
  if (reward > 0n) {
    store.setBalance(state.coinbase, store.balance(state.coinbase) + reward);
  }
}

/** What a block's header says beside its environment, its transactions and its state root. */
export interface DraftOptions {
  readonly hardfork: HardforkName;
  readonly parentTotalDifficulty: bigint;
  /** if it is known already; 32 bytes */
  readonly transactionsRoot?: Uint8Array | null;
  /** of these outcomes, if they are made already */
  readonly receiptBodies?: ReceiptBodies | null;
  /** of these receipts, likewise; 32 bytes */
  readonly receiptsRoot?: Uint8Array | null;
}

/** A block that lacks nothing but its state root. */
export interface BlockDraft {
  /** @param stateRoot after the block */
  seal(stateRoot: Hash): ChainBlock;
}

/** The block of these transactions, executed in this order. */
export function draftBlock(
  environment: BlockEnvironment,
  executed: readonly Pick<ExecutedTransaction, "transaction" | "outcome">[],
  {
    hardfork,
    parentTotalDifficulty,
    transactionsRoot,
    receiptBodies = null,
    receiptsRoot: made = null,
  }: DraftOptions,
): BlockDraft {
  const transactions = executed.map(({ transaction }) => transaction);
  const { receipts, bodies } = makeReceipts(executed, receiptBodies);
  const hasWithdrawals = isAtLeast(hardfork, "shanghai");
  const { baseFeePerGas, excessBlobGas, parentBeaconBlockRoot } = environment;
  const draft = {
    number: environment.number,
    parentHash: environment.parentHash,
    nonce: headerNonce(isAtLeast(hardfork, "merge")),
    mixHash: environment.prevRandao,
    sha3Uncles: EMPTY_UNCLES_HASH,
    logsBloom: bytesToHex(bodies.bloom),
    transactionsRoot: bytesToHex(transactionsRoot ?? rootOfTransactions(transactions)),
    receiptsRoot:
      made === null
        ? receiptsRoot(
            transactions.map(({ input }) => input.type),
            receipts,
            bodies,
          )
        : bytesToHex(made),
    miner: environment.coinbase,
    difficulty: environment.difficulty,
    extraData: "0x" as const,
    gasLimit: environment.gasLimit,
    gasUsed: receipts.at(-1)?.cumulativeGasUsed ?? 0n,
    timestamp: environment.timestamp,
    ...(baseFeePerGas === null ? {} : { baseFeePerGas }),
    ...(hasWithdrawals ? { withdrawalsRoot: EMPTY_TRIE_ROOT } : {}),
    ...(excessBlobGas === null ? {} : { blobGasUsed: blobGasUsed(receipts), excessBlobGas }),
    ...(parentBeaconBlockRoot === null ? {} : { parentBeaconBlockRoot }),
    ...(isAtLeast(hardfork, "prague") ? { requestsHash: EMPTY_REQUESTS_HASH } : {}),
  };
  const encodedLength = transactions.reduce((sum, { raw }) => sum + raw.length, 0);
  return {
    seal(stateRoot) {
      const header = { ...draft, stateRoot };
      return {
        header: sealHeader(header, parentTotalDifficulty + environment.difficulty),
        size: blockSize(header, encodedLength),
        transactions,
        receipts,
        ...(hasWithdrawals ? { withdrawals: [] } : {}),
        reserved: false,
      };
    },
  };
}

/**
 * Of a fork nobody can compute the root: that takes the remote's whole state. As in stock, blocks get
 * the same made-up root as long as the config owns accounts, else the fork block's.
 */
export function shownStateRoot(state: ChainState): Hash {
  return forkStateRoot(state) ?? state.store.stateRoot();
}

/** The same, perhaps later: see StateStore. */
function stateRootSoon(state: ChainState): PendingRoot {
  const made = forkStateRoot(state);
  return made === null ? state.store.stateRootSoon() : { wait: () => Promise.resolve(made) };
}

/** Null where there is no fork. */
function forkStateRoot({ base, config }: ChainState): Hash | null {
  if (base === null) {
    return null;
  }
  return config.accounts.length === 0 ? base.block.header.stateRoot : FORK_STATE_ROOT;
}

function blobGasUsed(receipts: readonly Receipt[]): bigint {
  return receipts.reduce((sum, { outcome }) => sum + outcome.blobGasUsed, 0n);
}
