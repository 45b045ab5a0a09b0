/**
 * Which block and which state a selector means.
 *
 * States are given as they were at their mark in the journal, so that later blocks do not disturb
 * whoever holds one. Callers hold the lock.
 */
import { invariant } from "../errors/base-error";
import { BlockOverlay } from "../execution/block-overlay";
import { type Address, EMPTY_TRIE_ROOT, type Hash, type Hex } from "../state/hex";
import type { StateReader } from "../state/state-reader";
import type { AccountProof } from "../state/state-store";
import type { NextBlock } from "./block-builder";
import { environmentOf } from "./block-environment";
import { keepable } from "./calls";
import type { BlockSelector, ChainBlock, ChainTransaction, ExecutionContext } from "./chain";
import { ChainError } from "./chain-error";
import type { ChainState } from "./chain-state";
import { blockReward } from "./hardfork";
import type { Miner } from "./miner";

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

  /**
   * The block's environment and the state after it: what a call on this block begins on.
   * Throws ChainError UnknownBlock; for "pending" also what building the block throws.
   */
  async context(selector: BlockSelector): Promise<ExecutionContext> {
    const { history, store } = this.#state;
    if (selector === "pending") {
      return this.#miner.withPending((next) => ({
        environment: keepable(next.environment),
        preState: this.#stateAfter(next),
      }));
    }
    const { header } = this.#known(selector);
    return {
      environment: keepable(environmentOf(this.#state, header)),
      preState: store.at(history.stateMark(header.number) ?? store.mark()),
    };
  }

  /** What a mined transaction began on. Throws ChainError UnknownTransaction. */
  mined(hash: Hash): { transaction: ChainTransaction; context: ExecutionContext } {
    const { history, store } = this.#state;
    const location = history.transaction(hash);
    const transaction = location?.block.transactions[location.index];
    const mark = history.transactionMark(hash);
    if (location === undefined || transaction === undefined || mark === undefined) {
      throw new ChainError({ kind: "UnknownTransaction", hash });
    }
    return {
      transaction,
      context: {
        environment: keepable(environmentOf(this.#state, location.block.header)),
        preState: store.at(mark),
      },
    };
  }

  /** eth_getProof. Throws as `context`. */
  async proof(
    address: Address,
    slots: readonly bigint[],
    selector: BlockSelector,
  ): Promise<AccountProof> {
    const { history, store } = this.#state;
    if (selector === "pending") {
      return this.#miner.withPending(() => asStockShows(store.proof(address, slots)));
    }
    const { header } = this.#known(selector);
    const mark = history.stateMark(header.number) ?? store.mark();
    return asStockShows(store.proof(address, slots, mark));
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
