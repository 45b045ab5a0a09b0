/** Roots from another thread; random states are in ../shared-state-store.property.test.ts. */
import { expect } from "chai";
import { bigIntToHex32 } from "../../../src/state/bytes";
import type { Address } from "../../../src/state/hex";
import { createSharedStateStore } from "../../../src/state/shared-state-store";
import type { StateStore } from "../../../src/state/state-store";
import type { RootSide } from "../../../src/state/trie/root-pace";
import { ALWAYS_THERE, NearRootThread } from "../../helpers/root-thread";

const addressOf = (number: number): Address => `0x${bigIntToHex32(BigInt(number)).slice(-40)}`;

/** One change each. */
function fund(store: StateStore, from: number, to: number): void {
  for (let number = from; number < to; number++) {
    store.setStorage(addressOf(number), 1n, 1n);
  }
}

/** Two changes an account: its life and its slot. */
function pair(rootThread: NearRootThread): [StateStore, StateStore] {
  return [
    createSharedStateStore({ rootThread, rootChoice: ALWAYS_THERE }),
    createSharedStateStore(),
  ];
}

function warnings(): { readonly texts: string[]; stop(): void } {
  const texts: string[] = [];
  const listener = ({ message }: Error): number => texts.push(message);
  process.on("warning", listener);
  return { texts, stop: () => process.off("warning", listener) };
}

describe("roots from another thread", () => {
  it("are asked for once enough has changed since the last root, wherever that was made", async () => {
    const thread = new NearRootThread(20);
    const [store, alone] = pair(thread);
    const expectRoot = async (from: number, to: number, asked: number): Promise<void> => {
      fund(store, from, to);
      fund(alone, from, to);
      expect(await store.stateRootSoon().wait(), `${from} to ${to}`).to.equal(alone.stateRoot());
      expect(thread.asked, `requests after ${from} to ${to}`).to.equal(asked);
    };
    await expectRoot(0, 9, 0); // 18 changes
    await expectRoot(9, 19, 1); // 20
    await expectRoot(19, 20, 1);
    await expectRoot(20, 400, 2); // the tables have outgrown their first buffers
    await expectRoot(400, 409, 2);
    await expectRoot(409, 500, 3);
  });

  it("are right after reverts to before and after what the thread has seen", async () => {
    const thread = new NearRootThread(2);
    const [store, alone] = pair(thread);
    const both = (change: (state: StateStore) => void): void => [store, alone].forEach(change);
    const expectRoot = async (): Promise<void> => {
      expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
    };
    both((state) => fund(state, 0, 30));
    await expectRoot();
    const early = store.mark();
    both((state) => fund(state, 30, 60));
    await expectRoot();
    both((state) => fund(state, 60, 90)); // never rooted
    both((state) => state.revertTo(early));
    // other accounts in the rows that were given back
    both((state) => fund(state, 1000, 1040));
    await expectRoot();
    both((state) => state.revertTo(early + 10));
    both((state) => fund(state, 2000, 2010));
    both((state) => state.revertTo(0));
    both((state) => fund(state, 3000, 3010));
    await expectRoot();
    expect(thread.asked).to.equal(4);
  });

  it("are computed here while the thread starts", async () => {
    const thread = new NearRootThread(2);
    thread.isReady = false;
    const [store, alone] = pair(thread);
    fund(store, 0, 10);
    fund(alone, 0, 10);
    expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
    expect(thread.asked).to.equal(0);
    expect(thread.isReady, "it was told to start").to.equal(true);
    fund(store, 10, 20);
    fund(alone, 10, 20);
    expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
    expect(thread.asked).to.equal(1);
  });

  it("do not start a thread before they have taken as long as that takes", async () => {
    const thread = new NearRootThread(2);
    thread.isReady = false;
    thread.startCost = Number.POSITIVE_INFINITY;
    const [store, alone] = pair(thread);
    for (let round = 0; round < 3; round++) {
      fund(store, round * 10, round * 10 + 10);
      fund(alone, round * 10, round * 10 + 10);
      expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
      expect(thread.isReady).to.equal(false);
    }
    thread.startCost = 0;
    store.setNonce(addressOf(1), 2n);
    store.setNonce(addressOf(2), 2n);
    await store.stateRootSoon().wait();
    expect(thread.isReady).to.equal(true);
  });

  it("take in a large backlog once, where tests go back to the same state again and again", async () => {
    const thread = new NearRootThread(20);
    const [store, alone] = pair(thread);
    thread.isReady = false;
    fund(store, 0, 100);
    fund(alone, 0, 100);
    expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
    const before = store.mark();
    for (let round = 0; round < 3; round++) {
      fund(store, 100, 110);
      fund(alone, 100, 110);
      expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
      // of an account with one slot: its row, two numbers, the slot's row
      const expected = (round === 0 ? 110 : 10) * 4;
      expect(thread.latest?.changes.length, `in round ${round}`).to.equal(expected);
      store.revertTo(before);
      alone.revertTo(before);
      await store.catchUp();
      expect(thread.asked, `requests after round ${round}`).to.equal(round + 2);
    }
    expect(store.stateRoot()).to.equal(alone.stateRoot());
  });

  it("catch up here, where the last root was made here", async () => {
    const backlogs: number[] = [];
    const side = { next: "there" as RootSide };
    const store = createSharedStateStore({
      rootThread: new NearRootThread(20),
      rootChoice: {
        choose: ({ here }) => {
          backlogs.push(here);
          return side.next;
        },
        note: () => undefined,
      },
    });
    fund(store, 0, 100);
    await store.stateRootSoon().wait();
    side.next = "here";
    const before = store.mark();
    for (let round = 0; round < 3; round++) {
      fund(store, 100, 110);
      await store.stateRootSoon().wait();
      store.revertTo(before);
      await store.catchUp();
    }
    // two changes an account; after the first revert nothing is left of the first hundred
    expect(backlogs).to.deep.equal([200, 220, 20, 20]);
  });

  it("catch up only on the side that made the last root, and survive that it fails then", async () => {
    const heard = warnings();
    const thread = new NearRootThread(20);
    const [store, alone] = pair(thread);
    await store.catchUp(); // nobody has asked for a root yet
    fund(store, 0, 100);
    fund(alone, 0, 100);
    await store.catchUp();
    expect(thread.asked).to.equal(0);
    expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
    fund(store, 100, 120);
    fund(alone, 100, 120);
    thread.failure = new Error("out of memory");
    await store.catchUp();
    await new Promise((resolve) => setImmediate(resolve)); // warnings are events
    heard.stop();
    expect(thread.asked).to.equal(2);
    expect(heard.texts).to.have.lengthOf(1);
    expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
    expect(thread.asked, "nobody asks again").to.equal(2);
  });

  it("are computed here from the first failure on, which is said once", async () => {
    const heard = warnings();
    const thread = new NearRootThread(2);
    const [store, alone] = pair(thread);
    thread.failure = new Error("out of memory");
    for (let round = 0; round < 3; round++) {
      fund(store, round * 10, round * 10 + 10);
      fund(alone, round * 10, round * 10 + 10);
      expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
    }
    await new Promise((resolve) => setImmediate(resolve)); // warnings are events
    heard.stop();
    expect(thread.asked).to.equal(1);
    expect(heard.texts).to.have.lengthOf(1);
    expect(heard.texts[0]).to.contain("out of memory").and.to.contain("nothing is lost but time");
  });

  it("come from here for good once the state is too large for two sets of tries", async () => {
    const thread = new NearRootThread(2);
    thread.maxRows = 60; // accounts and slots
    const [store, alone] = pair(thread);
    const asked: number[] = [];
    for (let round = 0; round < 5; round++) {
      fund(store, round * 10, round * 10 + 10);
      fund(alone, round * 10, round * 10 + 10);
      expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
      asked.push(thread.asked);
    }
    expect(asked).to.deep.equal([1, 2, 3, 3, 3]);
    expect(thread.isReady, "the thread was ended").to.equal(false);
    store.revertTo(0);
    fund(store, 0, 10);
    await store.stateRootSoon().wait();
    expect(thread.asked).to.equal(3);
  });

  it("take no thread where no storage changed, and nothing is lost for the next that do", async () => {
    const thread = new NearRootThread(2);
    const [store, alone] = pair(thread);
    const expectRoot = async (change: (state: StateStore) => void, asked: number) => {
      change(store);
      change(alone);
      expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
      expect(thread.asked).to.equal(asked);
    };
    const pay = (wei: bigint) => (state: StateStore) => {
      for (let number = 0; number < 20; number++) {
        state.setBalance(addressOf(number), wei);
      }
    };
    await expectRoot(pay(1n), 0);
    await expectRoot((state) => fund(state, 5, 25), 1);
    await expectRoot(pay(2n), 1);
    const mark = store.mark();
    await expectRoot(pay(3n), 1);
    await expectRoot((state) => state.setStorage(addressOf(7), 1n, 0n), 1); // too little for the thread
    await expectRoot((state) => fund(state, 25, 30), 2);
    store.revertTo(mark);
    alone.revertTo(mark);
    await expectRoot(pay(4n), 2);
    await expectRoot((state) => fund(state, 24, 26), 3);
  });

  it("know of storages that are emptied and of accounts that end", async () => {
    const thread = new NearRootThread(2);
    const [store, alone] = pair(thread);
    const end = { exists: false, clearsStorage: true } as const;
    const changes: readonly ((state: StateStore) => void)[] = [
      (state) => fund(state, 0, 4),
      (state) => {
        state.setStorage(addressOf(0), 1n, 0n);
        state.setNonce(addressOf(0), 1n);
      },
      (state) =>
        state.apply({
          writes: [1, 2].map((number) => ({
            kind: "existence",
            address: addressOf(number),
            ...end,
          })),
          codes: new Map(),
        }),
      (state) => {
        state.setNonce(addressOf(1), 5n); // lives again, without its storage
        state.setNonce(addressOf(3), 5n);
        state.setStorage(addressOf(0), 2n, 7n);
      },
    ];
    for (const [index, change] of changes.entries()) {
      change(store);
      change(alone);
      expect(await store.stateRootSoon().wait(), `${index}`).to.equal(alone.stateRoot());
    }
    expect(thread.asked).to.equal(changes.length);
  });

  it("begin before the caller goes on", () => {
    const thread = new NearRootThread(2);
    const [store] = pair(thread);
    fund(store, 0, 10);
    void store.stateRootSoon().wait();
    expect(thread.asked).to.equal(1);
  });
});
