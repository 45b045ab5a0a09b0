/**
 * The locations of a block in shared memory, in one record an account and one a slot: an open-addressing
 * hash table over Atomics.
 *
 * Owns: which location has which id (its index in the arena). Does not own: the versions that hang on
 * it (multi-version-memory.ts).
 *
 * Invariants: a location gets one id per block, however many threads ask at once, because an entry
 * is made by one compare-and-swap of an empty place; the whole key is compared, so two locations
 * never share an id; entries are not removed within a block. Reading a location makes its record
 * too: whoever writes it later finds the same one, so a thread may keep ids for the whole block.
 */
import { invariant } from "../errors/base-error";
import type { Address, Hash } from "../state/hex";
import {
  type AccountLocationKind,
  LOCATION_KINDS,
  type Location,
  type LocationKind,
} from "../state/location";
import { PACKED_KIND } from "../state/packed-writes";
import { addressToWords, WORDS_PER_ADDRESS, wordsToAddress } from "../state/shared/words";
import { CapacityExceeded } from "./capacity-exceeded";
import type { LocationId } from "./location-reader";
import type { SharedArena } from "./shared-arena";
import { equalWord256, hashToWord, loadWord256, storeWord256 } from "./word256";

/** Kind numbers of records: those of LOCATION_KINDS, and the bytes of a code (slot = its hash). */
export const { balance: BALANCE, nonce: NONCE, storage: STORAGE } = PACKED_KIND;
export const CODE = LOCATION_KINDS.indexOf("code");
export const EXISTENCE = LOCATION_KINDS.indexOf("existence");
export const CODE_BYTES = LOCATION_KINDS.length;

const KIND_MASK = 0xff;
/**
 * A location begins with two words: its kind, and what the multi-version memory hangs its versions on. The
 * record of an account has those of all its kinds, in the order of their numbers, and then its address.
 */
export const HEAD = 1;
const LOCATION_WORDS = 2;
const ACCOUNT_KINDS = [BALANCE, NONCE, CODE, EXISTENCE];
/** 5 words in reading order */
const ADDRESS = ACCOUNT_KINDS.length * LOCATION_WORDS;
const ACCOUNT_WORDS = ADDRESS + WORDS_PER_ADDRESS;
/** The record of a slot (or of a code) goes on with its account's record, and 8 words, the lowest first. */
const ACCOUNT = 2;
export const SLOT = 4;
const SLOT_WORDS = 12;

/**
 * The buffer: the number of places that threads have taken or may take, the block's mark, and the places. What
 * lies in a place without the mark is of an earlier block: to find them all empty again takes no looking.
 */
const TAKEN = 0;
const MARK = 1;
const HEADER_WORDS = 16;
/** A place: the mark in the upper four bits, and half of the record's index, which is even. */
const MARK_UNIT = 1 << 28;
const MARK_MASK = 0xf << 28;
const RECORD_MASK = MARK_UNIT - 1;
/** Then all places are emptied, and the marks begin again. */
const LAST_MARK = 0xf;
/**
 * A thread counts so many places at once: threads that took turns would fight over the number. Of tables below a
 * capacity, which fill up, one.
 */
const COUNTED_AT_ONCE = 32;
const LEAST_FOR_MANY = 8192;

export class LocationTable {
  readonly #table: Int32Array;
  readonly #arena: SharedArena;
  readonly #capacity: number;
  readonly #mask: number;
  readonly #countedAtOnce: number;
  /** in its place within a word */
  #mark: number;
  /** places that this thread may take */
  #left = 0;
  /** Records that this thread has looked up: addresses are hashed once per block and thread. */
  readonly #accounts = new Map<Address, LocationId>();
  /** The account looked up last: who asks for a slot asks for others of its account, too. */
  #latestAddress: Address | null = null;
  #latestAccount: LocationId = 0;
  readonly #codes = new Map<Hash, LocationId>();
  /** Texts by account's record: making one costs more than all else about a write. */
  readonly #texts = new Map<LocationId, Address>();
  /** Records written for a place that another thread took with the same key. */
  #spareAccount: LocationId = 0;
  #spareSlot: LocationId = 0;

  constructor(buffer: SharedArrayBuffer, arena: SharedArena) {
    this.#table = new Int32Array(buffer);
    this.#arena = arena;
    this.#capacity = capacityOf(buffer);
    this.#mask = this.#capacity * 2 - 1;
    this.#countedAtOnce = this.#capacity >= LEAST_FOR_MANY ? COUNTED_AT_ONCE : 1;
    Atomics.compareExchange(this.#table, MARK, 0, 1); // no place of a new buffer has it
    this.#mark = markInPlace(Atomics.load(this.#table, MARK));
  }

  /** Forgets all locations. Only while no other thread uses the table; then they open it anew. */
  reset(): void {
    let mark = Atomics.load(this.#table, MARK) + 1;
    if (mark > LAST_MARK) {
      this.#table.fill(0, HEADER_WORDS);
      mark = 1;
    }
    Atomics.store(this.#table, MARK, mark);
    Atomics.store(this.#table, TAKEN, 0);
    this.#mark = markInPlace(mark);
    this.#left = 0;
    this.#accounts.clear();
    this.#latestAddress = null;
    this.#codes.clear();
    this.#texts.clear();
    this.#spareAccount = 0;
    this.#spareSlot = 0;
  }

  /** Id of the location of a read or a write. Throws CapacityExceeded. */
  of(location: Location): LocationId {
    return location.kind === "storage"
      ? this.storage(location.address, location.slot)
      : this.account(accountKind(location.kind), location.address);
  }

  /** Id of an account's location. Throws CapacityExceeded. */
  account(kind: number, address: Address): LocationId {
    return this.#accountOf(address) + kind * LOCATION_WORDS;
  }

  /** Id of a storage slot. Throws CapacityExceeded. */
  storage(address: Address, slot: bigint): LocationId {
    return this.#internSlot(STORAGE, this.#accountOf(address), slot);
  }

  /** Id of the bytes of a code. Throws CapacityExceeded. */
  codeBytes(hash: Hash): LocationId {
    let id = this.#codes.get(hash);
    if (id === undefined) {
      id = this.#internSlot(CODE_BYTES, 0, hashToWord(hash));
      this.#codes.set(hash, id);
    }
    return id;
  }

  kind(id: LocationId): number {
    return (this.#arena.words[id] ?? 0) & KIND_MASK;
  }

  /** Id of the existence of a slot's account. */
  existenceOf(slot: LocationId): LocationId {
    return (this.#arena.words[slot + ACCOUNT] ?? 0) + EXISTENCE * LOCATION_WORDS;
  }

  /** Index of the 5 words of the location's address. */
  addressAt(id: LocationId): number {
    return this.#recordOf(id) + ADDRESS;
  }

  address(id: LocationId): Address {
    const account = this.#recordOf(id);
    let address = this.#texts.get(account);
    if (address === undefined) {
      address = wordsToAddress(this.#arena.words, account + ADDRESS);
      this.#texts.set(account, address);
    }
    return address;
  }

  slot(id: LocationId): bigint {
    return loadWord256(this.#arena.longs, (id + SLOT) >> 1);
  }

  location(id: LocationId): Location {
    const kind: LocationKind | undefined = LOCATION_KINDS[this.kind(id)];
    invariant(kind !== undefined, () => `record ${id} is not a location`);
    return kind === "storage"
      ? { kind, address: this.address(id), slot: this.slot(id) }
      : { kind, address: this.address(id) };
  }

  /** The record of the location's account. */
  #recordOf(id: LocationId): LocationId {
    const kind = this.kind(id);
    return kind === STORAGE ? (this.#arena.words[id + ACCOUNT] ?? 0) : id - kind * LOCATION_WORDS;
  }

  #accountOf(address: Address): LocationId {
    if (address === this.#latestAddress) {
      return this.#latestAccount;
    }
    let account = this.#accounts.get(address);
    if (account === undefined) {
      account = this.#internAccount(address);
      this.#accounts.set(address, account);
    }
    this.#latestAddress = address;
    this.#latestAccount = account;
    return account;
  }

  #internAccount(address: Address): LocationId {
    const { words } = this.#arena;
    let record = this.#spareAccount;
    if (record === 0) {
      record = this.#arena.allocate(ACCOUNT_WORDS);
      for (const kind of ACCOUNT_KINDS) {
        words[record + kind * LOCATION_WORDS] = kind;
      }
    }
    addressToWords(address, words, record + ADDRESS);
    const hash = hashOf(words, record + ADDRESS, WORDS_PER_ADDRESS, BALANCE);
    const entered = this.#enter(record, hash);
    this.#spareAccount = entered === record ? 0 : record;
    return entered;
  }

  /** @param account record, 0 = none */
  #internSlot(kind: number, account: LocationId, slot: bigint): LocationId {
    const { words, longs } = this.#arena;
    let record = this.#spareSlot;
    const isZeroed = record === 0; // a fresh record is, the spare one has another key
    if (isZeroed) {
      record = this.#arena.allocate(SLOT_WORDS);
    }
    words[record] = kind;
    words[record + ACCOUNT] = account;
    if (slot !== 0n || !isZeroed) {
      storeWord256(longs, (record + SLOT) >> 1, slot);
    }
    const hash = hashOf(words, record + SLOT, SLOT_WORDS - SLOT, hashed(account, kind));
    const entered = this.#enter(record, hash);
    this.#spareSlot = entered === record ? 0 : record;
    return entered;
  }

  #isTaken(place: number): boolean {
    return (place & MARK_MASK) === this.#mark;
  }

  /** May take a place. Throws CapacityExceeded. */
  #reserve(): void {
    if (this.#left > 0) {
      return;
    }
    if (Atomics.load(this.#table, TAKEN) >= this.#capacity) {
      throw new CapacityExceeded("locations");
    }
    Atomics.add(this.#table, TAKEN, this.#countedAtOnce);
    this.#left = this.#countedAtOnce;
  }

  /**
   * The record, or the one that has its key already.
   * @param hash a function of the key alone, so that all threads look for it in the same place
   */
  #enter(record: LocationId, hash: number): LocationId {
    for (let place = avalanche(hash) & this.#mask; ; place = (place + 1) & this.#mask) {
      const at = HEADER_WORDS + place;
      let found = Atomics.load(this.#table, at);
      if (!this.#isTaken(found)) {
        this.#reserve();
        const before = found;
        found = Atomics.compareExchange(this.#table, at, before, this.#mark | (record >> 1));
        if (found === before) {
          this.#left--;
          return record;
        }
      }
      const other = (found & RECORD_MASK) << 1;
      if (this.#sameKey(other, record)) {
        return other;
      }
    }
  }

  /** An account's record is of the kind of its first location. */
  #sameKey(a: LocationId, b: LocationId): boolean {
    const { words } = this.#arena;
    const kind = this.kind(a);
    if (kind !== this.kind(b)) {
      return false;
    }
    return kind === BALANCE
      ? this.#sameAddress(a + ADDRESS, b + ADDRESS)
      : words[a + ACCOUNT] === words[b + ACCOUNT] && equalWord256(words, a + SLOT, b + SLOT);
  }

  #sameAddress(a: number, b: number): boolean {
    const { words } = this.#arena;
    return (
      words[a + 4] === words[b + 4] &&
      words[a] === words[b] &&
      words[a + 1] === words[b + 1] &&
      words[a + 2] === words[b + 2] &&
      words[a + 3] === words[b + 3]
    );
  }
}

/** The last step of MurmurHash3. */
function avalanche(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}

/** FNV-like over words, without an avalanche at the end. */
function hashOf(words: Int32Array, start: number, count: number, seed: number): number {
  let hash = seed;
  for (let at = start; at < start + count; at++) {
    hash = hashed(hash, words[at] ?? 0);
  }
  return hash;
}

function hashed(hash: number, word: number): number {
  const next = Math.imul(hash ^ word, 0x01000193);
  return next ^ (next >>> 15);
}

const KIND_NUMBERS: Readonly<Record<AccountLocationKind, number>> = {
  balance: BALANCE,
  nonce: NONCE,
  code: CODE,
  existence: EXISTENCE,
};

function accountKind(kind: AccountLocationKind): number {
  return KIND_NUMBERS[kind];
}

/** Bytes of a table for `capacity` locations (a power of two, at least 256): half of its places stay empty. */
export function locationTableBytes(capacity: number): number {
  return (HEADER_WORDS + capacity * 2) * 4;
}

function markInPlace(mark: number): number {
  return (mark * MARK_UNIT) | 0;
}

function capacityOf(buffer: SharedArrayBuffer): number {
  return (buffer.byteLength / 4 - HEADER_WORDS) / 2;
}
