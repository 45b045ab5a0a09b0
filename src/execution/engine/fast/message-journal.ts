/**
 * What one transaction's message keeps besides the state: warm addresses and slots (EIP-2929),
 * transient storage (EIP-1153), logs, refund, accounts created, touched and self-destructed; with one
 * undo log, so that a reverted frame leaves nothing.
 */
import type { Address } from "../../../state/hex";
import { LogBuffer } from "../../encoded-logs";

/** RIPEMD-160's touch survives a revert (the Shanghai-attack block 2675119; EIP-161 as deployed). */
const RIPEMD160: Address = "0x0000000000000000000000000000000000000003";

interface AddressSet {
  has(address: Address): boolean;
}
const NO_ADDRESSES: ReadonlySet<Address> = new Set();

export class MessageJournal {
  readonly #alwaysWarm: AddressSet;
  readonly #warmAddresses = new Set<Address>();
  readonly #warmSlots = new Map<Address, Set<bigint>>();
  readonly logs: LogBuffer;
  // Made when something is put in: most messages have none of these.
  #transient: Map<Address, Map<bigint, bigint>> | null = null;
  #created: Set<Address> | null = null;
  #touched: Set<Address> | null = null;
  #selfDestructed: Set<Address> | null = null;
  readonly #undo: (() => void)[] = [];
  /** gas, uncapped */
  refund = 0;
  readonly #refunds: number[] = [];
  readonly #logCounts: number[] = [];
  readonly #marks: number[] = [];

  /**
   * @param alwaysWarm the precompiles
   * @param logs takes the message's logs, and nobody else's until it has ended
   */
  constructor(alwaysWarm: AddressSet = NO_ADDRESSES, logs: LogBuffer = new LogBuffer()) {
    logs.begin();
    this.logs = logs;
    this.#alwaysWarm = alwaysWarm;
  }

  get created(): ReadonlySet<Address> {
    return this.#created ?? NO_ADDRESSES;
  }

  get touched(): ReadonlySet<Address> {
    return this.#touched ?? NO_ADDRESSES;
  }

  get selfDestructed(): ReadonlySet<Address> {
    return this.#selfDestructed ?? NO_ADDRESSES;
  }

  /** Checkpoints that are open. */
  get depth(): number {
    return this.#marks.length;
  }

  checkpoint(): void {
    this.#marks.push(this.#undo.length);
    this.#refunds.push(this.refund);
    this.#logCounts.push(this.logs.count);
  }

  commit(): void {
    this.#marks.pop();
    this.#refunds.pop();
    this.#logCounts.pop();
  }

  revert(): void {
    const mark = this.#marks.pop() ?? 0;
    while (this.#undo.length > mark) {
      this.#undo.pop()?.();
    }
    this.refund = this.#refunds.pop() ?? 0;
    this.logs.truncate(this.#logCounts.pop() ?? 0);
  }

  /** @returns true if the address was cold */
  warmAddress(address: Address): boolean {
    return !this.#alwaysWarm.has(address) && this.#add(this.#warmAddresses, address);
  }

  isWarmAddress(address: Address): boolean {
    return this.#alwaysWarm.has(address) || this.#warmAddresses.has(address);
  }

  /** @returns true if the slot was cold */
  warmSlot(address: Address, slot: bigint): boolean {
    let slots = this.#warmSlots.get(address);
    if (slots === undefined) {
      slots = new Set();
      this.#warmSlots.set(address, slots);
    }
    return this.#add(slots, slot);
  }

  transient(address: Address, slot: bigint): bigint {
    return this.#transient?.get(address)?.get(slot) ?? 0n;
  }

  setTransient(address: Address, slot: bigint, value: bigint): void {
    this.#transient ??= new Map();
    let slots = this.#transient.get(address);
    if (slots === undefined) {
      slots = new Map();
      this.#transient.set(address, slots);
    }
    const known = slots;
    const before = known.get(slot) ?? 0n;
    known.set(slot, value);
    this.#undo.push(() => known.set(slot, before));
  }

  touch(address: Address): void {
    this.#touched ??= new Set();
    if (address === RIPEMD160) {
      this.#touched.add(address);
    } else {
      this.#add(this.#touched, address);
    }
  }

  markCreated(address: Address): void {
    this.#created ??= new Set();
    this.#add(this.#created, address);
  }

  /** @returns true if the account was not marked before */
  markSelfDestructed(address: Address): boolean {
    this.#selfDestructed ??= new Set();
    return this.#add(this.#selfDestructed, address);
  }

  #add<T>(set: Set<T>, item: T): boolean {
    if (set.has(item)) {
      return false;
    }
    set.add(item);
    if (this.#marks.length > 0) {
      this.#undo.push(() => set.delete(item));
    }
    return true;
  }
}
