import { expect } from "chai";
import type { Address } from "../../src/state/hex";
import { createSharedStateStore } from "../../src/state/shared-state-store";
import type { StateStore } from "../../src/state/state-store";
import type { RootThread } from "../../src/state/trie/distant-tries";
import { createRootThread } from "../../src/worker/root-thread";
import { ALWAYS_THERE } from "../helpers/root-thread";

const TOKEN: Address = "0x70c0000000000000000000000000000000000001";

describe("root thread", function () {
  this.timeout(60_000); // the thread loads TypeScript
  let thread: RootThread;
  beforeEach(() => {
    thread = createRootThread();
  });
  afterEach(() => thread.close());

  async function ready(): Promise<void> {
    while (!thread.isReady) {
      await thread.start();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** More than `minChanges`. */
  function change(store: StateStore, round: number): void {
    for (let slot = 0; slot < thread.minChanges; slot++) {
      store.setStorage(TOKEN, BigInt(round * 1000 + slot), BigInt(slot + 1));
    }
  }

  it("gives the roots of one store and of the next", async () => {
    await ready();
    for (let stores = 0; stores < 2; stores++) {
      const store = createSharedStateStore({ rootThread: thread, rootChoice: ALWAYS_THERE });
      const alone = createSharedStateStore();
      for (let round = 0; round < 4; round++) {
        change(store, round);
        change(alone, round);
        expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
      }
    }
  });

  it("gives its answer without the event loop", async () => {
    await ready();
    const store = createSharedStateStore({ rootThread: thread, rootChoice: ALWAYS_THERE });
    const alone = createSharedStateStore();
    let turned = true;
    // one of many, as the thread may take longer now and then
    for (let round = 0; round < 50 && turned; round++) {
      change(store, round);
      change(alone, round);
      turned = false;
      const turn = new Promise<void>((resolve) => {
        setImmediate(() => {
          turned = true;
          resolve();
        });
      });
      const root = await store.stateRootSoon().wait();
      const isPrompt = !turned;
      await turn;
      turned = !isPrompt;
      expect(root).to.equal(alone.stateRoot());
    }
    expect(turned).to.equal(false);
  });

  it("starts with the first root that is worth it, and the store does not wait for that", async () => {
    const store = createSharedStateStore({ rootThread: thread });
    const alone = createSharedStateStore();
    store.setNonce(TOKEN, 1n);
    alone.setNonce(TOKEN, 1n);
    expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
    change(store, 0);
    change(alone, 0);
    expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
    expect(thread.isReady).to.equal(false);
    await ready();
  });

  it("that is closed leaves the store to itself", async () => {
    const store = createSharedStateStore({ rootThread: thread });
    const alone = createSharedStateStore();
    await ready();
    await thread.close();
    change(store, 0);
    change(alone, 0);
    expect(await store.stateRootSoon().wait()).to.equal(alone.stateRoot());
  });
});
