/**
 * What a recording says that names rest on: hashed preimages, deployed code, whose code ran on whose
 * storage, how long arrays were. Filled block by block, so that a long log need not be held.
 *
 * Owns: the facts. Does not own: compiler metadata, conclusions (naming.ts).
 */
import type { BlockRecord, Frame, TransactionRecord } from "../../access-log/block-record";
import { keccak256Hex } from "../../crypto/keccak256";
import { type Address, EMPTY_CODE_HASH, type Hash, type Hex } from "../../state/hex";
import { PreimageIndex } from "./preimage-index";

/** Slots below are taken for variables: their values are kept, since any may be an array's length. */
const FIRST_SLOTS = 1n << 16n;
/** Values above are no lengths. */
const MAX_LENGTH = 1n << 48n;
/** Elements that one write may add inside a transaction: the most that fit in a slot. */
const ELEMENTS_PER_ACCESS = 32;

/** The greatest value that a slot is known to have had, and how much more it may have had within a transaction. */
export interface SeenValue {
  readonly value: bigint;
  readonly headroom: bigint;
}

class SetMap<K, V> {
  readonly #sets = new Map<K, Set<V>>();

  add(key: K, value: V): void {
    const set = this.#sets.get(key);
    if (set === undefined) {
      this.#sets.set(key, new Set([value]));
    } else {
      set.add(value);
    }
  }

  [Symbol.iterator](): IterableIterator<[K, ReadonlySet<V>]> {
    return this.#sets.entries();
  }

  get(key: K): ReadonlySet<V> {
    return this.#sets.get(key) ?? new Set();
  }
}

function isDelegated(frame: Frame): boolean {
  return frame.kind === "delegatecall" || frame.kind === "callcode";
}

function isCreation(frame: Frame): boolean {
  return frame.kind === "create" || frame.kind === "create2";
}

export class NamingEvidence {
  readonly preimages = new PreimageIndex();
  readonly #codes = new Map<Hash, Hex>();
  readonly #codesAt = new SetMap<Address, Hash>();
  /** by owner: every code that ran on its storage, also that which created it */
  readonly #ranOn = new SetMap<Address, Hash>();
  readonly #runtimeOfInit = new SetMap<Hash, Hash>();
  /** `owner delegate` -> codes that made the delegate call */
  readonly #hosts = new SetMap<string, Hash>();
  /** `owner slot`, for accounts that run foreign code on their storage */
  readonly #accessors = new SetMap<string, Hash>();
  /** `segment owner` -> codes that ran there; `owner code` -> segments */
  readonly #together = new SetMap<string, Hash>();
  readonly #segments = new SetMap<string, number>();
  /** slots of an account that any frame accessed */
  readonly #touched = new SetMap<Address, bigint>();
  readonly #delegating = new Set<Address>();
  readonly #values = new Map<Address, Map<bigint, SeenValue>>();

  /** The evidence of blocks at hand. */
  static of(blocks: Iterable<BlockRecord>): NamingEvidence {
    const evidence = new NamingEvidence();
    for (const block of blocks) {
      evidence.add(block);
    }
    return evidence;
  }

  add(block: BlockRecord): void {
    for (const transaction of block.transactions) {
      this.#addPreimages(transaction);
      this.#addCodes(transaction);
      this.#addFrames(transaction, block.segment);
      this.#addValues(transaction);
    }
  }

  /** Runtime code that no recorded transaction deployed (genesis, fork, hardhat_setCode). */
  addCode(code: Hex): void {
    this.#codes.set(keccak256Hex(Buffer.from(code.slice(2), "hex")), code);
  }

  /** As `addCode`, where the account that has it is known as well. */
  addCodeAt(address: Address, code: Hex): void {
    this.addCode(code);
    this.#codesAt.add(address, keccak256Hex(Buffer.from(code.slice(2), "hex")));
  }

  /** Runtime code by hash. */
  code(hash: Hash): Hex | undefined {
    return this.#codes.get(hash);
  }

  /** Accounts with the codes they had, over all segments. */
  accounts(): Iterable<[Address, ReadonlySet<Hash>]> {
    return this.#codesAt;
  }

  /** Slots of an account that a transaction accessed. */
  touched(address: Address): ReadonlySet<bigint> {
    return this.#touched.get(address);
  }

  /** Runtime codes that were deployed or run, as far as their bytes are known. */
  deployedCodes(): IterableIterator<Hash> {
    return this.#codes.keys();
  }

  /** Codes that an account had, over all segments. */
  codesAt(address: Address): ReadonlySet<Hash> {
    return this.#codesAt.get(address);
  }

  /** Codes that ran on an account's storage: its own, init codes, and those it delegated to. */
  codesOn(owner: Address): ReadonlySet<Hash> {
    return this.#ranOn.get(owner);
  }

  /** Runtime codes that an init code made. */
  runtimeOf(initCodeHash: Hash): ReadonlySet<Hash> {
    return this.#runtimeOfInit.get(initCodeHash);
  }

  /** Codes that ran `delegate` on the owner's storage. */
  hostsOf(owner: Address, delegate: Hash): ReadonlySet<Hash> {
    return this.#hosts.get(`${owner} ${delegate}`);
  }

  /** True if the account ran foreign code on its storage: only then `accessors` are known. */
  delegates(owner: Address): boolean {
    return this.#delegating.has(owner);
  }

  /**
   * Codes that accessed the slot of a delegating account; the account's own code may be missing,
   * for what it did before it first delegated.
   */
  accessors(owner: Address, slot: bigint): ReadonlySet<Hash> {
    return this.#accessors.get(`${owner} ${slot}`);
  }

  /** Codes that ran on the owner's storage while it was the account that `code` ran on. */
  companions(owner: Address, code: Hash): ReadonlySet<Hash> {
    const companions = new Set<Hash>();
    for (const segment of this.#segments.get(`${owner} ${code}`)) {
      for (const other of this.#together.get(`${segment} ${owner}`)) {
        companions.add(other);
      }
    }
    return companions;
  }

  /** What a slot that may hold a length is known to have held; undefined if nothing is known. */
  seenValue(address: Address, slot: bigint): SeenValue | undefined {
    return this.#values.get(address)?.get(slot);
  }

  #addPreimages({ trace }: TransactionRecord): void {
    for (const { hash, preimage } of trace.preimages) {
      this.preimages.add(BigInt(hash), Buffer.from(preimage.slice(2), "hex"));
    }
  }

  #addCodes({ deployed, trace }: TransactionRecord): void {
    for (const { address, codeHash, code } of deployed) {
      this.#codes.set(codeHash, code);
      this.#codesAt.add(address, codeHash);
      for (const frame of trace.frames) {
        if (isCreation(frame) && frame.codeAddress === address && frame.success) {
          this.#runtimeOfInit.add(frame.codeHash, codeHash);
        }
      }
    }
  }

  #addFrames({ trace }: TransactionRecord, segment: number): void {
    for (const frame of trace.frames) {
      const { storageOwner, codeHash } = frame;
      if (codeHash === EMPTY_CODE_HASH) {
        continue;
      }
      this.#ranOn.add(storageOwner, codeHash);
      this.#together.add(`${segment} ${storageOwner}`, codeHash);
      this.#segments.add(`${storageOwner} ${codeHash}`, segment);
      if (isDelegated(frame)) {
        const host = trace.frames[frame.parent];
        if (host !== undefined) {
          this.#hosts.add(`${storageOwner} ${codeHash}`, host.codeHash);
        }
        this.#delegating.add(storageOwner);
      } else if (!isCreation(frame)) {
        this.#codesAt.add(storageOwner, codeHash);
      }
    }
    for (const { frame: index, location } of trace.accesses) {
      const frame = trace.frames[index];
      if (location.kind === "storage" && frame !== undefined) {
        const { address, slot } = location;
        this.#touched.add(address, slot);
        if (this.#delegating.has(address)) {
          this.#accessors.add(`${address} ${slot}`, frame.codeHash);
        }
      }
    }
  }

  #addValues({ reads, writes, trace }: TransactionRecord): void {
    const hashedSlots = new Set<bigint>();
    for (const { preimage } of trace.preimages) {
      if (preimage.length === 2 + 64) {
        hashedSlots.add(BigInt(preimage));
      }
    }
    const see = (address: Address, slot: bigint, value: bigint, headroom: bigint) => {
      if (slot < FIRST_SLOTS || hashedSlots.has(slot)) {
        this.#see(address, slot, value > MAX_LENGTH ? 0n : value, headroom);
      }
    };
    for (const read of reads) {
      if (read.kind === "storage") {
        see(read.address, read.slot, read.value, 0n);
      }
    }
    const headroom = BigInt(ELEMENTS_PER_ACCESS * trace.accesses.length);
    for (const { write } of writes) {
      if (write.kind === "storage") {
        see(write.address, write.slot, write.value, headroom);
      }
    }
  }

  #see(address: Address, slot: bigint, value: bigint, headroom: bigint): void {
    const slots = this.#values.get(address) ?? new Map<bigint, SeenValue>();
    this.#values.set(address, slots);
    const known = slots.get(slot);
    slots.set(slot, {
      value: known === undefined || value > known.value ? value : known.value,
      headroom: known === undefined || headroom > known.headroom ? headroom : known.headroom,
    });
  }
}
