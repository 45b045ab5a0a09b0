/**
 * Blocks of calls that follow a block and are never part of the chain (eth_simulateV1).
 *
 * Owns: their environments, the execution of their calls one after the other, their headers. Does
 * not own: which blocks there are (simulation-plan.ts). Changes nothing: the store is as it was
 * afterwards. Callers hold the lock. No block rewards; the hardfork is the network's throughout.
 */
import { BlockOverlay } from "../execution/block-overlay";
import type { Engine } from "../execution/engine/engine";
import { keysOfWrites } from "../execution/loaded-execution";
import type { Log, TransactionOutcome } from "../execution/outcome";
import type { BlockEnvironment } from "../execution/transaction";
import { upfrontCost } from "../execution/transaction-validity";
import type { Address, Hash } from "../state/hex";
import type { StateKey } from "../state/missing";
import type { WriteSet } from "../state/write-set";
import { nextBaseFee, nextExcessBlobGas } from "./base-fee";
import { draftBlock, shownStateRoot } from "./block-builder";
import { ZERO_HASH } from "./block-header";
import { runInput } from "./calls";
import type { BlockHeader, ChainBlock, ChainTransaction, ExecutionContext } from "./chain";
import { ChainError } from "./chain-error";
import type { ChainState } from "./chain-state";
import { isAtLeast } from "./hardfork";
import {
  type PlannedBlock,
  planBlocks,
  type SimulatedBlockRequest,
  type SimulatedCallRequest,
} from "./simulation-plan";
import { overrideWrites } from "./state-overrides";
import { unsignedTransactionFrom } from "./transaction-codec";
import { TransferLogs } from "./transfer-logs";

/** What a simulation goes on from. */
export interface SimulationBase {
  readonly header: BlockHeader;
  /** the block's environment and the state after it */
  readonly context: ExecutionContext;
  /** The store holds this very state, so that state roots can be computed. */
  readonly hasStoreState: boolean;
}

export interface SimulationOptions {
  /** Check nonces, fees and senders as of transactions; else as of eth_call. */
  readonly validation: boolean;
  /** Movements of ether are among the logs. */
  readonly traceTransfers: boolean;
}

export interface SimulatedCall {
  readonly outcome: TransactionOutcome;
  /** with transfers if they were asked for */
  readonly logs: readonly Log[];
}

export interface SimulatedBlock {
  readonly block: ChainBlock;
  readonly calls: readonly SimulatedCall[];
}

interface ExecutedCall extends SimulatedCall {
  readonly transaction: ChainTransaction;
}

/**
 * Throws ChainError SimulatedNumber, SimulatedTimestamp, SimulationTooLong, SimulatedGasLimit,
 * InvalidSimulatedCall.
 */
export async function simulateBlocks(
  engine: Engine,
  state: ChainState,
  base: SimulationBase,
  requests: readonly SimulatedBlockRequest[],
  options: SimulationOptions,
): Promise<readonly SimulatedBlock[]> {
  const planned = planBlocks(base.header, requests);
  const { store } = state;
  const mark = store.mark();
  try {
    const simulation = new Simulation(engine, state, base, options);
    const blocks: SimulatedBlock[] = [];
    for (const block of planned) {
      blocks.push(await simulation.run(block));
    }
    return blocks;
  } finally {
    store.revertTo(mark);
  }
}

class Simulation {
  readonly #engine: Engine;
  readonly #state: ChainState;
  readonly #base: SimulationBase;
  readonly #options: SimulationOptions;
  readonly #overlay: BlockOverlay;
  /** One map for all blocks: on a fork the context's loader adds to it. */
  readonly #hashes: Map<bigint, Hash>;
  /** accounts whose storage begins in the simulation */
  readonly #begun = new Set<Address>();
  #parent: BlockHeader;

  constructor(engine: Engine, state: ChainState, base: SimulationBase, options: SimulationOptions) {
    this.#engine = engine;
    this.#state = state;
    this.#base = base;
    this.#options = options;
    this.#overlay = new BlockOverlay(base.context.preState);
    // The chain made the map for this context alone (`keepable`): it is a Map.
    this.#hashes = base.context.environment.blockHashes as Map<bigint, Hash>;
    this.#parent = base.header;
  }

  async run({ header, state: overrides, calls }: PlannedBlock): Promise<SimulatedBlock> {
    this.#hashes.set(this.#parent.number, this.#parent.hash);
    const environment = this.#environment(header);
    await this.#load([...overrides.keys()].map((address) => ({ kind: "account", address })));
    await this.#apply(overrideWrites(overrides, this.#overlay));
    const executed: ExecutedCall[] = [];
    let gasUsed = 0n;
    for (const [index, call] of calls.entries()) {
      const done = await this.#call(environment, call, index, gasUsed);
      gasUsed += done.outcome.gasUsed;
      executed.push(done);
    }
    const block = draftBlock(environment, executed, {
      hardfork: this.#state.hardfork,
      parentTotalDifficulty: this.#parent.totalDifficulty,
    }).seal(this.#stateRoot());
    this.#parent = block.header;
    return { block, calls: executed };
  }

  #environment(given: PlannedBlock["header"]): BlockEnvironment {
    const { hardfork } = this.#state;
    const parent = this.#parent;
    const hasBlobs = isAtLeast(hardfork, "cancun");
    const { validation } = this.#options;
    return {
      ...this.#base.context.environment,
      number: given.number,
      timestamp: given.timestamp,
      coinbase: given.coinbase ?? parent.miner,
      gasLimit: given.gasLimit ?? parent.gasLimit,
      baseFeePerGas: isAtLeast(hardfork, "london")
        ? (given.baseFeePerGas ?? (validation ? baseFeeAfter(parent) : 0n))
        : null,
      difficulty: given.difficulty ?? (isAtLeast(hardfork, "merge") ? 0n : parent.difficulty),
      prevRandao: given.prevRandao ?? ZERO_HASH,
      excessBlobGas: hasBlobs ? nextExcessBlobGas(hardfork, parent) : null,
      parentBeaconBlockRoot: hasBlobs ? (given.parentBeaconBlockRoot ?? ZERO_HASH) : null,
      parentHash: parent.hash,
    };
  }

  async #call(
    environment: BlockEnvironment,
    call: SimulatedCallRequest,
    index: number,
    gasUsed: bigint,
  ): Promise<ExecutedCall> {
    const { from } = call;
    await this.#load([{ kind: "account", address: from }]);
    const nonce = this.#overlay.nonce(from);
    const { gasLimit: blockGas, rules } = environment;
    const remaining = blockGas - gasUsed;
    const gas = call.gasLimit ?? this.#defaultGas(remaining, rules.transactionGasCap);
    if (gas > remaining) {
      const room = { call: index, gas, gasUsed, gasLimit: blockGas };
      throw new ChainError({ kind: "SimulatedGasLimit", ...room });
    }
    const transaction = unsignedTransactionFrom(
      { ...call.transaction, nonce: call.nonce ?? nonce, gasLimit: gas },
      from,
    );
    try {
      const { outcome, logs } = await this.#execute(environment, transaction, nonce);
      await this.#apply(outcome.writes, index);
      return { transaction, outcome, logs };
    } catch (error) {
      if (error instanceof ChainError && error.problem.kind === "InvalidTransaction") {
        const { reason } = error.problem;
        const place = { number: environment.number, call: index };
        throw new ChainError({ kind: "InvalidSimulatedCall", ...place, reason });
      }
      throw error;
    }
  }

  #defaultGas(remaining: bigint, cap: bigint | null): bigint {
    return this.#options.validation && cap !== null && cap < remaining ? cap : remaining;
  }

  /**
   * Without validation nonces, senders and the gas cap do not count. A call that offers no fee is
   * free, and as in eth_call its block's base fee is 0 then; one that offers a fee pays it.
   */
  async #execute(
    environment: BlockEnvironment,
    { input }: ChainTransaction,
    nonce: bigint,
  ): Promise<SimulatedCall> {
    const { validation, traceTransfers } = this.#options;
    const lenient = !validation && (input.maxFeePerGas === 0n || !environment.baseFeePerGas);
    const required = upfrontCost(input);
    const balance = this.#overlay.balance(input.from);
    if (lenient && balance < required) {
      const reason = { kind: "InsufficientFunds", required, balance } as const;
      throw new ChainError({ kind: "InvalidTransaction", reason });
    }
    const rules = validation
      ? { ...environment.rules, allowSenderWithCode: false }
      : { ...environment.rules, allowSenderWithCode: true, transactionGasCap: null };
    let transfers = new TransferLogs();
    const { outcome } = await runInput(
      this.#engine,
      {
        ...this.#base.context,
        environment: { ...environment, rules },
        preState: this.#overlay,
      },
      validation ? input : { ...input, nonce },
      {
        lenient,
        ...(traceTransfers
          ? {
              onBegin: () => {
                transfers = new TransferLogs();
              },
              frames: {
                enter: (frame) => transfers.enter(frame),
                exit: (end) => transfers.exit(end),
                log: (log) => transfers.log(log),
              },
            }
          : {}),
      },
    );
    return { outcome, logs: traceTransfers ? transfers.logs : outcome.logs };
  }

  async #apply(writes: WriteSet, index = -1): Promise<void> {
    await this.#load(keysOfWrites(writes, this.#begun));
    this.#overlay.apply(writes, index);
    if (this.#base.hasStoreState) {
      this.#state.store.apply(writes);
    }
  }

  async #load(keys: readonly StateKey[]): Promise<void> {
    await this.#base.context.load?.(keys);
  }

  /** Zero over an older block: its trie is not kept. On a fork as blocks of the chain show it. */
  #stateRoot(): Hash {
    return this.#base.hasStoreState || this.#state.base !== null
      ? shownStateRoot(this.#state)
      : ZERO_HASH;
  }
}

/** A fork's base may be older than London. */
function baseFeeAfter(parent: BlockHeader): bigint {
  return parent.baseFeePerGas === undefined ? 0n : nextBaseFee(parent);
}
