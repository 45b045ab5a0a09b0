/**
 * The chain as the rpc room sees it (types only; the implementation is local-chain.ts).
 *
 * Owns: canonical blocks, receipts, the mempool, mining modes, time, snapshots, genesis.
 * Does not own: JSON-RPC shapes, words of errors, filters (rpc/), how a block is executed (execution/).
 *
 * Every mutating method runs under one lock in order of arrival; reads see the last completed change.
 * What cannot be done is thrown as a ChainError (chain-error.ts); a refused transaction is a value.
 *
 * On a fork, what is answered at once (blocks, transactions, logs, a StateReader) may throw Missing:
 * ask again after loading it (`whenLoaded` of state/missing.ts). Methods that return a promise load by
 * themselves.
 */
import type { BlockRecord } from "../access-log/block-record";
import type { StateLoader } from "../execution/block-executor";
import type { EngineStep } from "../execution/engine/engine";
import type { FrameObserver } from "../execution/engine/frame-observer";
import type { InvalidTransaction } from "../execution/invalid-transaction";
import type { Log, TransactionOutcome } from "../execution/outcome";
import type {
  AccessListItem,
  Authorization,
  BlockEnvironment,
  TransactionInput,
  Withdrawal,
} from "../execution/transaction";
import type { Address, Hash, Hex } from "../state/hex";
import type { ReadSet } from "../state/read-set";
import type { StateReader } from "../state/state-reader";
import type { AccountProof } from "../state/state-store";
import type { ForkConfig } from "./fork/fork-config";
import type { Foreseeable, Watch } from "./prefetch/foresight";
import type { SimulatedBlock, SimulationOptions } from "./simulation";
import type { SimulatedBlockRequest } from "./simulation-plan";

export interface GenesisAccount {
  readonly privateKey: Hash;
  /** wei */
  readonly balance: bigint;
}

export interface ChainConfig {
  readonly chainId: bigint;
  readonly networkId: bigint;
  /** Hardhat's name: "byzantium" … "cancun", "prague", "osaka" */
  readonly hardfork: string;
  /** gas */
  readonly blockGasLimit: bigint;
  /** EIP-7825; null = none */
  readonly transactionGasCap: bigint | null;
  /** wei per gas; null = 1 gwei */
  readonly initialBaseFeePerGas: bigint | null;
  /** wei per gas; before London only */
  readonly minGasPrice: bigint;
  readonly coinbase: Address;
  readonly accounts: readonly GenesisAccount[];
  /** further genesis state */
  readonly genesisState: ReadonlyMap<
    Address,
    { balance?: bigint; nonce?: bigint; code?: Hex; storage?: ReadonlyMap<bigint, bigint> }
  >;
  readonly automine: boolean;
  /** ms; 0 = off */
  readonly miningInterval: number | readonly [number, number];
  readonly mempoolOrder: "fifo" | "priority";
  readonly allowUnlimitedContractSize: boolean;
  readonly allowBlocksWithSameTimestamp: boolean;
  /** seconds; null = now. Without meaning on a fork, which goes on in the time of its block. */
  readonly initialTimestamp: bigint | null;
  /** Continue this remote chain instead of beginning with a genesis block. */
  readonly fork?: ForkConfig;
}

/** A transaction as it is in a block or the pool: the executor's input plus what JSON-RPC shows of it. */
export interface ChainTransaction {
  readonly input: TransactionInput;
  readonly signature: {
    readonly r: bigint;
    readonly s: bigint;
    readonly v: bigint;
    readonly yParity: 0 | 1;
  };
  /** absent for a legacy transaction without EIP-155 protection */
  readonly chainId?: bigint;
  /** canonical encoding (EIP-2718) */
  readonly raw: Uint8Array;
  /** signed authorizations as given (type 4), for display */
  readonly signedAuthorizations: readonly (Omit<Authorization, "authority"> & {
    readonly yParity: bigint;
    readonly r: bigint;
    readonly s: bigint;
  })[];
  readonly accessList: readonly AccessListItem[];
}

export interface BlockHeader {
  readonly number: bigint;
  readonly hash: Hash;
  readonly parentHash: Hash;
  readonly nonce: Hex;
  readonly mixHash: Hash;
  readonly sha3Uncles: Hash;
  readonly logsBloom: Hex;
  readonly transactionsRoot: Hash;
  readonly stateRoot: Hash;
  readonly receiptsRoot: Hash;
  readonly miner: Address;
  readonly difficulty: bigint;
  readonly totalDifficulty: bigint;
  readonly extraData: Hex;
  readonly gasLimit: bigint;
  readonly gasUsed: bigint;
  readonly timestamp: bigint;
  readonly baseFeePerGas?: bigint;
  readonly withdrawalsRoot?: Hash;
  readonly blobGasUsed?: bigint;
  readonly excessBlobGas?: bigint;
  readonly parentBeaconBlockRoot?: Hash;
  readonly requestsHash?: Hash;
}

export interface Receipt {
  readonly transactionIndex: number;
  readonly cumulativeGasUsed: bigint;
  /**
   * Without reads, writes, trace and console.log calldata, which a chain does not keep: they are in
   * the blockRecord event and in MinedTransaction.
   */
  readonly outcome: TransactionOutcome;
  readonly logsBloom: Hex;
  /** index in the block of the first log */
  readonly firstLogIndex: number;
}

export interface ChainBlock {
  readonly header: BlockHeader;
  /** bytes of the block's RLP */
  readonly size: number;
  readonly transactions: readonly ChainTransaction[];
  readonly receipts: readonly Receipt[];
  readonly withdrawals?: readonly Withdrawal[];
  /** Hashes of uncles: blocks of a fork's remote may have some. Absent = none. */
  readonly uncles?: readonly Hash[];
  /** A header made by hardhat_mine over a huge range: no transactions, see rpc-surface.md section 3. */
  readonly reserved: boolean;
}

export interface TransactionLocation {
  readonly block: ChainBlock;
  readonly index: number;
}

/** A log and where it stands. */
export interface PlacedLog {
  readonly log: Log;
  readonly blockHash: Hash;
  readonly blockNumber: bigint;
  /** seconds; null where a fork's remote did not tell */
  readonly blockTimestamp: bigint | null;
  readonly transactionHash: Hash;
  readonly transactionIndex: number;
  /** index in the block */
  readonly logIndex: number;
}

/** What a chain continues. */
export interface ForkPoint {
  /** the remote's */
  readonly chainId: bigint;
  readonly blockNumber: bigint;
  readonly blockHash: Hash;
}

export type BlockSelector =
  | { readonly number: bigint }
  | { readonly hash: Hash }
  | "latest"
  | "pending"
  | "earliest"
  | "safe"
  | "finalized";

/** eth_call, eth_estimateGas, debug_traceCall: a message that is never put in a block. */
export interface CallRequest {
  readonly from: Address;
  readonly to: Address | null;
  readonly gas: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly accessList: readonly AccessListItem[];
  readonly blobVersionedHashes: readonly Hash[];
  readonly authorizationList: readonly Authorization[];
}

export type StateOverrides = ReadonlyMap<
  Address,
  {
    readonly balance?: bigint;
    readonly nonce?: bigint;
    readonly code?: Hex;
    /** replaces the whole storage */
    readonly state?: ReadonlyMap<bigint, bigint>;
    /** replaces single slots */
    readonly stateDiff?: ReadonlyMap<bigint, bigint>;
  }
>;

/** Who watches an execution, for tracers. */
export interface ExecutionObservers {
  readonly onStep?: (step: EngineStep) => void;
  readonly frames?: FrameObserver;
  /** The execution begins; on a fork it may begin several times, and only the last one counts. */
  readonly onBegin?: () => void;
}

export interface CallOptions extends ExecutionObservers {
  readonly overrides?: StateOverrides;
  /** default true: base fee 0, balance and nonce unchecked, as eth_call does */
  readonly lenient?: boolean;
}

/** What an execution began on, for whoever wants to explain or repeat it. */
export interface ExecutionContext {
  readonly environment: BlockEnvironment;
  /** may throw Missing on a fork */
  readonly preState: StateReader;
  /** on a fork: fetches what an execution missed */
  readonly load?: StateLoader;
  /** on a fork: begins to fetch what the execution will probably miss */
  readonly watch?: (input: Foreseeable) => Watch;
}

export interface CallOutcome {
  readonly context: ExecutionContext;
  readonly outcome: TransactionOutcome;
  /** raw calldata of console.log calls, in order */
  readonly consoleLogs: readonly Uint8Array[];
}

export interface MinedTransaction {
  readonly transaction: ChainTransaction;
  readonly receipt: Receipt;
  /** what the execution learned of the state; the receipt's outcome is kept without it */
  readonly reads: ReadSet;
  readonly consoleLogs: readonly Uint8Array[];
}

export interface MinedBlock {
  readonly block: ChainBlock;
  readonly transactions: readonly MinedTransaction[];
}

/** Why the pool refused a transaction; the rpc room has the words. */
export type PoolRejection =
  | InvalidTransaction
  | { readonly kind: "KnownTransaction"; readonly hash: Hash }
  | {
      readonly kind: "ReplacementUnderpriced";
      readonly field: "fee" | "priorityFee";
      readonly required: bigint;
      readonly nonce: bigint;
    }
  | {
      readonly kind: "ExceedsBlockGasLimit";
      readonly gasLimit: bigint;
      readonly blockGasLimit: bigint;
    }
  | { readonly kind: "NonceTooLowAutomine"; readonly expected: bigint; readonly actual: bigint }
  | { readonly kind: "NonceTooHighAutomine"; readonly expected: bigint; readonly actual: bigint }
  | {
      readonly kind: "FeeBelowNextBaseFee";
      readonly type: number;
      readonly maxFeePerGas: bigint;
      readonly nextBaseFeePerGas: bigint;
    }
  | {
      readonly kind: "GasPriceBelowMinimum";
      readonly gasPrice: bigint;
      readonly minGasPrice: bigint;
    }
  /** a blob transaction while automine is off or the pool has transactions: the pool takes none */
  | { readonly kind: "BlobsNotPooled" };

export type SubmitResult =
  | {
      readonly ok: true;
      readonly hash: Hash /** blocks mined by automine, in order */;
      readonly mined: readonly MinedBlock[];
    }
  | { readonly ok: false; readonly rejection: PoolRejection };

export interface ChainEvents {
  /** before mining, as stock orders its subscriptions */
  pendingTransaction: (transaction: ChainTransaction) => void;
  newBlock: (mined: MinedBlock) => void;
  /** the access log's record of the block that was just committed */
  blockRecord: (record: BlockRecord) => void;
  /** evm_revert or reset: the chain jumped */
  reverted: () => void;
}

export interface Chain {
  readonly config: ChainConfig;
  /** null = the chain has a genesis block of its own */
  readonly fork: ForkPoint | null;

  // --- blocks
  readonly latest: ChainBlock;
  readonly latestNumber: bigint;
  /** undefined = unknown. "pending" is not answered here. */
  block(selector: Exclude<BlockSelector, "pending">): ChainBlock | undefined;
  /** Executes the mempool on top of the latest block, commits nothing. */
  pendingBlock(): Promise<MinedBlock>;
  transaction(hash: Hash): TransactionLocation | undefined;
  /** Of a transaction that is in a block. */
  receipt(hash: Hash): Receipt | undefined;
  logs(filter: {
    fromBlock: bigint;
    toBlock: bigint;
    addresses: readonly Address[];
    topics: readonly (readonly Hash[] | null)[];
  }): PlacedLog[];

  // --- state
  /** Throws ChainError UnknownBlock for a block that is not there. */
  stateAt(selector: BlockSelector): Promise<StateReader>;
  proofAt(
    address: Address,
    slots: readonly bigint[],
    selector: BlockSelector,
  ): Promise<AccountProof>;
  call(request: CallRequest, selector: BlockSelector, options?: CallOptions): Promise<CallOutcome>;
  /** Executes blocks of calls that follow the block, one after the other; changes nothing. */
  simulate(
    blocks: readonly SimulatedBlockRequest[],
    selector: BlockSelector,
    options: SimulationOptions,
  ): Promise<readonly SimulatedBlock[]>;
  /** Replays a mined transaction on its block's state, observed. */
  traceTransaction(hash: Hash, observers: ExecutionObservers): Promise<CallOutcome>;
  /** Executes a mined block again for its access record, whether or not it was recorded. */
  blockRecord(block: ChainBlock): Promise<BlockRecord>;
  /** What a mined transaction began on. Throws ChainError UnknownTransaction. */
  contextOf(hash: Hash): Promise<ExecutionContext>;

  // --- pool
  submit(transaction: ChainTransaction): Promise<SubmitResult>;
  /** pending queue then future queue, by first-seen account order */
  pendingTransactions(): readonly ChainTransaction[];
  pooledTransaction(hash: Hash): ChainTransaction | undefined;
  dropTransaction(hash: Hash): Promise<boolean>;
  /** nonce after the account's pending transactions */
  pendingNonce(address: Address): Promise<bigint>;

  // --- mining
  readonly automine: boolean;
  setAutomine(enabled: boolean): void;
  setMiningInterval(interval: number | readonly [number, number]): void;
  mine(timestamp?: bigint): Promise<MinedBlock>;
  /** hardhat_mine: `count` blocks, seconds between them */
  mineMany(count: bigint, interval: bigint): Promise<readonly MinedBlock[]>;

  // --- next block
  nextBaseFeePerGas(): bigint | null;
  nextBlobBaseFee(): bigint | null;
  setNextBaseFeePerGas(value: bigint): void;
  setNextTimestamp(value: bigint): void;
  /** seconds; returns the total offset */
  increaseTime(seconds: bigint): bigint;
  readonly blockGasLimit: bigint;
  setBlockGasLimit(value: bigint): Promise<void>;
  readonly coinbase: Address;
  setCoinbase(address: Address): void;
  setPrevRandao(value: Hash): void;
  readonly minGasPrice: bigint;
  setMinGasPrice(value: bigint): void;

  // --- irregular state
  /** Grows with every change of the chain: a step that has changed something cannot be begun again. */
  readonly changes: number;
  setBalance(address: Address, value: bigint): Promise<void>;
  setNonce(address: Address, value: bigint): Promise<void>;
  setCode(address: Address, code: Uint8Array): Promise<void>;
  setStorage(address: Address, slot: bigint, value: bigint): Promise<void>;

  // --- snapshots
  snapshot(): Promise<bigint>;
  revert(id: bigint): Promise<boolean>;

  on<E extends keyof ChainEvents>(event: E, listener: ChainEvents[E]): void;
  off<E extends keyof ChainEvents>(event: E, listener: ChainEvents[E]): void;

  /** Stops interval mining and frees workers; idempotent. */
  close(): Promise<void>;
}
