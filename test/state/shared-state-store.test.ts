import { expect } from "chai";
import { keccak256Hex } from "../../src/crypto/keccak256";
import { InvariantError } from "../../src/errors/base-error";
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from "../../src/state/hex";
import { createSharedStateStore, openSharedState } from "../../src/state/shared-state-store";
import type { StateReader } from "../../src/state/state-reader";
import type { Write } from "../../src/state/write-set";

const ALICE: Address = "0xa11ce00000000000000000000000000000000001";
const BOB: Address = "0xb0b0000000000000000000000000000000000002";
const TOKEN: Address = "0x70ce000000000000000000000000000000000003";
const CODE = Uint8Array.of(0x60, 0x01, 0x50);

const addressOf = (index: number): Address =>
  `0x${(0x1000000000 + index).toString(16).padStart(40, "0")}`;
const set = (...writes: Write[]) => ({ writes, codes: new Map() });
const credit = (address: Address, delta: bigint): Write => ({ kind: "balance", address, delta });
const write = (address: Address, slot: bigint, value: bigint): Write => ({
  kind: "storage",
  address,
  slot,
  value,
});
const life = (address: Address, exists: boolean, clearsStorage: boolean): Write => ({
  kind: "existence",
  address,
  exists,
  clearsStorage,
});

describe("shared state store", () => {
  it("an absent account reads as blank", () => {
    const store = createSharedStateStore();
    for (const state of [store, openSharedState(store.share()), store.at(0)]) {
      expect(state.exists(ALICE)).to.equal(false);
      expect(state.balance(ALICE)).to.equal(0n);
      expect(state.nonce(ALICE)).to.equal(0n);
      expect(state.codeHash(ALICE)).to.equal(EMPTY_CODE_HASH);
      expect(state.code(EMPTY_CODE_HASH)).to.have.length(0);
      expect(state.storage(ALICE, 2n ** 256n - 1n)).to.equal(0n);
      expect(state.hasStorage(ALICE)).to.equal(false);
    }
    expect(store.stateRoot()).to.equal(EMPTY_TRIE_ROOT);
    expect(store.storageRoot(ALICE)).to.equal(EMPTY_TRIE_ROOT);
    expect(store.accounts()).to.deep.equal([]);
  });

  describe("write sets", () => {
    it("balance writes are deltas", () => {
      const store = createSharedStateStore();
      store.apply(set(credit(ALICE, 10n)));
      store.apply(set(credit(ALICE, -4n), credit(BOB, 4n)));
      expect([store.balance(ALICE), store.balance(BOB)]).to.deep.equal([6n, 4n]);
    });

    it("a balance below zero is refused and nothing of its write set stays", () => {
      const store = createSharedStateStore();
      store.apply(set(credit(ALICE, 10n)));
      const [mark, root] = [store.mark(), store.stateRoot()];
      expect(() =>
        store.apply(set(write(TOKEN, 1n, 1n), credit(BOB, 1n), credit(ALICE, -11n))),
      ).to.throw(InvariantError, "would become -1 wei");
      expect(store.mark()).to.equal(mark);
      expect(store.stateRoot()).to.equal(root);
      expect(store.accounts()).to.deep.equal([ALICE]);
    });

    it("values that do not fit their field are refused", () => {
      const store = createSharedStateStore();
      expect(() => store.setBalance(ALICE, 2n ** 256n)).to.throw(InvariantError);
      expect(() => store.setNonce(ALICE, 2n ** 64n)).to.throw(InvariantError);
      expect(() => store.setStorage(ALICE, 2n ** 256n, 1n)).to.throw(InvariantError);
      expect(() => store.setStorage(ALICE, -1n, 1n)).to.throw(InvariantError);
      expect(() => store.setStorage(ALICE, 1n, 2n ** 256n)).to.throw(InvariantError);
      expect(() => store.balance("0xA11CE00000000000000000000000000000000001")).to.throw(
        InvariantError,
        "not a lower-case address",
      );
      expect(store.accounts()).to.deep.equal([]);
      expect(store.mark()).to.equal(0);
    });

    it("a code that neither the store knows nor the write set brings is refused", () => {
      const store = createSharedStateStore();
      const codeHash = keccak256Hex(CODE);
      const deploys: Write = { kind: "code", address: TOKEN, codeHash };
      expect(() => store.apply(set(deploys))).to.throw(InvariantError, codeHash);
      store.apply({ writes: [deploys], codes: new Map([[codeHash, CODE]]) });
      store.apply(set({ ...deploys, address: BOB }));
      expect(store.code(store.codeHash(BOB))).to.deep.equal(CODE);
      expect(() => store.code(keccak256Hex(Uint8Array.of(1)))).to.throw(InvariantError);
    });

    it("existence writes are applied before the others, wherever they stand", () => {
      const store = createSharedStateStore();
      store.apply(set(write(TOKEN, 1n, 1n), write(TOKEN, 2n, 2n)));
      store.apply(set(write(TOKEN, 2n, 3n), life(TOKEN, true, true)));
      expect(store.storageEntries(TOKEN)).to.deep.equal([[2n, 3n]]);
    });

    it("a removed account is gone, and its balance delta does not bring it back", () => {
      const store = createSharedStateStore();
      store.setCode(TOKEN, CODE);
      store.setNonce(TOKEN, 1n);
      store.apply(set(credit(TOKEN, 5n), write(TOKEN, 1n, 1n)));
      store.apply(set(credit(TOKEN, -5n), life(TOKEN, false, true)));
      expect(store.exists(TOKEN)).to.equal(false);
      expect(store.nonce(TOKEN)).to.equal(0n);
      expect(store.codeHash(TOKEN)).to.equal(EMPTY_CODE_HASH);
      expect(store.hasStorage(TOKEN)).to.equal(false);
      expect(store.stateRoot()).to.equal(EMPTY_TRIE_ROOT);
    });

    it("removing an account that keeps a balance, or is written otherwise, is refused", () => {
      const store = createSharedStateStore();
      store.setBalance(TOKEN, 5n);
      expect(() => store.apply(set(life(TOKEN, false, true)))).to.throw(/keeps a balance/);
      expect(() =>
        store.apply(set(life(TOKEN, false, true), credit(TOKEN, -5n), write(TOKEN, 1n, 1n))),
      ).to.throw(/is given a storage/);
      expect(store.balance(TOKEN)).to.equal(5n);
    });

    it("an account exists once a write touches it, empty or not", () => {
      const store = createSharedStateStore();
      store.setBalance(ALICE, 0n);
      store.apply(set(life(BOB, true, false)));
      expect(store.accounts()).to.deep.equal([ALICE, BOB]);
      store.apply(set(life(ALICE, false, false)));
      expect(store.accounts()).to.deep.equal([BOB]);
    });

    it("writing the value that is there is no change", () => {
      const store = createSharedStateStore();
      store.apply(set(credit(TOKEN, 1n), write(TOKEN, 1n, 1n)));
      const mark = store.mark();
      store.apply(set(write(TOKEN, 1n, 1n), write(TOKEN, 2n, 0n)));
      store.setNonce(TOKEN, 0n);
      expect(store.mark()).to.equal(mark);
    });
  });

  describe("clearing a storage", () => {
    it("takes one change whatever the number of slots, and can be undone", () => {
      const store = createSharedStateStore();
      for (let slot = 0n; slot < 500n; slot++) {
        store.setStorage(TOKEN, slot, slot + 1n);
      }
      const [mark, root] = [store.mark(), store.stateRoot()];
      store.apply(set(life(TOKEN, true, true)));
      expect(store.mark()).to.equal(mark + 1);
      expect(store.hasStorage(TOKEN)).to.equal(false);
      expect(store.storage(TOKEN, 7n)).to.equal(0n);
      expect(store.storageRoot(TOKEN)).to.equal(EMPTY_TRIE_ROOT);
      expect(store.at(mark).storage(TOKEN, 7n)).to.equal(8n);
      expect(store.at(mark).hasStorage(TOKEN)).to.equal(true);
      store.revertTo(mark);
      expect(store.storageEntries(TOKEN)).to.have.length(500);
      expect(store.stateRoot()).to.equal(root);
    });

    it("slots of an account's new life are apart from those of the old, in history too", () => {
      const store = createSharedStateStore();
      const marks: number[] = [];
      for (let round = 0n; round < 5n; round++) {
        store.apply(set(life(TOKEN, true, true), write(TOKEN, round, 10n + round)));
        marks.push(store.mark());
        store.apply(set(life(TOKEN, false, true)));
      }
      store.apply(set(write(TOKEN, 99n, 1n)));
      expect(store.storageEntries(TOKEN)).to.deep.equal([[99n, 1n]]);
      marks.forEach((mark, round) => {
        const past = store.at(mark);
        for (let slot = 0; slot < 5; slot++) {
          const expected = slot === round ? 10n + BigInt(round) : 0n;
          expect(past.storage(TOKEN, BigInt(slot))).to.equal(expected);
        }
        expect(past.exists(TOKEN)).to.equal(true);
      });
    });
  });

  describe("marks", () => {
    it("a history of one location is read at every mark, and not disturbed by newer changes", () => {
      const store = createSharedStateStore();
      const pasts: { state: StateReader; value: bigint }[] = [];
      for (let value = 1n; value <= 2_000n; value++) {
        store.setStorage(TOKEN, 1n, value);
        store.setBalance(ALICE, value);
        pasts.push({ state: store.at(store.mark()), value });
      }
      for (const { state, value } of pasts) {
        expect(state.storage(TOKEN, 1n)).to.equal(value);
        expect(state.balance(ALICE)).to.equal(value);
      }
    });

    it("a reader of a mark that was reverted below refuses to answer, even after new changes", () => {
      const store = createSharedStateStore();
      store.setBalance(ALICE, 1n);
      const kept = store.at(store.mark());
      const mark = store.mark();
      store.setBalance(ALICE, 2n);
      const ended = store.at(store.mark());
      store.revertTo(mark);
      expect(() => ended.balance(ALICE)).to.throw(InvariantError);
      store.setBalance(ALICE, 3n);
      store.setBalance(BOB, 3n);
      expect(() => ended.balance(ALICE)).to.throw(InvariantError);
      expect(kept.balance(ALICE)).to.equal(1n);
    });

    it("reverting above the current position, or to no position at all, is refused", () => {
      const store = createSharedStateStore();
      store.setBalance(ALICE, 1n);
      for (const mark of [store.mark() + 1, -1, 0.5, Number.NaN]) {
        expect(() => store.revertTo(mark)).to.throw(InvariantError);
      }
    });

    it("10,000 snapshots and reverts leave no trace in the indexes and make nothing grow", () => {
      const store = createSharedStateStore();
      for (let index = 0; index < 100; index++) {
        store.setBalance(addressOf(index), 1n);
        store.setStorage(TOKEN, BigInt(index), 1n);
      }
      const mark = store.mark();
      const before = store.share();
      // buffers 1 and 3 are the indexes of accounts and slots, where tombstones would pile up
      const occupiedNow = () => [occupied(before.buffers[1]), occupied(before.buffers[3])];
      const occupiedBefore = occupiedNow();
      for (let cycle = 0; cycle < 10_000; cycle++) {
        store.setBalance(addressOf(1_000 + cycle), 1n);
        store.setStorage(TOKEN, BigInt(1_000 + cycle), 1n);
        store.setStorage(addressOf(cycle % 100), 5n, 1n);
        store.apply(set(life(TOKEN, true, true), write(TOKEN, 3n, 7n)));
        store.revertTo(mark);
      }
      expect(store.share()).to.equal(before);
      expect(occupiedNow()).to.deep.equal(occupiedBefore);
    });
  });

  describe("growth", () => {
    it("100,000 slots and 5,000 accounts later every value is right, and undo leads back", () => {
      const store = createSharedStateStore();
      const emptyHandle = store.share();
      const mark = store.mark();
      // half of the keys small numbers, half spread over 145 bits
      const key = (index: bigint) =>
        index % 2n === 0n ? index : index * 0x9e3779b97f4a7c15f39cc0605cedc835n;
      const value = (index: bigint) => (index + 1n) << (index % 230n);
      for (let index = 0n; index < 100_000n; index++) {
        store.setStorage(TOKEN, key(index), value(index));
      }
      for (let index = 0; index < 5_000; index++) {
        store.setBalance(addressOf(index), BigInt(index));
      }
      const handle = store.share();
      expect(handle.generation).to.be.above(emptyHandle.generation);
      const shared = openSharedState(handle);
      let wrong = 0;
      for (let index = 0n; index < 100_000n; index++) {
        wrong += store.storage(TOKEN, key(index)) === value(index) ? 0 : 1;
        wrong += shared.storage(TOKEN, key(index)) === value(index) ? 0 : 1;
      }
      for (let index = 0; index < 5_000; index++) {
        wrong += shared.balance(addressOf(index)) === BigInt(index) ? 0 : 1;
      }
      expect(wrong).to.equal(0);
      expect(store.storageEntries(TOKEN)).to.have.length(100_000);
      store.revertTo(mark);
      expect(store.accounts()).to.deep.equal([]);
      expect(store.storage(TOKEN, 2n)).to.equal(0n);
    });

    it("a reader of the old buffers keeps the last commit before growth, whole", () => {
      const store = createSharedStateStore();
      store.apply(set(credit(ALICE, 7n), write(TOKEN, 1n, 7n)));
      const old = openSharedState(store.share());
      const { generation } = store.share();
      const writes: Write[] = [credit(ALICE, 1n), write(TOKEN, 1n, 8n), life(BOB, true, false)];
      for (let slot = 2n; slot < 5_000n; slot++) {
        writes.push(write(TOKEN, slot, slot));
      }
      store.apply(set(...writes));
      expect(store.share().generation).to.be.above(generation);
      expect(old.balance(ALICE)).to.equal(7n);
      expect(old.storage(TOKEN, 1n)).to.equal(7n);
      expect(old.storage(TOKEN, 3_000n)).to.equal(0n);
      expect(old.exists(BOB)).to.equal(false);
      expect(openSharedState(store.share()).storage(TOKEN, 3_000n)).to.equal(3_000n);
    });

    it("codes beyond the first arena are stored, once each, and read by new readers", () => {
      const store = createSharedStateStore();
      const codes = Array.from({ length: 200 }, (_, index) =>
        new Uint8Array(1_000 + index).fill(index),
      );
      for (const [index, code] of codes.entries()) {
        store.setCode(addressOf(index), code);
      }
      const shared = openSharedState(store.share());
      codes.forEach((code, index) => {
        const hash = keccak256Hex(code);
        expect(shared.codeHash(addressOf(index))).to.equal(hash);
        expect(Buffer.from(shared.code(hash)).equals(code)).to.equal(true);
      });
      const handle = store.share();
      for (const code of codes) {
        store.setCode(BOB, code);
      }
      expect(store.share()).to.equal(handle);
    });
  });
});

/** Rows in an index, by position: an entry is (row + 1, hash), 0 = empty. */
function occupied(index: SharedArrayBuffer | undefined): [position: number, row: number][] {
  const words = new Int32Array(index ?? new SharedArrayBuffer(0));
  const rows: [number, number][] = [];
  for (let position = 0; position < words.length / 2; position++) {
    const row = (words[position * 2] ?? 0) - 1;
    if (row !== -1) {
      rows.push([position, row]);
    }
  }
  return rows;
}
