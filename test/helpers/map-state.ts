/**
 * A plain in-memory state for tests: accounts in a Map, no shared memory, no trie of its own.
 * `stateRoot` is computed by @ethereumjs/mpt, so it is an independent answer.
 */
import { MerklePatriciaTrie } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { keccak256, keccak256Hex } from "../../src/crypto/keccak256";
import {
  bigIntToBytes32,
  bigIntToMinimalBytes,
  bytesToHex,
  hexToBytes,
} from "../../src/state/bytes";
import {
  type Address,
  EMPTY_CODE_HASH,
  EMPTY_TRIE_ROOT,
  type Hash,
  type Hex,
} from "../../src/state/hex";
import type { StateReader } from "../../src/state/state-reader";
import type { WriteSet } from "../../src/state/write-set";

export interface MapAccount {
  balance: bigint;
  nonce: bigint;
  codeHash: Hash;
  storage: Map<bigint, bigint>;
}

/** An account as tests write it down; what is missing is zero. */
export interface AccountDescription {
  readonly balance?: bigint;
  readonly nonce?: bigint;
  readonly code?: Hex | Uint8Array;
  readonly storage?: Readonly<Record<string, bigint>> | ReadonlyMap<bigint, bigint>;
}

export class MapState implements StateReader {
  readonly accounts = new Map<Address, MapAccount>();
  readonly codes = new Map<Hash, Uint8Array>();

  constructor(accounts: Readonly<Record<string, AccountDescription>> = {}) {
    for (const [address, description] of Object.entries(accounts)) {
      this.set(address.toLowerCase() as Address, description); // keys of test data are addresses
    }
  }

  set(address: Address, description: AccountDescription): void {
    const { balance = 0n, nonce = 0n, code = "0x", storage = {} } = description;
    const entries =
      storage instanceof Map
        ? [...storage]
        : Object.entries(storage).map(([slot, value]): [bigint, bigint] => [BigInt(slot), value]);
    this.accounts.set(address, {
      balance,
      nonce,
      codeHash: this.addCode(typeof code === "string" ? hexToBytes(code) : code),
      storage: new Map(entries.filter(([, value]) => value !== 0n)),
    });
  }

  addCode(code: Uint8Array): Hash {
    if (code.length === 0) {
      return EMPTY_CODE_HASH;
    }
    const codeHash = keccak256Hex(code);
    this.codes.set(codeHash, code);
    return codeHash;
  }

  exists(address: Address): boolean {
    return this.accounts.has(address);
  }

  balance(address: Address): bigint {
    return this.accounts.get(address)?.balance ?? 0n;
  }

  nonce(address: Address): bigint {
    return this.accounts.get(address)?.nonce ?? 0n;
  }

  codeHash(address: Address): Hash {
    return this.accounts.get(address)?.codeHash ?? EMPTY_CODE_HASH;
  }

  code(codeHash: Hash): Uint8Array {
    if (codeHash === EMPTY_CODE_HASH) {
      return new Uint8Array(0);
    }
    const code = this.codes.get(codeHash);
    if (code === undefined) {
      throw new Error(`unknown code ${codeHash}`);
    }
    return code;
  }

  storage(address: Address, slot: bigint): bigint {
    return this.accounts.get(address)?.storage.get(slot) ?? 0n;
  }

  hasStorage(address: Address): boolean {
    return (this.accounts.get(address)?.storage.size ?? 0) > 0;
  }

  /** Applies a write set by the rules that write-set.ts states. */
  apply({ writes, codes }: WriteSet): void {
    for (const [codeHash, code] of codes) {
      this.codes.set(codeHash, code);
    }
    const ended = new Set<Address>();
    for (const write of writes) {
      if (write.kind !== "existence") {
        continue;
      }
      const account = this.#account(write.address);
      if (write.clearsStorage) {
        account.storage.clear();
      }
      if (!write.exists) {
        account.nonce = 0n;
        account.codeHash = EMPTY_CODE_HASH;
        ended.add(write.address);
      }
    }
    for (const write of writes) {
      const account = this.#account(write.address);
      if (write.kind === "balance") {
        account.balance += write.delta;
        if (account.balance < 0n) {
          throw new Error(`negative balance of ${write.address}`);
        }
      } else if (write.kind === "nonce") {
        account.nonce = write.value;
      } else if (write.kind === "code") {
        account.codeHash = write.codeHash;
      } else if (write.kind === "storage") {
        if (write.value === 0n) {
          account.storage.delete(write.slot);
        } else {
          account.storage.set(write.slot, write.value);
        }
      }
    }
    for (const address of ended) {
      if (this.#account(address).balance !== 0n) {
        throw new Error(`removed account ${address} keeps a balance`);
      }
      this.accounts.delete(address);
    }
  }

  copy(): MapState {
    const copy = new MapState();
    for (const [address, account] of this.accounts) {
      copy.accounts.set(address, { ...account, storage: new Map(account.storage) });
    }
    for (const [codeHash, code] of this.codes) {
      copy.codes.set(codeHash, code);
    }
    return copy;
  }

  async stateRoot(): Promise<Hash> {
    const trie = new MerklePatriciaTrie({ useKeyHashing: false });
    for (const [address, account] of this.accounts) {
      const leaf = RLP.encode([
        bigIntToMinimalBytes(account.nonce),
        bigIntToMinimalBytes(account.balance),
        await storageRoot(account.storage),
        hexToBytes(account.codeHash),
      ]);
      await trie.put(keccak256(hexToBytes(address)), leaf);
    }
    return bytesToHex(trie.root());
  }

  #account(address: Address): MapAccount {
    let account = this.accounts.get(address);
    if (account === undefined) {
      account = { balance: 0n, nonce: 0n, codeHash: EMPTY_CODE_HASH, storage: new Map() };
      this.accounts.set(address, account);
    }
    return account;
  }
}

async function storageRoot(storage: ReadonlyMap<bigint, bigint>): Promise<Uint8Array> {
  if (storage.size === 0) {
    return hexToBytes(EMPTY_TRIE_ROOT);
  }
  const trie = new MerklePatriciaTrie({ useKeyHashing: false });
  for (const [slot, value] of storage) {
    await trie.put(keccak256(bigIntToBytes32(slot)), RLP.encode(bigIntToMinimalBytes(value)));
  }
  return trie.root();
}
