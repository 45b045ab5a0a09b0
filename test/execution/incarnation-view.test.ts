import { expect } from "chai";
import fc from "fast-check";
import { BlockOverlay } from "../../src/execution/block-overlay";
import { IncarnationView } from "../../src/execution/incarnation-view";
import { type LocationReader, ReadBlocked } from "../../src/execution/location-reader";
import type { Address } from "../../src/state/hex";
import { UNBOUNDED } from "../../src/state/read-set";
import { type AccountDescription, MapState } from "../helpers/map-state";
import { propertyParameters } from "../helpers/properties";

const A: Address = "0xaa00000000000000000000000000000000000000";
const B: Address = "0xbb00000000000000000000000000000000000000";

function view(accounts: Record<Address, AccountDescription> = {}): IncarnationView {
  return new IncarnationView(new BlockOverlay(new MapState(accounts)), false);
}

/** min and max of the only balance read of A */
function balanceInterval(state: IncarnationView): [bigint, bigint] | null {
  const read = state.readSet().find(({ kind, address }) => kind === "balance" && address === A);
  return read?.kind === "balance" ? [read.min, read.max] : null;
}

describe("incarnation view", () => {
  describe("balances", () => {
    it("a bound that holds raises the minimum, one that does not lowers the maximum", () => {
      const state = view({ [A]: { balance: 10n } });
      expect(state.balanceAtLeast(A, 4n)).to.equal(true);
      expect(state.balanceAtLeast(A, 3n)).to.equal(true);
      expect(balanceInterval(state)).to.deep.equal([4n, UNBOUNDED]);
      expect(state.balanceAtLeast(A, 11n)).to.equal(false);
      expect(state.balanceAtLeast(A, 50n)).to.equal(false);
      expect(balanceInterval(state)).to.deep.equal([4n, 10n]);
    });

    it("an exact read pins the interval", () => {
      const state = view({ [A]: { balance: 10n } });
      state.balanceAtLeast(A, 4n);
      expect(state.balance(A)).to.equal(10n);
      expect(balanceInterval(state)).to.deep.equal([10n, 10n]);
    });

    it("intervals speak of the value before own writes", () => {
      const state = view({ [A]: { balance: 10n } });
      state.credit(A, 5n);
      expect(state.balanceAtLeast(A, 12n)).to.equal(true);
      expect(balanceInterval(state)).to.deep.equal([7n, UNBOUNDED]);
      expect(state.balance(A)).to.equal(15n);
    });

    it("what own writes decide is not read", () => {
      const state = view();
      state.credit(A, 5n);
      expect(state.balanceAtLeast(A, 5n)).to.equal(true);
      expect(state.balanceAtLeast(A, 0n)).to.equal(true);
      expect(state.isEmpty(A)).to.equal(false);
      expect(state.readSet()).to.deep.equal([]);
    });

    it("at least nothing is never a question, also after a debit, which was covered", () => {
      // a STATICCALL of a contract that has sent ether: the reference engine asks for 0, ours does not
      const state = view({ [A]: { balance: 10n } });
      state.debit(A, 1n);
      expect(state.balanceAtLeast(A, 0n)).to.equal(true);
      expect(state.readSet()).to.deep.equal([]);
    });

    it("a credit is checked for overflow only where the block began near it", () => {
      const state = view({ [A]: { balance: 10n }, [B]: { balance: UNBOUNDED - 1n } });
      expect(state.creditOverflows(A, 10n ** 30n)).to.equal(false);
      expect(state.readSet()).to.deep.equal([]);
      expect(state.creditOverflows(B, 1n)).to.equal(true);
      expect(state.creditOverflows(A, UNBOUNDED - 10n)).to.equal(true);
      expect(state.creditOverflows(A, UNBOUNDED - 11n)).to.equal(false);
    });
  });

  describe("emptiness", () => {
    it("asks for code, then nonce, then balance, and stops at the first answer", () => {
      const coded = view({ [A]: { code: "0x00" } });
      expect(coded.isEmpty(A)).to.equal(false);
      expect(coded.readSet().map(({ kind }) => kind)).to.deep.equal(["code"]);
      const used = view({ [A]: { nonce: 9n } });
      expect(used.isEmpty(A)).to.equal(false);
      expect(used.readSet().slice(1)).to.deep.include.members([
        {
          kind: "nonce",
          address: A,
          min: 1n,
          max: UNBOUNDED,
          origin: { transactionIndex: -1, incarnation: 0 },
        },
      ]);
      const absent = view();
      expect(absent.isEmpty(A)).to.equal(true);
      expect(absent.readSet().map(({ kind }) => kind)).to.deep.equal(["code", "nonce", "balance"]);
      expect(balanceInterval(absent)).to.deep.equal([0n, 0n]);
    });
  });

  describe("frames", () => {
    it("a revert undoes exactly the writes since its checkpoint, inner commits included", () => {
      const state = view({ [A]: { balance: 10n, storage: { "0x1": 7n } } });
      state.setStorage(A, 1n, 8n);
      state.credit(A, 1n);
      state.checkpoint();
      state.setStorage(A, 1n, 9n);
      state.setStorage(A, 2n, 3n);
      state.setNonce(A, 4n);
      state.checkpoint();
      state.setCode(A, Uint8Array.of(1));
      state.debit(A, 5n);
      state.commit();
      state.clearStorage(A);
      expect(state.storage(A, 1n)).to.equal(0n);
      state.revert();
      expect(state.storage(A, 1n)).to.equal(8n);
      expect(state.balance(A)).to.equal(11n);
      expect(state.writeSet().writes).to.deep.equal([
        { kind: "storage", address: A, slot: 1n, value: 8n },
        { kind: "balance", address: A, delta: 1n },
      ]);
    });

    it("a revert brings back the slots that were written before the account's storage was cleared", () => {
      const state = view({ [A]: { storage: { "0x1": 7n, "0x2": 6n } } });
      state.setStorage(A, 1n, 8n);
      state.checkpoint();
      state.clearStorage(A);
      expect([state.storage(A, 1n), state.storage(A, 2n)]).to.deep.equal([0n, 0n]);
      state.revert();
      expect([state.storage(A, 1n), state.storage(A, 2n)]).to.deep.equal([8n, 6n]);
    });

    it("a slot is written once, in the order of first writes, however often it was taken back and written again", () => {
      const slotWrite = fc.record({ slot: fc.bigInt(0n, 3n), value: fc.bigInt(0n, 9n) });
      const step = fc.oneof(
        { weight: 4, arbitrary: slotWrite },
        fc.constantFrom("checkpoint", "commit", "revert", "clear"),
      );
      fc.assert(
        fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
          const state = view();
          const order: bigint[] = [];
          let slots = new Map<bigint, bigint>();
          const saved: Map<bigint, bigint>[] = [];
          for (const each of steps) {
            if (typeof each === "object") {
              state.setStorage(A, each.slot, each.value);
              slots.set(each.slot, each.value);
              if (!order.includes(each.slot)) {
                order.push(each.slot);
              }
            } else if (each === "checkpoint") {
              state.checkpoint();
              saved.push(new Map(slots));
            } else if (each === "clear") {
              state.clearStorage(A);
              slots = new Map();
            } else if (saved.length > 0) {
              const before = saved.pop() ?? slots;
              if (each === "revert") {
                slots = before;
                state.revert();
              } else {
                state.commit();
              }
            }
          }
          const expected = order.flatMap((slot) => {
            const value = slots.get(slot);
            return value === undefined ? [] : [{ kind: "storage", address: A, slot, value }];
          });
          const { writes } = state.writeSet();
          expect(writes.filter(({ kind }) => kind === "storage")).to.deep.equal(expected);
        }),
        propertyParameters({ numRuns: 300 }),
      );
    });

    it("a cleared account reads no slot of the state below", () => {
      const state = view({ [A]: { storage: { "0x1": 7n } } });
      state.clearStorage(A);
      expect(state.storage(A, 1n)).to.equal(0n);
      expect(state.originalStorage(A, 1n)).to.equal(0n);
      expect(state.readSet()).to.deep.equal([]);
    });

    it("the original value of a slot is the one before the transaction", () => {
      const state = view({ [A]: { storage: { "0x1": 7n } } });
      state.setStorage(A, 1n, 8n);
      expect(state.originalStorage(A, 1n)).to.equal(7n);
      expect(state.storage(A, 1n)).to.equal(8n);
    });
  });

  describe("destruction", () => {
    it("burns the balance and leaves no other write of the account", () => {
      const state = view({ [A]: { balance: 10n, nonce: 1n } });
      state.setStorage(A, 1n, 1n);
      state.setNonce(A, 2n);
      state.setCode(A, Uint8Array.of(1));
      state.destroy(A);
      expect(state.writeSet()).to.deep.equal({
        writes: [
          { kind: "existence", address: A, exists: false, clearsStorage: true },
          { kind: "balance", address: A, delta: -10n },
        ],
        codes: new Map(),
      });
    });
  });

  it("asks the reader once per location", () => {
    let asked = 0;
    const state = new MapState({ [A]: { balance: 1n, storage: { "0x1": 7n } } });
    const overlay = new BlockOverlay(state);
    const counting = new Proxy(overlay, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== "function") {
          return value;
        }
        return (...parameters: unknown[]) => {
          asked += 1;
          return value.apply(target, parameters);
        };
      },
    });
    const counted = new IncarnationView(counting, false);
    for (let i = 0; i < 3; i++) {
      counted.storage(A, 1n);
      counted.balance(A);
      counted.balanceAtLeast(A, 1n);
      counted.nonce(A);
      counted.codeHash(A);
      counted.exists(A);
    }
    expect(asked).to.equal(5);
  });

  describe("a read that is blocked", () => {
    const blocking = (): LocationReader =>
      new (class extends BlockOverlay {
        override nonce(): bigint {
          throw new ReadBlocked(3);
        }
      })(new MapState());

    it("is remembered, and every later access fails the same way", () => {
      const state = new IncarnationView(blocking(), false);
      expect(state.blockedOn).to.equal(null);
      expect(() => state.nonce(A)).to.throw(ReadBlocked);
      expect(state.blockedOn).to.equal(3);
      expect(() => state.balance(B)).to.throw(ReadBlocked);
      expect(() => state.credit(B, 1n)).to.throw(ReadBlocked);
      expect(() => state.rethrowFailedRead()).to.throw(ReadBlocked);
    });

    it("is forgotten by a reset", () => {
      const state = new IncarnationView(blocking(), false);
      expect(() => state.nonce(A)).to.throw(ReadBlocked);
      state.reset(new BlockOverlay(new MapState({ [A]: { nonce: 2n } })), false);
      expect(state.blockedOn).to.equal(null);
      expect(state.nonce(A)).to.equal(2n);
      expect(state.readSet()).to.have.length(1);
    });
  });
});
