/**
 * The state as plain Maps, copied whole at every mark: slow and obviously right. The store is
 * compared with it, value by value; its root comes from @ethereumjs/mpt.
 */

import { MerklePatriciaTrie } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { createAccount } from "@ethereumjs/util";
import {
  bigIntToBytes32,
  bigIntToMinimalBytes,
  bytesToHex,
  hexToBytes,
} from "../../src/state/bytes";
import { type Address, EMPTY_CODE_HASH, type Hash } from "../../src/state/hex";
import type { StateReader } from "../../src/state/state-reader";
import type { WriteSet } from "../../src/state/write-set";

export interface ModelAccount {
  balance: bigint;
  nonce: bigint;
  codeHash: Hash;
  /** non-zero slots only */
  storage: Map<bigint, bigint>;
}

/** Existing accounts. */
export class StateModel {
  accounts = new Map<Address, ModelAccount>();

  clone(): StateModel {
    const copy = new StateModel();
    for (const [address, account] of this.accounts) {
      copy.accounts.set(address, { ...account, storage: new Map(account.storage) });
    }
    return copy;
  }

  touch(address: Address): ModelAccount {
    let account = this.accounts.get(address);
    if (account === undefined) {
      account = { balance: 0n, nonce: 0n, codeHash: EMPTY_CODE_HASH, storage: new Map() };
      this.accounts.set(address, account);
    }
    return account;
  }

  setStorage(address: Address, slot: bigint, value: bigint): void {
    const { storage } = this.touch(address);
    if (value === 0n) {
      storage.delete(slot);
    } else {
      storage.set(slot, value);
    }
  }

  apply({ writes }: WriteSet): void {
    const removed = new Set<Address>();
    for (const write of writes) {
      if (write.kind === "existence" && write.exists) {
        const account = this.touch(write.address);
        if (write.clearsStorage) {
          account.storage.clear();
        }
      } else if (write.kind === "existence") {
        removed.add(write.address);
      }
    }
    for (const write of writes) {
      if (removed.has(write.address) || write.kind === "existence") {
        continue;
      }
      const account = this.touch(write.address);
      if (write.kind === "balance") {
        account.balance += write.delta;
      } else if (write.kind === "nonce") {
        account.nonce = write.value;
      } else if (write.kind === "code") {
        account.codeHash = write.codeHash;
      } else {
        this.setStorage(write.address, write.slot, write.value);
      }
    }
    for (const address of removed) {
      this.accounts.delete(address);
    }
  }

  /** Every value of every account and slot in question, as text, for comparison with `describe`. */
  describe(addresses: readonly Address[], slots: readonly bigint[]): string[] {
    return addresses.map((address) => {
      const account = this.accounts.get(address);
      return line(
        address,
        account !== undefined,
        account?.balance ?? 0n,
        account?.nonce ?? 0n,
        account?.codeHash ?? EMPTY_CODE_HASH,
        (account?.storage.size ?? 0) > 0,
        slots.map((slot) => account?.storage.get(slot) ?? 0n),
      );
    });
  }

  /** State root by @ethereumjs/mpt, built from nothing. */
  async stateRoot(): Promise<Hash> {
    const trie = new MerklePatriciaTrie({ useKeyHashing: true });
    for (const [address, account] of this.accounts) {
      const leaf = createAccount({
        nonce: account.nonce,
        balance: account.balance,
        codeHash: hexToBytes(account.codeHash),
        storageRoot: hexToBytes(await this.storageRoot(address)),
      });
      await trie.put(hexToBytes(address), leaf.serialize());
    }
    return bytesToHex(trie.root());
  }

  async storageRoot(address: Address): Promise<Hash> {
    const trie = new MerklePatriciaTrie({ useKeyHashing: true });
    for (const [slot, value] of this.accounts.get(address)?.storage ?? []) {
      await trie.put(bigIntToBytes32(slot), RLP.encode(bigIntToMinimalBytes(value)));
    }
    return bytesToHex(trie.root());
  }
}

/** The same lines as `StateModel.describe`, read through a StateReader. */
export function describeReader(
  reader: StateReader,
  addresses: readonly Address[],
  slots: readonly bigint[],
): string[] {
  return addresses.map((address) =>
    line(
      address,
      reader.exists(address),
      reader.balance(address),
      reader.nonce(address),
      reader.codeHash(address),
      reader.hasStorage(address),
      slots.map((slot) => reader.storage(address, slot)),
    ),
  );
}

function line(
  address: Address,
  exists: boolean,
  balance: bigint,
  nonce: bigint,
  codeHash: Hash,
  hasStorage: boolean,
  values: readonly bigint[],
): string {
  return `${address} ${exists} ${balance} ${nonce} ${codeHash} ${hasStorage} [${values.join(" ")}]`;
}
