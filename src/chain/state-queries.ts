/**
 * Which block and which state a selector means.
 *
 * States are given as they were at their mark in the journal, so that later blocks do not disturb
 * whoever holds one. Callers hold the lock.
 */
import { invariant } from "../errors/base-error";
import { BlockOverlay } from "../execution/block-overlay";
import type { BlockEnvironment } from "../execution/transaction";
import { bigIntToHex32 } from "../state/bytes";
import { type Address, EMPTY_TRIE_ROOT, type Hash, type Hex } from "../state/hex";
import type { StateReader } from "../state/state-reader";
import type { AccountProof, StateStore } from "../state/state-store";
import type { NextBlock } from "./block-builder";
import { environmentOf, loaderFor } from "./block-environment";
import { contextInBlock, keepable } from "./calls";
import type {
  BlockSelector,
  ChainBlock,
  ChainTransaction,
  ExecutionContext,
  PlacedLog,
} from "./chain";
import { ChainError } from "./chain-error";
import type { ChainState } from "./chain-state";
import type { ForkBase } from "./fork/fork-base";
import { blockReward } from "./hardfork";
import { findLogs, type LogFilter, placedRemoteLog } from "./log-filter";
import type { Miner } from "./miner";
import type { SimulationBase } from "./simulation";

/** rlp of an empty string */
const EMPTY_TRIE_NODE: Hex = "0x80";

export class StateQueries {
  readonly #state: ChainState;
  readonly #miner: Miner;

  constructor(state: ChainState, miner: Miner) {
    this.#state = state;
    this.#miner = miner;
  }

  block(selector: Exclude<BlockSelector, "pending">): ChainBlock | undefined {
    const { history } = this.#state;
    if (typeof selector === "object") {
      return "number" in selector
        ? history.byNumber(selector.number)
        : history.byHash(selector.hash);
    }
    // finality means nothing on a local network: safe and finalized are the latest, as in stock
    return selector === "earliest" ? history.byNumber(0n) : history.latest;
  }

  /** Logs of the blocks in the filter's range. Throws Missing on a fork. */
  logs(filter: LogFilter & { readonly fromBlock: bigint; readonly toBlock: bigint }): PlacedLog[] {
    const { base, history } = this.#state;
    const own = findLogs(history.builtBetween(filter.fromBlock, filter.toBlock), filter);
    if (base === null || filter.fromBlock > base.number || filter.fromBlock > filter.toBlock) {
      return own;
    }
    const endsBefore = filter.toBlock < base.number;
    const toBlock = endsBefore ? filter.toBlock : base.number;
    return [...base.logs({ ...filter, toBlock }).map(placedRemoteLog), ...own];
  }

  /**
   * The block's environment and the state after it: what a call on this block begins on.
   * Throws ChainError UnknownBlock; for "pending" also what building the block throws.
   */
  async context(selector: BlockSelector): Promise<ExecutionContext> {
    if (selector === "pending") {
      return this.#miner.withPending((next) =>
        this.#context(keepable(next.environment), this.#stateAfter(next), this.#state.store),
      );
    }
    const block = this.#known(selector);
    const { preState, store } = this.#stateOf(block);
    return this.#context(keepable(environmentOf(this.#state, block.header)), preState, store);
  }

  /** Runs a simulation of blocks that follow the block. Throws as `context`. */
  async simulateAfter<T>(
    selector: BlockSelector,
    simulate: (base: SimulationBase) => Promise<T>,
  ): Promise<T> {
    const { base, history, store } = this.#state;
    if (selector === "pending") {
      return this.#miner.withPending((next) =>
        simulate({
          header: next.block.header,
          context: this.#context(keepable(next.environment), this.#stateAfter(next), store),
          hasStoreState: base === null,
        }),
      );
    }
    const block = this.#known(selector);
    const { header } = block;
    const { preState, store: itsStore } = this.#stateOf(block);
    // simulated blocks follow the rules of this network, also over a fork's remote
    const environment = keepable(environmentOf(this.#state, header, this.#state.rules));
    return simulate({
      header,
      context: this.#context(environment, preState, itsStore),
      hasStoreState: base === null && header.number === history.latestNumber,
    });
  }

  /** The state after the block. Throws as `context`. */
  async state(selector: BlockSelector): Promise<StateReader> {
    return selector === "pending"
      ? (await this.context(selector)).preState
      : this.#stateOf(this.#known(selector)).preState;
  }

  /** What a mined transaction began on. Throws ChainError UnknownTransaction. */
  async mined(hash: Hash): Promise<{ transaction: ChainTransaction; context: ExecutionContext }> {
    const { history, store } = this.#state;
    const location = history.transaction(hash);
    const transaction = location?.block.transactions[location.index];
    if (location === undefined || transaction === undefined) {
      throw new ChainError({ kind: "UnknownTransaction", hash });
    }
    const context = this.contextBefore(location.block);
    const mark = history.transactionMark(hash);
    return {
      transaction,
      context:
        mark === undefined
          ? await contextInBlock(context, location.block, location.index)
          : { ...context, preState: store.at(mark) },
    };
  }

  /** What a block's first transaction began on. Throws Missing, and ChainError as `context`. */
  contextBefore(block: ChainBlock): ExecutionContext {
    const { base, history, store } = this.#state;
    const { number } = block.header;
    const environment = keepable(environmentOf(this.#state, block.header));
    if (base !== null && number <= base.number) {
      const { preState, store: older } = this.#stateOf(this.#known({ number: number - 1n }));
      return this.#context(environment, preState, older);
    }
    const built = history.built(number);
    const mark = built === undefined ? store.mark() : built.preMark;
    return this.#context(environment, store.at(mark), store);
  }

  /** eth_getProof. Throws as `context`. */
  async proof(
    address: Address,
    slots: readonly bigint[],
    selector: BlockSelector,
  ): Promise<AccountProof> {
    const { history, store } = this.#state;
    if (this.#state.base !== null) {
      return this.#remoteProof(this.#state.base, address, slots, selector);
    }
    if (selector === "pending") {
      return this.#miner.withPending(() => asStockShows(store.proof(address, slots)));
    }
    const { header } = this.#known(selector);
    const mark = history.stateMark(header.number) ?? store.mark();
    return asStockShows(store.proof(address, slots, mark));
  }

  #context(
    environment: BlockEnvironment,
    preState: StateReader,
    store: StateStore,
  ): ExecutionContext {
    const load = loaderFor(this.#state, store, environment);
    const { foresight } = this.#miner;
    return {
      environment,
      preState,
      ...(load === undefined ? {} : { load }),
      ...(load === undefined || foresight === null
        ? {}
        : { watch: (input) => foresight.watch(store, load, [input]) }),
    };
  }

  #stateOf(block: ChainBlock): { readonly preState: StateReader; readonly store: StateStore } {
    const { base, history, store } = this.#state;
    const { number } = block.header;
    if (base !== null && number < base.number) {
      const older = base.stateAt(block);
      return { preState: older, store: older };
    }
    return { preState: store.at(history.stateMark(number) ?? store.mark()), store };
  }

  /** Only the remote can prove, and it knows nothing of what was changed here. */
  async #remoteProof(
    base: ForkBase,
    address: Address,
    slots: readonly bigint[],
    selector: BlockSelector,
  ): Promise<AccountProof> {
    const { store } = this.#state;
    const number = selector === "pending" ? base.number + 1n : this.#known(selector).header.number;
    if (number > base.number || (number === base.number && store.mark() > 0)) {
      throw new ChainError({ kind: "NoProofOfLocalState" });
    }
    const { readProof }: typeof import("./fork/remote-proof") = require("./fork/remote-proof");
    return readProof(await base.proof(address, slots.map(bigIntToHex32), number));
  }

  #known(selector: Exclude<BlockSelector, "pending">): ChainBlock {
    const block = this.block(selector);
    if (block === undefined) {
      throw new ChainError({
        kind: "UnknownBlock",
        selector,
        latest: this.#state.history.latestNumber,
      });
    }
    return block;
  }

  /** The pending block is undone when nobody uses it any more, its state lives on in an overlay. */
  #stateAfter({ block, executed, preMark }: NextBlock): StateReader {
    const { hardfork, store } = this.#state;
    invariant(block.header.number > 0n, "genesis is never pending");
    const overlay = new BlockOverlay(store.at(preMark));
    executed.transactions.forEach(({ outcome }, i) => {
      overlay.apply(outcome.writes, i);
    });
    const reward = blockReward(hardfork);
    if (reward > 0n) {
      const address = block.header.miner;
      overlay.apply({ writes: [{ kind: "balance", address, delta: reward }], codes: new Map() });
    }
    return overlay;
  }
}

/** In an empty storage the stock network proves absence by the empty trie's one node. */
function asStockShows(proof: AccountProof): AccountProof {
  return proof.storageHash === EMPTY_TRIE_ROOT
    ? {
        ...proof,
        storageProof: proof.storageProof.map((entry) => ({ ...entry, proof: [EMPTY_TRIE_NODE] })),
      }
    : proof;
}
