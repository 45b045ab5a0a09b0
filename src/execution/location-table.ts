/**
 * The locations of a block, each with one record in shared memory: an open-addressing hash table
 * over Atomics.
 *
 * Owns: which location has which id (the index of its record in the arena). Does not own: the
 * versions that hang on a record (multi-version-memory.ts).
 *
 * Invariants: a location gets one id per block, however many threads ask at once, because an entry
 * is made by one compare-and-swap of an empty place; the whole key is compared, so two locations
 * never share an id; entries are not removed within a block. Reading a location makes its record
 * too: whoever writes it later finds the same one, so a thread may keep ids for the whole block.
 */
import { invariant } from "../errors/base-error";
import type { Address } from "../state/hex";
import {
  type AccountLocationKind,
  LOCATION_KINDS,
  type Location,
  type LocationKind,
} from "../state/location";
import { PACKED_KIND } from "../state/packed-writes";
import { addressToWords, wordsToAddress } from "../state/shared/words";
import { CapacityExceeded } from "./capacity-exceeded";
import type { SharedArena } from "./shared-arena";
import { equalWord256, loadWord256, storeWord256 } from "./word256";

/** Index of a location's record in the arena. */
export type LocationId = number;

/** Kind numbers of records: those of LOCATION_KINDS, and the bytes of a code (slot = its hash). */
export const { balance: BALANCE, nonce: NONCE, storage: STORAGE } = PACKED_KIND;
export const CODE = LOCATION_KINDS.indexOf("code");
export const EXISTENCE = LOCATION_KINDS.indexOf("existence");
export const CODE_BYTES = LOCATION_KINDS.length;

const KIND_MASK = 0xff;
/** Words of a record: of an address 5 in reading order, of a slot 8, the lowest first (shared/words.ts). */
export const ADDRESS = 1;
export const SLOT = 6;
/** Word of a record that the multi-version memory hangs its versions on. */
export const HEAD = 14;
const RECORD_WORDS = 16;

/** The buffer: number of taken places, their list (for reset), the places themselves. */
const COUNT = 0;
const HEADER_WORDS = 16;
/** Room behind the list for threads that pass the capacity check at the same time. */
const RESERVE = 256;
const NO_ADDRESS: Address = "0x0000000000000000000000000000000000000000";

interface AccountIds {
  readonly address: Address;
  /** by kind, 0 = not looked up yet */
  readonly kinds: LocationId[];
  /** null until a slot is looked up */
  slots: Map<bigint, LocationId> | null;
  /** A location of the account, which has the words of its address; 0 until there is one. */
  known: LocationId;
  /** of the words of the address, once there is such a location */
  hash: number;
}

export class LocationTable {
  readonly #table: Int32Array;
  readonly #arena: SharedArena;
  readonly #capacity: number;
  readonly #mask: number;
  readonly #entries: number;
  /** What this thread has looked up: addresses and slots are hashed once per block and thread. */
  readonly #accounts = new Map<Address, AccountIds>();
  /** The account looked up last: who asks for a slot asks for its account's existence, too. */
  #latest: AccountIds | null = null;
  readonly #codes = new Map<bigint, LocationId>();
  /**
   * By the last word of an address: its text, and a location of it. Making the text costs more than
   * all else about a write, and most addresses have several locations.
   */
  readonly #texts = new Map<number, { readonly of: LocationId; readonly address: Address }>();
  /** A record written for a place that another thread took with the same key. */
  #spare: LocationId = 0;

  constructor(buffer: SharedArrayBuffer, arena: SharedArena) {
    this.#table = new Int32Array(buffer);
    this.#arena = arena;
    this.#capacity = capacityOf(buffer);
    this.#mask = this.#capacity * 2 - 1;
    this.#entries = HEADER_WORDS + this.#capacity + RESERVE;
  }

  /** Forgets all locations. Only while no other thread uses the table. Costs what was used. */
  reset(): void {
    for (let i = this.count() - 1; i >= 0; i--) {
      this.#table[this.#entries + (this.#table[HEADER_WORDS + i] ?? 0)] = 0;
    }
    Atomics.store(this.#table, COUNT, 0);
    this.#accounts.clear();
    this.#latest = null;
    this.#codes.clear();
    this.#texts.clear();
    this.#spare = 0;
  }

  /** Number of locations in the table. */
  count(): number {
    return Atomics.load(this.#table, COUNT);
  }

  /** Id of the location of a read or a write. Throws CapacityExceeded. */
  of(location: Location): LocationId {
    return location.kind === "storage"
      ? this.storage(location.address, location.slot)
      : this.account(accountKind(location.kind), location.address);
  }

  /** Id of an account's location. Throws CapacityExceeded. */
  account(kind: number, address: Address): LocationId {
    const ids = this.#idsOf(address);
    let id = ids.kinds[kind] ?? 0;
    if (id === 0) {
      id = this.#intern(kind, ids, 0n);
      ids.kinds[kind] = id;
    }
    return id;
  }

  /** Id of a storage slot. Throws CapacityExceeded. */
  storage(address: Address, slot: bigint): LocationId {
    const ids = this.#idsOf(address);
    let id = ids.slots?.get(slot);
    if (id === undefined) {
      id = this.#intern(STORAGE, ids, slot);
      ids.slots ??= new Map();
      ids.slots.set(slot, id);
    }
    return id;
  }

  /** Id of the bytes of a code. Throws CapacityExceeded. */
  codeBytes(hash: bigint): LocationId {
    let id = this.#codes.get(hash);
    if (id === undefined) {
      id = this.#intern(CODE_BYTES, this.#idsOf(NO_ADDRESS), hash);
      this.#codes.set(hash, id);
    }
    return id;
  }

  kind(id: LocationId): number {
    return (this.#arena.words[id] ?? 0) & KIND_MASK;
  }

  address(id: LocationId): Address {
    const { words } = this.#arena;
    const last = words[id + ADDRESS + 4] ?? 0;
    const known = this.#texts.get(last);
    if (known !== undefined && this.#sameAddress(known.of, id)) {
      return known.address;
    }
    const address = wordsToAddress(words, id + ADDRESS);
    this.#texts.set(last, { of: id, address });
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

  #idsOf(address: Address): AccountIds {
    let ids = this.#latest?.address === address ? this.#latest : this.#accounts.get(address);
    if (ids === undefined) {
      ids = { address, kinds: [0, 0, 0, 0, 0], slots: null, known: 0, hash: 0 };
      this.#accounts.set(address, ids);
    }
    this.#latest = ids;
    return ids;
  }

  #intern(kind: number, ids: AccountIds, slot: bigint): LocationId {
    const { words, longs } = this.#arena;
    const isZeroed = this.#spare === 0; // a fresh record is, the spare one has another key
    const record = isZeroed ? this.#arena.allocate(RECORD_WORDS) : this.#spare;
    this.#spare = record;
    words[record] = kind;
    this.#writeAddress(record, ids);
    if (slot !== 0n || !isZeroed) {
      storeWord256(longs, (record + SLOT) >> 1, slot);
    }
    const hash = this.#hash(kind, ids.hash, record);
    for (let place = hash & this.#mask; ; place = (place + 1) & this.#mask) {
      let found = Atomics.load(this.#table, this.#entries + place);
      if (found === 0) {
        if (this.count() >= this.#capacity) {
          throw new CapacityExceeded("locations");
        }
        found = Atomics.compareExchange(this.#table, this.#entries + place, 0, record);
        if (found === 0) {
          this.#spare = 0;
          this.#table[HEADER_WORDS + Atomics.add(this.#table, COUNT, 1)] = place;
          ids.known = record;
          return record;
        }
      }
      if (this.#sameKey(found, record)) {
        ids.known = found;
        return found;
      }
    }
  }

  /** Reading the digits of an address, and hashing them, is done once per account. */
  #writeAddress(record: LocationId, ids: AccountIds): void {
    const { words } = this.#arena;
    const { known } = ids;
    if (known === 0) {
      addressToWords(ids.address, words, record + ADDRESS);
      ids.hash = hashOf(words, record + ADDRESS, SLOT - ADDRESS, 0);
      return;
    }
    for (let word = ADDRESS; word < SLOT; word++) {
      words[record + word] = words[known + word] ?? 0;
    }
  }

  #sameKey(a: LocationId, b: LocationId): boolean {
    return (
      this.kind(a) === this.kind(b) &&
      equalWord256(this.#arena.words, a + SLOT, b + SLOT) &&
      this.#sameAddress(a, b)
    );
  }

  #sameAddress(a: LocationId, b: LocationId): boolean {
    const { words } = this.#arena;
    return (
      words[a + ADDRESS + 4] === words[b + ADDRESS + 4] &&
      words[a + ADDRESS] === words[b + ADDRESS] &&
      words[a + ADDRESS + 1] === words[b + ADDRESS + 1] &&
      words[a + ADDRESS + 2] === words[b + ADDRESS + 2] &&
      words[a + ADDRESS + 3] === words[b + ADDRESS + 3]
    );
  }

  /**
   * A function of the key alone, so that all threads look for it in the same place: of the address, the
   * kind, and of kinds that have one the slot, with a final avalanche (as in MurmurHash3).
   */
  #hash(kind: number, hashOfAddress: number, record: LocationId): number {
    let hash = hashed(hashOfAddress, kind);
    if (kind === STORAGE || kind === CODE_BYTES) {
      hash = hashOf(this.#arena.words, record + SLOT, HEAD - SLOT, hash);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  }
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

const ACCOUNT_KINDS: Readonly<Record<AccountLocationKind, number>> = {
  balance: BALANCE,
  nonce: NONCE,
  code: CODE,
  existence: EXISTENCE,
};

function accountKind(kind: AccountLocationKind): number {
  return ACCOUNT_KINDS[kind];
}

/** Bytes of a table for `capacity` locations (a power of two, at least 256). */
export function locationTableBytes(capacity: number): number {
  return (HEADER_WORDS + capacity + RESERVE + capacity * 2) * 4;
}

function capacityOf(buffer: SharedArrayBuffer): number {
  return (buffer.byteLength / 4 - HEADER_WORDS - RESERVE) / 3;
}
