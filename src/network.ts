/**
 * "hardhat-parallel/network": a parallel local network without Hardhat. The composition root: the
 * only place where state, chain, executor, worker pool and JSON-RPC are put together.
 */
import type { EventEmitter } from "node:events";
import { availableParallelism } from "node:os";
import type { BlockRecord, RunHeader } from "./access-log/block-record";
import type { Chain, ChainConfig } from "./chain/chain";
import { DEFAULT_CHAIN_CONFIG } from "./chain/default-config";
import type { ForkConfig } from "./chain/fork/fork-config";
import { createLocalChain } from "./chain/local-chain";
import { LateForesight } from "./chain/prefetch/late-foresight";
import { createEngine } from "./execution/engine/engine-choice";
import { DEFAULT_ENGINE, type EngineName } from "./execution/engine/engine-name";
import { SequentialExecutor } from "./execution/sequential-executor";
import type { FailedExecution } from "./rpc/failed-execution";
import { RpcNetwork } from "./rpc/rpc-network";
import { createPooledExecutor } from "./worker/pooled-executor";
import { createRootThread } from "./worker/root-thread";

/** What holds for every remote that the network forks. */
export type ForkSettings = Omit<ForkConfig, "url" | "blockNumber" | "httpHeaders">;

export interface ParallelNetworkOptions {
  readonly chain: ChainConfig;
  /** For forks that hardhat_reset asks for. */
  readonly forkSettings?: ForkSettings;
  /** threads for blocks, the calling one with them; at least 1 */
  readonly workers: number;
  /** blocks with fewer transactions run in the calling thread */
  readonly minTransactionsForThreads: number;
  /** What runs transactions and calls; default DEFAULT_ENGINE. */
  readonly engine?: EngineName;
  /** On a fork: ask the remote ahead for what transactions and calls will probably read; default true. */
  readonly prefetch?: boolean;
  /** web3_clientVersion */
  readonly clientVersion: string;
  readonly dialect: "hardhat2" | "hardhat3";
  readonly throwOnTransactionFailures: boolean;
  readonly throwOnCallFailures: boolean;
  readonly loggingEnabled: boolean;
  /** Receives each block's record; absent = nothing is traced or recorded. */
  readonly record?: (record: BlockRecord) => void;
  /** Run every block on the sequential executor as well and compare (BlockRecord.rootCheck). */
  readonly verify: boolean;
  /** The error to throw for a failed execution, or null to use the built-in words. */
  readonly explainFailure?: (failure: FailedExecution) => Promise<Error | null>;
  /** ABI entries (type "error") that the given runtime code may revert with. */
  readonly errorAbi?: (code: Uint8Array) => readonly unknown[];
  /** Prints decoded console.log messages; gets raw calldata in order. */
  readonly printConsoleLogs?: (calldata: readonly Uint8Array[]) => void;
  /** Decodes console.log messages for the log of requests; absent = the log has none. */
  readonly decodeConsoleLogs?: (calldata: readonly Uint8Array[]) => readonly string[];
  /** Prints a line of the log of requests, or replaces the last one; default: stdout. */
  readonly printLine?: (line: string, replacesLast: boolean) => void;
  /** hardhat_addCompilationResult */
  readonly addCompilationResult?: (
    solcVersion: string,
    input: unknown,
    output: unknown,
  ) => Promise<boolean>;
}

/** An EIP-1193 provider; events "notification", "message", "hardhatNetworkReset", "hardhatNetworkRevertSnapshot". */
export interface ParallelNetwork extends EventEmitter {
  request(request: {
    /** the caller's number for the request, which Hardhat 3 shows in errors */
    readonly id?: number | string | null;
    readonly method: string;
    readonly params?: readonly unknown[] | object;
  }): Promise<unknown>;
  /** Frees workers and timers; idempotent. */
  close(): Promise<void>;
}

/** What a network needs, with some of it other than by default. */
export interface NetworkChanges extends Partial<Omit<ParallelNetworkOptions, "chain">> {
  readonly chain?: Partial<ChainConfig>;
}

/**
 * Options of a network as `hardhat node` has it by default, but without accounts, with the changes on
 * top: `networkOptions({ chain: { accounts } })`.
 */
export function networkOptions({ chain, ...changes }: NetworkChanges = {}): ParallelNetworkOptions {
  return {
    workers: Math.min(availableParallelism(), 8),
    minTransactionsForThreads: 16,
    clientVersion: "hardhat-parallel",
    dialect: "hardhat2",
    throwOnTransactionFailures: true,
    throwOnCallFailures: true,
    loggingEnabled: false,
    verify: false,
    ...changes,
    chain: { ...DEFAULT_CHAIN_CONFIG, ...chain },
  };
}

/** A network with a chain of its own. Threads start when they are worth it. */
export async function createParallelNetwork(
  options: ParallelNetworkOptions,
): Promise<ParallelNetwork> {
  const lasting: Lasting = {
    segments: new Segments(),
    foresight: options.prefetch === false ? null : new LateForesight(),
  };
  return RpcNetwork.create((fork) => {
    const { fork: _configured, ...own } = options.chain;
    const chain =
      fork === "configured"
        ? options.chain
        : fork === null
          ? own
          : { ...own, fork: { ...NO_FORK_SETTINGS, ...options.forkSettings, ...fork } };
    return createChain({ ...options, chain }, lasting);
  }, options);
}

const NO_FORK_SETTINGS: ForkSettings = { hardforkHistories: new Map() };

/** What a network keeps from chain to chain. */
interface Lasting {
  readonly segments: Segments;
  /** null = nothing is asked for ahead */
  readonly foresight: LateForesight | null;
}

async function createChain(
  options: ParallelNetworkOptions,
  { segments, foresight }: Lasting,
): Promise<Chain> {
  const {
    workers,
    minTransactionsForThreads,
    record,
    engine: engineName = DEFAULT_ENGINE,
  } = options;
  const engine = createEngine(engineName);
  const chain = await createLocalChain({
    config: options.chain,
    executor: createPooledExecutor({
      workers,
      minTransactionsForThreads,
      engine,
      threadEngine: { engine: engineName },
    }),
    engine,
    foresight,
    ...(workers > 1 ? { rootThread: createRootThread() } : {}),
    ...(options.verify ? { verifier: new SequentialExecutor() } : {}),
    trace: record !== undefined,
  });
  if (record !== undefined) {
    const renumber = segments.ofNewChain();
    chain.on("blockRecord", (block) => record(renumber(block)));
  }
  return chain;
}

/** Each chain counts its segments from 0; the network's records count on over hardhat_reset. */
class Segments {
  #next = 0;

  ofNewChain(): (record: BlockRecord) => BlockRecord {
    const first = this.#next;
    return (record) => {
      const segment = first + record.segment;
      this.#next = segment + 1;
      return { ...record, segment };
    };
  }
}

export type { EngineName, FailedExecution, RunHeader };
