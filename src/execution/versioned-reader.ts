/**
 * What one incarnation sees below itself: the multi-version memory, and behind it the block's
 * pre-state (the last two links of the read chain).
 *
 * Owns: nothing but the position it reads from. Does not own: the incarnation's own writes.
 * Throws ReadBlocked on an estimate and CapacityExceeded when the shared memory is full.
 */
import { bigIntToHex32 } from "../state/bytes";
import type { Address, Hash } from "../state/hex";
import { PRE_STATE_ORIGIN, type ReadOrigin } from "../state/read-set";
import type { StateReader } from "../state/state-reader";
import { type LocationId, type LocationReader, ReadBlocked } from "./location-reader";
import { BALANCE, CODE, EXISTENCE, NONCE } from "./location-table";
import type { MultiVersionMemory, Resolution } from "./multi-version-memory";

const NONE_CLEARED: ReadonlyMap<Address, boolean> = new Map();

export class VersionedReader implements LocationReader {
  readonly #memory: MultiVersionMemory;
  readonly #preState: StateReader;
  readonly #transactionIndex: number;
  #origin: ReadOrigin = PRE_STATE_ORIGIN;
  /**
   * Accounts that were asked for storage, and whether a transaction below had cleared it. Goes with
   * the existence read: equal existence alone would not say that the answer is still the same.
   */
  #clearedBelow: Map<Address, boolean> | null = null;
  /** Codes deployed in the block that were asked for: each is copied once. */
  #deployed: Map<Hash, Uint8Array> | null = null;
  /**
   * The location of each read that was answered, in order. An incarnation asks once per location and lists
   * the answers in this order (observed-state.ts), so these are the locations of its read set, which need
   * not be looked up again. A read that throws is not noted, nor is what is not listed: storage asked for as
   * a whole, balances before the block.
   */
  readonly noted: LocationId[] = [];

  constructor(memory: MultiVersionMemory, preState: StateReader, transactionIndex: number) {
    this.#memory = memory;
    this.#preState = preState;
    this.#transactionIndex = transactionIndex;
  }

  /** see #clearedBelow */
  get clearedBelow(): ReadonlyMap<Address, boolean> {
    return this.#clearedBelow ?? NONE_CLEARED;
  }

  get origin(): ReadOrigin {
    return this.#origin;
  }

  get unfinished(): number {
    return this.#memory.unfinished;
  }

  get location(): LocationId {
    return this.noted.at(-1) ?? 0;
  }

  exists(address: Address): boolean {
    this.#readExistence(address);
    this.noted.push(this.#memory.locations.account(EXISTENCE, address));
    return this.#memory.exists;
  }

  /**
   * Slots written in this block do not count: only an account without nonce and code is asked
   * (EIP-7610), and such an account cannot have got storage from a lower transaction.
   */
  hasStorage(address: Address): boolean {
    this.#readExistence(address);
    const cleared = this.#memory.cleared;
    this.#clearedBelow ??= new Map();
    this.#clearedBelow.set(address, cleared);
    return !cleared && this.#preState.hasStorage(address);
  }

  balance(address: Address, approximate = false): bigint {
    const location = this.#memory.locations.account(BALANCE, address);
    const found = this.#memory.readBalance(location, this.#transactionIndex, approximate);
    const before = this.#preState.balance(address);
    const isVersion = this.#isVersion(found);
    this.noted.push(location);
    return isVersion ? BigInt.asUintN(256, before + this.#memory.value) : before;
  }

  balanceBeforeBlock(address: Address): bigint {
    return this.#preState.balance(address);
  }

  nonce(address: Address): bigint {
    const location = this.#memory.locations.account(NONCE, address);
    const found = this.#memory.read(location, this.#transactionIndex);
    const nonce = this.#isVersion(found) ? this.#memory.value : this.#preState.nonce(address);
    this.noted.push(location);
    return nonce;
  }

  codeHash(address: Address): Hash {
    const location = this.#memory.locations.account(CODE, address);
    const found = this.#memory.read(location, this.#transactionIndex);
    const hash = this.#isVersion(found)
      ? bigIntToHex32(this.#memory.value)
      : this.#preState.codeHash(address);
    this.noted.push(location);
    return hash;
  }

  code(codeHash: Hash): Uint8Array {
    const copied = this.#deployed?.get(codeHash);
    if (copied !== undefined) {
      return copied;
    }
    const deployed = this.#memory.codeBytes(codeHash);
    if (deployed === null) {
      return this.#preState.code(codeHash);
    }
    this.#deployed ??= new Map();
    this.#deployed.set(codeHash, deployed);
    return deployed;
  }

  storage(address: Address, slot: bigint): bigint {
    const location = this.#memory.locations.storage(address, slot);
    const found = this.#memory.readStorage(location, this.#transactionIndex);
    const value = this.#isVersion(found)
      ? this.#memory.value
      : this.#preState.storage(address, slot);
    this.noted.push(location);
    return value;
  }

  #readExistence(address: Address): void {
    this.#isVersion(
      this.#memory.readExistence(address, this.#transactionIndex, this.#preState.exists(address)),
    );
  }

  /** Notes the origin of the memory's answer. */
  #isVersion(found: Resolution): boolean {
    if (found === "estimate") {
      throw new ReadBlocked(this.#memory.writer);
    }
    this.#origin =
      found === "preState"
        ? PRE_STATE_ORIGIN
        : { transactionIndex: this.#memory.writer, incarnation: this.#memory.incarnation };
    return found === "version";
  }
}
