/**
 * evm_snapshot and evm_revert.
 *
 * Restored: chain, state, pool with its block gas limit, coinbase, base fee and timestamp of the next
 * block, both hash chains, time offset. Not restored, as in stock: automine, interval mining, minimum
 * gas price.
 *
 * Owns: ids and what each remembers. Reverting costs what changed since.
 */
import type { Address, Hash } from "../state/hex";
import type { StateMark } from "../state/state-store";
import type { ClockSnapshot } from "./block-clock";
import type { ChainState } from "./chain-state";
import type { Mempool } from "./mempool";

interface Snapshot {
  readonly number: bigint;
  readonly mark: StateMark;
  readonly pool: Mempool;
  readonly clock: ClockSnapshot;
  readonly coinbase: Address;
  readonly nextBaseFeePerGas: bigint | null;
  readonly prevRandao: Hash;
  readonly parentBeaconBlockRoot: Hash;
}

export class Snapshots {
  readonly #state: ChainState;
  readonly #taken = new Map<bigint, Snapshot>();
  #nextId = 1n;

  constructor(state: ChainState) {
    this.#state = state;
  }

  /** Ids count up and are never used again. */
  take(): bigint {
    const { history, store, pool, clock, coinbase, nextBaseFeePerGas } = this.#state;
    const id = this.#nextId++;
    this.#taken.set(id, {
      number: history.latestNumber,
      mark: store.mark(),
      pool: pool.copy(),
      clock: clock.snapshot(),
      coinbase,
      nextBaseFeePerGas,
      prevRandao: this.#state.prevRandaos.next,
      parentBeaconBlockRoot: this.#state.parentBeaconBlockRoots.next,
    });
    return id;
  }

  /** Gives up the snapshot; its id stays used. */
  forget(id: bigint): void {
    this.#taken.delete(id);
  }

  /**
   * Goes back to the snapshot and removes it and all later ones. False for an unknown id; as in
   * stock the later ones are gone even then.
   */
  async revert(id: bigint): Promise<boolean> {
    const snapshot = this.#taken.get(id);
    for (const later of [...this.#taken.keys()].filter((taken) => taken >= id)) {
      this.#taken.delete(later);
    }
    if (snapshot === undefined) {
      return false;
    }
    const state = this.#state;
    state.history.truncate(snapshot.number);
    state.store.revertTo(snapshot.mark);
    state.pool = snapshot.pool;
    state.clock.restore(snapshot.clock);
    state.coinbase = snapshot.coinbase;
    state.nextBaseFeePerGas = snapshot.nextBaseFeePerGas;
    state.prevRandaos.next = snapshot.prevRandao;
    state.parentBeaconBlockRoots.next = snapshot.parentBeaconBlockRoot;
    state.segment++;
    await state.store.catchUp();
    return true;
  }
}
