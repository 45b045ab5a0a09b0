/**
 * The chain: one lock, in order of arrival, around everything that moves it (see chain.ts).
 *
 * Owns: the lock, automine, events. Does not own: the rules, which are in the files beside this one.
 */
import type { BlockRecord } from "../access-log/block-record";
import { initialiseCrypto } from "../crypto/keccak256";
import type { BlockExecutor } from "../execution/block-executor";
import type { Engine } from "../execution/engine/engine";
import { EthereumjsEngine } from "../execution/engine/ethereumjs-engine";
import type { Address, Hash } from "../state/hex";
import { createSharedStateStore } from "../state/shared-state-store";
import type { StateReader } from "../state/state-reader";
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
  MinedBlock,
  SubmitResult,
  TransactionLocation,
} from "./chain";
import { ChainError } from "./chain-error";
import { ChainEventEmitter } from "./chain-events";
import { type ChainState, createChainState } from "./chain-state";
import { isAtLeast } from "./hardfork";
import { IntervalMiner, type MiningInterval } from "./interval-miner";
import { setBalance, setNonce } from "./irregular-state";
import { findLogs } from "./log-filter";
import { Miner, minedBlock } from "./miner";
import { Mutex } from "./mutex";
import { Snapshots } from "./snapshots";
import { StateQueries } from "./state-queries";
import { submitTransaction } from "./submission";

export interface LocalChainOptions {
  readonly config: ChainConfig;
  /** Executes blocks; closed with the chain. */
  readonly executor: BlockExecutor;
  /** The oracle: executes every block again, for BlockRecord.rootCheck; closed with the chain. */
  readonly verifier?: BlockExecutor;
  /** Record frames and accesses of transactions. */
  readonly trace: boolean;
  /** Runs calls; default @ethereumjs/evm. */
  readonly engine?: Engine;
  /** default: the system's clock */
  readonly time?: TimeSource;
}

/** A new chain with its genesis block. Interval mining starts at once if the config has it. */
export async function createLocalChain(options: LocalChainOptions): Promise<Chain> {
  // Hashing is correct without WebAssembly, only slower; which one runs is in `keccak256Backend`.
  await initialiseCrypto().catch(() => undefined);
  return new LocalChain(options);
}

class LocalChain implements Chain {
  readonly config: ChainConfig;
  readonly #state: ChainState;
  readonly #engine: Engine;
  readonly #executors: readonly BlockExecutor[];
  readonly #miner: Miner;
  readonly #intervalMiner: IntervalMiner;
  readonly #snapshots: Snapshots;
  readonly #queries: StateQueries;
  readonly #events = new ChainEventEmitter();
  readonly #lock = new Mutex();
  #automine: boolean;

  constructor({ config, executor, verifier, trace, engine, time }: LocalChainOptions) {
    this.config = config;
    this.#state = createChainState(config, createSharedStateStore(), time ?? SYSTEM_TIME);
    this.#engine = engine ?? new EthereumjsEngine();
    this.#executors = verifier === undefined ? [executor] : [executor, verifier];
    this.#miner = new Miner(
      this.#state,
      { executor, trace, ...(verifier === undefined ? {} : { verifier }) },
      {
        newBlock: (mined) => this.#events.emit("newBlock", mined),
        blockRecord: (record) => {
          if (this.#events.hasListeners("blockRecord")) {
            this.#events.emit("blockRecord", record());
          }
        },
      },
    );
    this.#snapshots = new Snapshots(this.#state);
    this.#queries = new StateQueries(this.#state, this.#miner);
    this.#automine = config.automine;
    this.#intervalMiner = new IntervalMiner(() => this.mine());
    this.#intervalMiner.set(config.miningInterval);
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
    return this.#lock.run(() => this.#miner.withPending(minedBlock));
  }

  transaction(hash: Hash): TransactionLocation | undefined {
    return this.#state.history.transaction(hash);
  }

  logs(filter: Parameters<Chain["logs"]>[0]): ReturnType<Chain["logs"]> {
    return findLogs(this.#state.history.builtBetween(filter.fromBlock, filter.toBlock), filter);
  }

  // --- state

  stateAt(selector: BlockSelector): Promise<StateReader> {
    return this.#lock.run(async () => (await this.#queries.context(selector)).preState);
  }

  proofAt(
    address: Address,
    slots: readonly bigint[],
    selector: BlockSelector,
  ): ReturnType<Chain["proofAt"]> {
    return this.#lock.run(() => this.#queries.proof(address, slots, selector));
  }

  call(request: CallRequest, selector: BlockSelector, options?: CallOptions): Promise<CallOutcome> {
    return this.#lock.run(async () => {
      const context = await this.#queries.context(selector);
      return runCall(this.#engine, this.#state.hardfork, context, request, options);
    });
  }

  traceTransaction(
    hash: Hash,
    onStep: Parameters<Chain["traceTransaction"]>[1],
  ): Promise<CallOutcome> {
    return this.#lock.run(() => {
      const { context, transaction } = this.#queries.mined(hash);
      return repeatTransaction(this.#engine, context, transaction, onStep);
    });
  }

  blockRecord(block: ChainBlock): Promise<BlockRecord> {
    return this.#lock.run(() => repeatBlock(this.#engine, this.#state, block));
  }

  contextOf(hash: Hash): Promise<ExecutionContext> {
    return this.#lock.run(() => this.#queries.mined(hash).context);
  }

  // --- pool

  submit(transaction: ChainTransaction): Promise<SubmitResult> {
    return this.#lock.run(() =>
      submitTransaction(
        this.#state,
        this.#miner,
        this.#snapshots,
        this.#automine,
        transaction,
        () => this.#events.emit("pendingTransaction", transaction),
      ),
    );
  }

  pendingTransactions(): readonly ChainTransaction[] {
    return [...this.#state.pool.all()];
  }

  pooledTransaction(hash: Hash): ChainTransaction | undefined {
    return this.#state.pool.get(hash);
  }

  dropTransaction(hash: Hash): Promise<boolean> {
    return this.#lock.run(() => {
      if (this.#state.history.transaction(hash) !== undefined) {
        throw new ChainError({ kind: "TransactionMined", hash });
      }
      return this.#state.pool.drop(hash);
    });
  }

  pendingNonce(address: Address): Promise<bigint> {
    return this.#lock.run(() => this.#state.pool.nextNonce(address, this.#state.store));
  }

  // --- mining

  get automine(): boolean {
    return this.#automine;
  }

  setAutomine(enabled: boolean): void {
    this.#automine = enabled;
  }

  setMiningInterval(interval: MiningInterval): void {
    this.#intervalMiner.set(interval);
  }

  mine(timestamp?: bigint): Promise<MinedBlock> {
    return this.#lock.run(() => this.#miner.mine(timestamp));
  }

  mineMany(count: bigint, interval: bigint): Promise<readonly MinedBlock[]> {
    return this.#lock.run(() => this.#miner.mineMany(count, interval));
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
    this.#state.nextBaseFeePerGas = value;
  }

  setNextTimestamp(value: bigint): void {
    this.#state.clock.setNext(value, this.latest.header.timestamp);
  }

  increaseTime(seconds: bigint): bigint {
    return this.#state.clock.increase(seconds);
  }

  get blockGasLimit(): bigint {
    return this.#state.pool.blockGasLimit;
  }

  setBlockGasLimit(value: bigint): Promise<void> {
    return this.#lock.run(() => this.#state.pool.setBlockGasLimit(value, this.#state.store));
  }

  get coinbase(): Address {
    return this.#state.coinbase;
  }

  setCoinbase(address: Address): void {
    this.#state.coinbase = address;
  }

  setPrevRandao(value: Hash): void {
    this.#state.prevRandaos.next = value;
  }

  get minGasPrice(): bigint {
    return this.#state.minGasPrice;
  }

  setMinGasPrice(value: bigint): void {
    this.#state.minGasPrice = value;
  }

  // --- irregular state

  setBalance(address: Address, value: bigint): Promise<void> {
    return this.#lock.run(() => setBalance(this.#state, address, value));
  }

  setNonce(address: Address, value: bigint): Promise<void> {
    return this.#lock.run(() => setNonce(this.#state, address, value));
  }

  setCode(address: Address, code: Uint8Array): Promise<void> {
    return this.#lock.run(() => this.#state.store.setCode(address, code));
  }

  setStorage(address: Address, slot: bigint, value: bigint): Promise<void> {
    return this.#lock.run(() => this.#state.store.setStorage(address, slot, value));
  }

  // --- snapshots

  snapshot(): Promise<bigint> {
    return this.#lock.run(() => this.#snapshots.take());
  }

  revert(id: bigint): Promise<boolean> {
    return this.#lock.run(() => {
      const reverted = this.#snapshots.revert(id);
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
    await this.#lock.run(() => undefined);
    await Promise.all(this.#executors.map((executor) => executor.close()));
  }
}
