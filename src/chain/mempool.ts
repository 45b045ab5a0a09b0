/**
 * Transactions that wait for a block.
 *
 * A sender's pending queue has consecutive nonces from the account's nonce on; what came too early
 * waits in the sender's future queue until a new transaction closes the gap.
 *
 * Owns: the queues, admission and replacement, the block gas limit that both depend on. Does not own:
 * the order inside a block (transaction-order.ts), checks that need the next block (local-chain.ts).
 *
 * Cost: adding, finding and dropping a transaction do not depend on the size of the pool; `update`
 * costs what the changed senders have in it.
 */
import type { Address, Hash } from "../state/hex";
import type { StateReader } from "../state/state-reader";
import type { ChainTransaction, PoolRejection } from "./chain";
import { checkGasLimit, checkReplacement, checkSender, isStillValid } from "./pool-rules";

export interface PooledTransaction {
  readonly transaction: ChainTransaction;
  /** order of arrival */
  readonly arrival: number;
}

export class Mempool {
  #blockGasLimit: bigint;
  readonly #transactionGasCap: bigint | null;
  /** Senders in the order in which they first had a pending transaction; queues are never empty. */
  readonly #pending = new Map<Address, PooledTransaction[]>();
  /** By sender and nonce, in order of arrival. */
  readonly #future = new Map<Address, Map<bigint, PooledTransaction>>();
  readonly #byHash = new Map<Hash, PooledTransaction>();
  #nextArrival = 0;
  /**
   * Senders whose future queue was made by a drop and may be empty. The stock network leaves such
   * queues until the next update: they keep their place in the order, and the pool is not empty.
   */
  readonly #leftBehind = new Set<Address>();

  constructor(blockGasLimit: bigint, transactionGasCap: bigint | null) {
    this.#blockGasLimit = blockGasLimit;
    this.#transactionGasCap = transactionGasCap;
  }

  /** An independent copy (for snapshots); costs the size of the pool, which is seldom above zero. */
  copy(): Mempool {
    const copy = new Mempool(this.#blockGasLimit, this.#transactionGasCap);
    for (const [sender, queue] of this.#pending) {
      copy.#pending.set(sender, [...queue]);
    }
    for (const [sender, queue] of this.#future) {
      copy.#future.set(sender, new Map(queue));
    }
    for (const [hash, entry] of this.#byHash) {
      copy.#byHash.set(hash, entry);
    }
    copy.#nextArrival = this.#nextArrival;
    for (const sender of this.#leftBehind) {
      copy.#leftBehind.add(sender);
    }
    return copy;
  }

  /** gas */
  get blockGasLimit(): bigint {
    return this.#blockGasLimit;
  }

  /** Sets the gas limit of the next blocks and drops what exceeds it. */
  setBlockGasLimit(limit: bigint, state: StateReader): void {
    this.#blockGasLimit = limit;
    this.update(new Set([...this.#pending.keys(), ...this.#future.keys()]), state);
  }

  /** False also between the drop of a pending transaction and the next update, as in stock. */
  get isEmpty(): boolean {
    return this.#pending.size === 0 && this.#future.size === 0;
  }

  get hasPending(): boolean {
    return this.#pending.size > 0;
  }

  /** Is nothing here from any other sender? */
  hasOnly(senders: ReadonlySet<Address>): boolean {
    const isOne = (sender: Address): boolean => senders.has(sender);
    return [...this.#pending.keys()].every(isOne) && [...this.#future.keys()].every(isOne);
  }

  get(hash: Hash): ChainTransaction | undefined {
    return this.#byHash.get(hash)?.transaction;
  }

  /** The pending queues, each in nonce order. */
  pendingQueues(): Iterable<readonly PooledTransaction[]> {
    return this.#pending.values();
  }

  /** All transactions: pending queues, then future queues. */
  *all(): Iterable<ChainTransaction> {
    for (const queue of this.#pending.values()) {
      for (const { transaction } of queue) {
        yield transaction;
      }
    }
    for (const queue of this.#future.values()) {
      for (const { transaction } of queue.values()) {
        yield transaction;
      }
    }
  }

  /** Nonce after the sender's pending transactions. */
  nextNonce(sender: Address, state: StateReader): bigint {
    const last = this.#pending.get(sender)?.at(-1);
    return last === undefined ? state.nonce(sender) : last.transaction.input.nonce + 1n;
  }

  /** Adds the transaction, or says why not; then nothing has changed. */
  add(transaction: ChainTransaction, state: StateReader): PoolRejection | null {
    const rejection = this.#rejection(transaction, state);
    if (rejection !== null) {
      return rejection;
    }
    const { from: sender, nonce, hash } = transaction.input;
    const entry: PooledTransaction = { transaction, arrival: this.#nextArrival };
    const underpriced =
      nonce > this.nextNonce(sender, state)
        ? this.#putFuture(sender, entry)
        : this.#putPending(sender, entry);
    if (underpriced !== null) {
      return underpriced;
    }
    this.#nextArrival++;
    this.#byHash.set(hash, entry);
    return null;
  }

  /** Drops it; the sender's later pending ones become future ones. False if it is not here. */
  drop(hash: Hash): boolean {
    const entry = this.#byHash.get(hash);
    if (entry === undefined) {
      return false;
    }
    this.#byHash.delete(hash);
    const { from: sender, nonce } = entry.transaction.input;
    const queue = this.#pending.get(sender);
    const index = queue?.indexOf(entry) ?? -1;
    if (queue !== undefined && index >= 0) {
      this.#moveToFuture(sender, queue.splice(index).slice(1));
      this.#leftBehind.add(sender);
      if (queue.length === 0) {
        this.#pending.delete(sender);
      }
    } else {
      const future = this.#future.get(sender);
      future?.delete(nonce);
      if (future?.size === 0) {
        this.#future.delete(sender);
      }
    }
    return true;
  }

  /**
   * After a change of the given accounts' nonces or balances: drops what is mined, stale, too dear or
   * over the block gas limit, and moves what is no longer consecutive to the future queues.
   */
  update(changed: ReadonlySet<Address>, state: StateReader): void {
    for (const sender of ownKeys(this.#pending, changed)) {
      const nonce = state.nonce(sender);
      const kept = this.#keepValid(this.#pending.get(sender) ?? [], nonce, state);
      const gap = kept.findIndex((entry, i) => entry.transaction.input.nonce !== nonce + BigInt(i));
      const consecutive = gap < 0 ? kept : kept.slice(0, gap);
      if (gap >= 0) {
        this.#moveToFuture(sender, kept.slice(gap));
      }
      if (consecutive.length === 0) {
        this.#pending.delete(sender);
      } else {
        this.#pending.set(sender, consecutive);
      }
    }
    for (const sender of this.#leftBehind) {
      if (this.#future.get(sender)?.size === 0) {
        this.#future.delete(sender);
      }
    }
    this.#leftBehind.clear();
    for (const sender of ownKeys(this.#future, changed)) {
      const queue = [...(this.#future.get(sender)?.values() ?? [])];
      const kept = this.#keepValid(queue, state.nonce(sender), state);
      if (kept.length === 0) {
        this.#future.delete(sender);
      } else if (kept.length < queue.length) {
        this.#future.set(
          sender,
          new Map(kept.map((entry) => [entry.transaction.input.nonce, entry])),
        );
      }
    }
  }

  #rejection(transaction: ChainTransaction, state: StateReader): PoolRejection | null {
    const { from, hash } = transaction.input;
    return (
      checkGasLimit(transaction, this.#transactionGasCap, this.#blockGasLimit) ??
      (this.#byHash.has(hash) ? { kind: "KnownTransaction", hash } : null) ??
      checkSender(transaction, state.nonce(from), state)
    );
  }

  #putFuture(sender: Address, entry: PooledTransaction): PoolRejection | null {
    const { nonce } = entry.transaction.input;
    const queue = getOrCreate(this.#future, sender, () => new Map<bigint, PooledTransaction>());
    const replaced = queue.get(nonce);
    const underpriced = replaced === undefined ? null : this.#replacing(replaced, entry);
    if (underpriced === null) {
      // setting an existing key keeps its place in the map's order
      queue.set(nonce, entry);
    }
    return underpriced;
  }

  #putPending(sender: Address, entry: PooledTransaction): PoolRejection | null {
    const { nonce } = entry.transaction.input;
    const queue = this.#pending.get(sender);
    if (queue === undefined) {
      const begun = [entry]; // an empty array makes room for many at the first one
      this.#pending.set(sender, begun);
      this.#promote(sender, begun, nonce + 1n);
      return null;
    }
    const first = queue[0]?.transaction.input.nonce ?? nonce;
    // a pending queue has consecutive nonces, so a nonce's place is known
    const index = Number(nonce - first);
    const replaced = queue[index];
    if (replaced === undefined) {
      queue.push(entry);
      this.#promote(sender, queue, nonce + 1n);
      return null;
    }
    const underpriced = this.#replacing(replaced, entry);
    if (underpriced === null) {
      queue[index] = entry;
    }
    return underpriced;
  }

  /** Checks a replacement and forgets the replaced transaction's hash. */
  #replacing(replaced: PooledTransaction, entry: PooledTransaction): PoolRejection | null {
    const underpriced = checkReplacement(replaced.transaction, entry.transaction);
    if (underpriced === null) {
      this.#byHash.delete(replaced.transaction.input.hash);
    }
    return underpriced;
  }

  /** Moves future transactions that follow on the pending ones. */
  #promote(sender: Address, pending: PooledTransaction[], nextNonce: bigint): void {
    const future = this.#future.get(sender);
    if (future === undefined) {
      return;
    }
    let nonce = nextNonce;
    for (let entry = future.get(nonce); entry !== undefined; entry = future.get(nonce)) {
      pending.push(entry);
      future.delete(nonce);
      nonce++;
    }
    if (future.size === 0) {
      this.#future.delete(sender);
    }
  }

  #moveToFuture(sender: Address, entries: readonly PooledTransaction[]): void {
    const future = getOrCreate(this.#future, sender, () => new Map<bigint, PooledTransaction>());
    for (const entry of entries) {
      future.set(entry.transaction.input.nonce, entry);
    }
  }

  #keepValid(
    queue: readonly PooledTransaction[],
    nonce: bigint,
    state: StateReader,
  ): PooledTransaction[] {
    return queue.filter(({ transaction }) => {
      const isValid = isStillValid(transaction, nonce, state, this.#blockGasLimit);
      if (!isValid) {
        this.#byHash.delete(transaction.input.hash);
      }
      return isValid;
    });
  }
}

/** The changed keys that the map has, in the map's order where that costs no more. */
function ownKeys(map: ReadonlyMap<Address, unknown>, changed: ReadonlySet<Address>): Address[] {
  return changed.size < map.size
    ? [...changed].filter((key) => map.has(key))
    : [...map.keys()].filter((key) => changed.has(key));
}

function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const existing = map.get(key);
  if (existing !== undefined) {
    return existing;
  }
  const value = create();
  map.set(key, value);
  return value;
}
