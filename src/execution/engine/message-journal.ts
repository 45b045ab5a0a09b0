/**
 * Warm addresses and slots (EIP-2929), transient storage (EIP-1153) and touched accounts (EIP-161)
 * of one message, with the frames' checkpoints. Stands in for ethereumjs' Journal, whose checkpoints
 * allocate several sets each.
 *
 * Owns: what lives exactly as long as the message. Does not own: the state (the view keeps its own
 * undo log; checkpoints of both go together).
 */
import type { Account, Address as EthereumjsAddress } from "@ethereumjs/util";
import { invariant } from "../../errors/base-error";
import { bigIntToBytes32, bytesToHex, hexToBytes } from "../../state/bytes";
import type { Address } from "../../state/hex";
import type { Message } from "./engine";
import type { MessageContext } from "./message-context";
import type { ViewStateManager } from "./view-state-manager";

/**
 * On mainnet this account was once cleared by a transaction whose touch of it was reverted, and every
 * client repeats that (EIP-161, block 2,675,119): its touch survives a revert.
 */
const RIPEMD160: Address = "0x0000000000000000000000000000000000000003";

const DONE = Promise.resolve();

/** Stands in for ethereumjs' own transient storage, which the journal has. */
export const NO_TRANSIENT_STORAGE = {
  checkpoint: (): void => undefined,
  commit: (): void => undefined,
  revert: (): void => undefined,
  clear: (): void => undefined,
};

export class MessageJournal {
  readonly #context: MessageContext;
  readonly #stateManager: ViewStateManager;
  #warm = new Set<string>();
  #touched = new Set<Address>();
  #transient = new Map<string, bigint>();
  #undo: (() => void)[] = [];
  #checkpoints: number[] = [];

  readonly #precompiles: readonly string[];

  /** `precompiles`: addresses as unprefixed hex; warm in every message. */
  constructor(
    context: MessageContext,
    stateManager: ViewStateManager,
    precompiles: readonly string[],
  ) {
    this.#context = context;
    this.#stateManager = stateManager;
    this.#precompiles = precompiles.map((address) => addressKey(Buffer.from(address, "hex")));
  }

  /** Begins a new message, whatever became of the last one. */
  begin({ warmAddresses, warmSlots }: Pick<Message, "warmAddresses" | "warmSlots">): void {
    this.#warm = new Set(this.#precompiles);
    this.#touched = new Set();
    this.#transient = new Map();
    this.#undo = [];
    this.#checkpoints = [];
    for (const address of warmAddresses) {
      this.addAlwaysWarmAddress(address);
    }
    for (const { address, slots } of warmSlots) {
      this.addAlwaysWarmAddress(address);
      const bytes = hexToBytes(address);
      for (const slot of slots) {
        this.addAlwaysWarmSlot(bytes, bigIntToBytes32(slot));
      }
    }
  }

  get touched(): readonly Address[] {
    return [...this.#touched];
  }

  // --- touched accounts

  putAccount(address: EthereumjsAddress, account: Account | undefined): Promise<void> {
    this.touch(bytesToHex(address.bytes));
    return this.#stateManager.putAccount(address, account);
  }

  touch(address: Address): void {
    if (!this.#touched.has(address)) {
      this.#touched.add(address);
      if (address !== RIPEMD160) {
        this.#undo.push(() => this.#touched.delete(address));
      }
    }
  }

  // --- warm addresses and slots

  /** With the message, or by its own rules at depth 0 (EIP-7702): never undone while it matters. */
  addAlwaysWarmAddress(address: string): void {
    this.#warm.add(addressKey(Buffer.from(address.replace(/^0x/, ""), "hex")));
  }

  addAlwaysWarmSlot(address: Uint8Array, slot: Uint8Array): void {
    this.#warm.add(slotKey(address, slot));
  }

  isWarmedAddress(address: Uint8Array): boolean {
    return this.#warm.has(addressKey(address));
  }

  addWarmedAddress(address: Uint8Array): void {
    this.#warmUp(addressKey(address));
  }

  isWarmedStorage(address: Uint8Array, slot: Uint8Array): boolean {
    return this.#warm.has(slotKey(address, slot));
  }

  addWarmedStorage(address: Uint8Array, slot: Uint8Array): void {
    this.#warmUp(slotKey(address, slot));
  }

  // --- transient storage

  transient(address: Address, slot: bigint): bigint {
    return this.#transient.get(transientKey(address, slot)) ?? 0n;
  }

  setTransient(address: Address, slot: bigint, value: bigint): void {
    const key = transientKey(address, slot);
    const previous = this.#transient.get(key) ?? 0n;
    this.#transient.set(key, value);
    this.#undo.push(() => this.#transient.set(key, previous));
  }

  // --- frames

  checkpoint(): Promise<void> {
    this.#checkpoints.push(this.#undo.length);
    this.#context.view.checkpoint();
    return DONE;
  }

  commit(): Promise<void> {
    invariant(this.#checkpoints.pop() !== undefined, "commit without a checkpoint");
    this.#context.view.commit();
    return DONE;
  }

  revert(): Promise<void> {
    const length = this.#checkpoints.pop();
    invariant(length !== undefined, "revert without a checkpoint");
    while (this.#undo.length > length) {
      this.#undo.pop()?.();
    }
    this.#context.view.revert();
    return DONE;
  }

  #warmUp(key: string): void {
    if (!this.#warm.has(key)) {
      this.#warm.add(key);
      this.#undo.push(() => this.#warm.delete(key));
    }
  }
}

/** One character per byte: the cheapest string that is different for different bytes. */
function addressKey(address: Uint8Array): string {
  return Buffer.from(address.buffer, address.byteOffset, address.byteLength).toString("latin1");
}

function slotKey(address: Uint8Array, slot: Uint8Array): string {
  return addressKey(address) + addressKey(slot);
}

function transientKey(address: Address, slot: bigint): string {
  return `${address}:${slot.toString(16)}`;
}
