/**
 * The chain: one lock, in order of arrival, around everything that moves it (see chain.ts).
 *
 * Owns: the lock, automine, events. Does not own: the rules, which are in the files beside this one.
 */
import type { BlockRecord } from "../access-log/block-record";
import type { BlockExecutor } from "../execution/block-executor";
import type { Engine } from "../execution/engine/engine";
import { lateReference } from "../execution/engine/engine-choice";
import type { Address, Hash } from "../state/hex";
import type { StateReader } from "../state/state-reader";
import type { RootThread } from "../state/trie/distant-tries";
import { blobBaseFee, nextExcessBlobGas } from "./base-fee";
import { SYSTEM_TIME, type TimeSource } from "./block-clock";
import { pendingBaseFee } from "./block-environment";
import { repeatBlock } from "./block-repetition";
import { repeatTransaction, runCall } from "./calls";
import type {
  BlockSelector,
  CallOptions,
  CallOutcome,
  CallRequest,
  Chain,
  ChainBlock,
  ChainConfig,
  ChainEvents,
  ChainTransaction,
  ExecutionContext,
  ExecutionObservers,
  ForkPoint,
  MinedBlock,
  PlacedLog,
  Receipt,
  SubmitResult,
  TransactionLocation,
} from "./chain";
import { ChainError } from "./chain-error";
import { ChainEventEmitter } from "./chain-events";
import { type ChainState, openChainState } from "./chain-state";
import { isAtLeast } from "./hardfork";
import { IntervalMiner, type MiningInterval } from "./interval-miner";
import { setBalance, setNonce } from "./irregular-state";
import { Miner, minedBlock } from "./miner";
import { LateForesight } from "./prefetch/late-foresight";
import { neededKeys } from "./prefetch/stated-keys";
import { Snapshots } from "./snapshots";
import { StateQueries } from "./state-queries";
import { submitTransaction } from "./submission";
import { Turns } from "./turns";

export interface LocalChainOptions {
  readonly config: ChainConfig;
  /** Executes blocks; closed with the chain. */
  readonly executor: BlockExecutor;
  /** The oracle: executes every block again, for BlockRecord.rootCheck; closed with the chain. */
  readonly verifier?: BlockExecutor;
  /** Record frames and accesses of transactions. */
  readonly trace: boolean;
  /** Computes large state roots; closed with the chain. Absent = the calling thread computes all. */
  readonly rootThread?: RootThread;
  /** Runs calls; default @ethereumjs/evm. */
  readonly engine?: Engine;
  /**
   * What is asked ahead of a fork's remote, with what the chains before this one have learned of it; null =
   * nothing is. Default: a new one.
   */
  readonly foresight?: LateForesight | null;
  /** default: the system's clock */
  readonly time?: TimeSource;
}

/**
 * A new chain with its genesis block, or on top of a remote one. Interval mining starts at once if the
 * config has it. Throws ParallelError FORK_… where the remote cannot be forked.
 */
export async function createLocalChain(options: LocalChainOptions): Promise<Chain> {
  const { config, time = SYSTEM_TIME, rootThread = null } = options;
  return new LocalChain(options, await openChainState(config, time, rootThread));
}

class LocalChain implements Chain {
  readonly config: ChainConfig;
  readonly #state: ChainState;
  readonly #engine: Engine;
  /** closed with the chain */
  readonly #parts: readonly { close(): Promise<void> | void }[];
  readonly #miner: Miner;
  readonly #intervalMiner: IntervalMiner;
  readonly #snapshots: Snapshots;
  readonly #queries: StateQueries;
  readonly #events = new ChainEventEmitter();
  readonly #turns: Turns;
  #automine: boolean;

  constructor(options: LocalChainOptions, state: ChainState) {
    const { config, executor, verifier, trace, engine, rootThread } = options;
    this.config = config;
    this.#state = state;
    this.#turns = new Turns(state.store);
    this.#engine = engine ?? lateReference();
    const parts = [executor, verifier, rootThread, state.base ?? undefined];
    this.#parts = parts.filter((part) => part !== undefined);
    const { foresight: late = new LateForesight() } = options;
    const foresight = late?.ofChain(state.base, this.#engine) ?? null;
    this.#miner = new Miner(
      this.#state,
      { executor, trace, foresight, ...(verifier === undefined ? {} : { verifier }) },
      {
        newBlock: (mined) => this.#events.emit("newBlock", mined),
        blockRecord: (record) => this.#events.emitMade("blockRecord", record),
      },
    );
    this.#snapshots = new Snapshots(this.#state);
    this.#queries = new StateQueries(this.#state, this.#miner);
    this.#automine = config.automine;
    // not a change that a request makes
    this.#intervalMiner = new IntervalMiner(() => this.#turns.own(() => this.#miner.mine()));
    this.#intervalMiner.set(config.miningInterval);
  }

  get fork(): ForkPoint | null {
    return this.#state.base?.point ?? null;
  }

  get changes(): number {
    return this.#turns.changes;
  }

  // --- blocks

  get latest(): ChainBlock {
    return this.#state.history.latest;
  }

  get latestNumber(): bigint {
    return this.#state.history.latestNumber;
  }

  block(selector: Exclude<BlockSelector, "pending">): ChainBlock | undefined {
    return this.#queries.block(selector);
  }

  pendingBlock(): Promise<MinedBlock> {
    return this.#turns.read(() => this.#miner.withPending(minedBlock));
  }

  transaction(hash: Hash): TransactionLocation | undefined {
    return this.#state.history.transaction(hash);
  }

  receipt(hash: Hash): Receipt | undefined {
    return this.#state.history.receipt(hash);
  }

  logs(filter: Parameters<Chain["logs"]>[0]): PlacedLog[] {
    return this.#queries.logs(filter);
  }

  // --- state

  stateAt(selector: BlockSelector): Promise<StateReader> {
    return this.#turns.read(() => this.#queries.state(selector));
  }

  proofAt(
    address: Address,
    slots: readonly bigint[],
    selector: BlockSelector,
  ): ReturnType<Chain["proofAt"]> {
    return this.#turns.read(() => this.#queries.proof(address, slots, selector));
  }

  call(request: CallRequest, selector: BlockSelector, options?: CallOptions): Promise<CallOutcome> {
    return this.#turns.read(async () => {
      const context = await this.#queries.context(selector);
      return runCall(this.#engine, this.#state.hardfork, context, request, options);
    });
  }

  simulate(...request: Parameters<Chain["simulate"]>): ReturnType<Chain["simulate"]> {
    const [blocks, selector, options] = request;
    const { simulateBlocks }: typeof import("./simulation") = require("./simulation"); // seldom asked for
    return this.#turns.read(() =>
      this.#queries.simulateAfter(selector, (base) =>
        simulateBlocks(this.#engine, this.#state, base, blocks, options),
      ),
    );
  }

  traceTransaction(hash: Hash, observers: ExecutionObservers): Promise<CallOutcome> {
    return this.#turns.read(async () => {
      const { context, transaction } = await this.#queries.mined(hash);
      return repeatTransaction(this.#engine, context, transaction, observers);
    });
  }

  blockRecord(block: ChainBlock): Promise<BlockRecord> {
    return this.#turns.read(() => repeatBlock(this.#engine, this.#state, this.#queries, block));
  }

  contextOf(hash: Hash): Promise<ExecutionContext> {
    return this.#turns.read(async () => (await this.#queries.mined(hash)).context);
  }

  // --- pool

  submit(transaction: ChainTransaction): Promise<SubmitResult> {
    this.#miner.foresee(transaction, this.#automine);
    return this.#turns.change(
      () =>
        submitTransaction(
          this.#state,
          this.#miner,
          this.#snapshots,
          this.#automine,
          transaction,
          () => this.#events.emit("pendingTransaction", transaction),
        ),
      neededKeys([transaction.input], this.#state.coinbase),
    );
  }

  pendingTransactions(): readonly ChainTransaction[] {
    return [...this.#state.pool.all()];
  }

  pooledTransaction(hash: Hash): ChainTransaction | undefined {
    return this.#state.pool.get(hash);
  }

  dropTransaction(hash: Hash): Promise<boolean> {
    return this.#turns.change(() => {
      if (this.#state.history.hasOwnTransaction(hash)) {
        throw new ChainError({ kind: "TransactionMined", hash });
      }
      return this.#state.pool.drop(hash);
    });
  }

  pendingNonce(address: Address): Promise<bigint> {
    return this.#turns.read(() => this.#state.pool.nextNonce(address, this.#state.store));
  }

  // --- mining

  get automine(): boolean {
    return this.#automine;
  }

  setAutomine(enabled: boolean): void {
    this.#turns.countChange();
    this.#automine = enabled;
  }

  setMiningInterval(interval: MiningInterval): void {
    this.#turns.countChange();
    this.#intervalMiner.set(interval);
  }

  mine(timestamp?: bigint): Promise<MinedBlock> {
    return this.#turns.change(() => this.#miner.mine(timestamp));
  }

  mineMany(count: bigint, interval: bigint): Promise<readonly MinedBlock[]> {
    return this.#turns.change(() => this.#miner.mineMany(count, interval));
  }

  // --- next block

  nextBaseFeePerGas(): bigint | null {
    return pendingBaseFee(this.#state);
  }

  nextBlobBaseFee(): bigint | null {
    const { hardfork, history } = this.#state;
    return isAtLeast(hardfork, "cancun")
      ? blobBaseFee(hardfork, nextExcessBlobGas(hardfork, history.latest.header))
      : null;
  }

  setNextBaseFeePerGas(value: bigint): void {
    this.#turns.countChange();
    this.#state.nextBaseFeePerGas = value;
  }

  setNextTimestamp(value: bigint): void {
    this.#turns.countChange();
    this.#state.clock.setNext(value, this.latest.header.timestamp);
  }

  increaseTime(seconds: bigint): bigint {
    this.#turns.countChange();
    return this.#state.clock.increase(seconds);
  }

  get blockGasLimit(): bigint {
    return this.#state.pool.blockGasLimit;
  }

  setBlockGasLimit(value: bigint): Promise<void> {
    return this.#turns.change(() => this.#state.pool.setBlockGasLimit(value, this.#state.store));
  }

  get coinbase(): Address {
    return this.#state.coinbase;
  }

  setCoinbase(address: Address): void {
    this.#turns.countChange();
    this.#state.coinbase = address;
  }

  setPrevRandao(value: Hash): void {
    this.#turns.countChange();
    this.#state.prevRandaos.next = value;
  }

  get minGasPrice(): bigint {
    return this.#state.minGasPrice;
  }

  setMinGasPrice(value: bigint): void {
    this.#turns.countChange();
    this.#state.minGasPrice = value;
  }

  // --- irregular state

  setBalance(address: Address, value: bigint): Promise<void> {
    return this.#turns.change(
      () => setBalance(this.#state, address, value),
      [{ kind: "account", address }],
    );
  }

  setNonce(address: Address, value: bigint): Promise<void> {
    return this.#turns.change(
      () => setNonce(this.#state, address, value),
      [{ kind: "account", address }],
    );
  }

  setCode(address: Address, code: Uint8Array): Promise<void> {
    return this.#turns.change(
      () => this.#state.store.setCode(address, code),
      [{ kind: "account", address }],
    );
  }

  setStorage(address: Address, slot: bigint, value: bigint): Promise<void> {
    return this.#turns.change(
      () => this.#state.store.setStorage(address, slot, value),
      [{ kind: "slot", address, slot }],
    );
  }

  // --- snapshots

  snapshot(): Promise<bigint> {
    return this.#turns.change(() => this.#snapshots.take());
  }

  revert(id: bigint): Promise<boolean> {
    return this.#turns.change(async () => {
      const reverted = await this.#snapshots.revert(id);
      if (reverted) {
        this.#events.emit("reverted");
      }
      return reverted;
    });
  }

  on<E extends keyof ChainEvents>(event: E, listener: ChainEvents[E]): void {
    this.#events.on(event, listener);
  }

  off<E extends keyof ChainEvents>(event: E, listener: ChainEvents[E]): void {
    this.#events.off(event, listener);
  }

  async close(): Promise<void> {
    this.#intervalMiner.stop();
    // what was begun is finished first
    await this.#turns.own(async () => undefined);
    await Promise.all(this.#parts.map((part) => part.close()));
  }
}
