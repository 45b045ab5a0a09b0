/** eth_getProof parts, verified by @ethereumjs/mpt against the state root. */
import { verifyMerkleProof } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { createAccountFromRLP } from "@ethereumjs/util";
import { expect } from "chai";
import { keccak256Hex } from "../../../src/crypto/keccak256";
import {
  bigIntToBytes32,
  bigIntToMinimalBytes,
  bytesToHex,
  hexToBytes,
} from "../../../src/state/bytes";
import { type Address, EMPTY_TRIE_ROOT, type Hash, type Hex } from "../../../src/state/hex";
import { createSharedStateStore } from "../../../src/state/shared-state-store";
import type { StateMark, StateStore } from "../../../src/state/state-store";

const addressOf = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}`;

/** The value that the proof shows for the key under the root; null = the key is absent. */
async function proven(root: Hash, key: Uint8Array, proof: readonly Hex[]): Promise<Hex | null> {
  if (proof.length === 0) {
    expect(root).to.equal(EMPTY_TRIE_ROOT);
    return null;
  }
  const nodes = proof.map(hexToBytes);
  expect(keccak256Hex(nodes[0] ?? new Uint8Array(0))).to.equal(root);
  const value = await verifyMerkleProof(key, nodes, { useKeyHashing: true });
  return value === null ? null : bytesToHex(value);
}

async function checkProof(
  store: StateStore,
  root: Hash,
  address: Address,
  slots: readonly bigint[],
  mark?: StateMark,
): Promise<void> {
  const proof = store.proof(address, slots, mark);
  const state = mark === undefined ? store : store.at(mark);
  const leaf = await proven(root, hexToBytes(address), proof.accountProof);
  expect(leaf !== null).to.equal(state.exists(address));
  if (leaf === null) {
    expect(proof.storageHash).to.equal(EMPTY_TRIE_ROOT);
  } else {
    const account = createAccountFromRLP(hexToBytes(leaf));
    expect(account.balance).to.equal(state.balance(address));
    expect(account.nonce).to.equal(state.nonce(address));
    expect(bytesToHex(account.codeHash)).to.equal(state.codeHash(address));
    expect(bytesToHex(account.storageRoot)).to.equal(proof.storageHash);
  }
  expect(proof.storageProof.map(({ slot }) => slot)).to.deep.equal(slots);
  for (const { slot, value, proof: nodes } of proof.storageProof) {
    expect(value).to.equal(state.storage(address, slot));
    const shown = await proven(proof.storageHash, bigIntToBytes32(slot), nodes);
    expect(shown).to.equal(
      value === 0n ? null : bytesToHex(RLP.encode(bigIntToMinimalBytes(value))),
    );
  }
}

describe("state proof", () => {
  function populated(): StateStore {
    const store = createSharedStateStore();
    for (let index = 1; index <= 60; index++) {
      store.setBalance(addressOf(index), BigInt(index) * 10n ** 18n);
      store.setNonce(addressOf(index), BigInt(index % 3));
    }
    for (let slot = 0n; slot < 40n; slot++) {
      store.setStorage(addressOf(7), slot, slot + 1n);
    }
    store.setStorage(addressOf(8), 5n, 2n ** 255n);
    store.setCode(addressOf(7), Uint8Array.of(0x60, 0x00));
    return store;
  }

  it("shows accounts and slots that are there, and the absence of those that are not", async () => {
    const store = populated();
    const root = store.stateRoot();
    for (const index of [1, 7, 8, 60, 61, 999]) {
      await checkProof(store, root, addressOf(index), [0n, 5n, 39n, 40n, 2n ** 255n]);
    }
  });

  it("of an empty state has no nodes", () => {
    const store = createSharedStateStore();
    expect(store.proof(addressOf(1), [0n])).to.deep.equal({
      accountProof: [],
      storageHash: EMPTY_TRIE_ROOT,
      storageProof: [{ slot: 0n, value: 0n, proof: [] }],
    });
  });

  it("at an older mark stays verifiable against that mark's root, rooted then or not", async () => {
    const store = populated();
    const marks: { mark: StateMark; root: Hash }[] = [];
    for (let block = 0; block < 100; block++) {
      store.setStorage(addressOf(7), BigInt(block % 50), BigInt(block) * 3n);
      store.setBalance(addressOf(1 + (block % 70)), BigInt(block));
      if (block % 10 === 3) {
        store.apply({
          writes: [
            { kind: "existence", address: addressOf(8), exists: true, clearsStorage: true },
            { kind: "storage", address: addressOf(8), slot: BigInt(block), value: 1n },
          ],
          codes: new Map(),
        });
      }
      marks.push({ mark: store.mark(), root: store.stateRoot() });
      store.setNonce(addressOf(3), BigInt(block) + 10n);
    }
    for (const { mark, root } of marks.filter((_, index) => index % 9 === 0)) {
      for (const index of [1, 3, 7, 8, 65]) {
        await checkProof(store, root, addressOf(index), [0n, 5n, 13n, 49n], mark);
      }
    }
  });

  it("after a revert speaks of the state that came back", async () => {
    const store = populated();
    const root = store.stateRoot();
    const mark = store.mark();
    store.setStorage(addressOf(7), 5n, 0n);
    store.setBalance(addressOf(500), 1n);
    store.stateRoot();
    store.revertTo(mark);
    expect(store.stateRoot()).to.equal(root);
    await checkProof(store, root, addressOf(7), [5n]);
    await checkProof(store, root, addressOf(500), []);
  });
});
