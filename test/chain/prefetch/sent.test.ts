/** What is asked for ahead leaves before the block's transactions keep the event loop from turning. */
import { expect } from "chai";
import { Learned } from "../../../src/chain/prefetch/footprints";
import { Foresight } from "../../../src/chain/prefetch/foresight";
import { createEngine } from "../../../src/execution/engine/engine-choice";
import { DEFAULT_ENGINE } from "../../../src/execution/engine/engine-name";
import type { Address } from "../../../src/state/hex";
import { createSharedStateStore } from "../../../src/state/shared-state-store";

const LISTED: Address = `0x${"11".repeat(20)}`;
const FROM: Address = `0x${"22".repeat(20)}`;

describe("Watch.sent", () => {
  let left = 0;
  const store = () =>
    createSharedStateStore({
      source: {
        fetch: () => Promise.reject(new Error("nobody waits for it")),
        // as fetch does over an open connection: it is written when the event loop turns
        prefetch: () => void setImmediate(() => setImmediate(() => left++)),
      },
    });
  const watch = (accessList: readonly { address: Address; slots: readonly bigint[] }[]) => {
    const of = store();
    const input = {
      from: FROM,
      to: null,
      data: new Uint8Array(),
      accessList,
      authorizationList: [],
    };
    const foresight = new Foresight(createEngine(DEFAULT_ENGINE), new Learned());
    return foresight.watch(of, (keys) => of.load(keys), [input]);
  };

  it("waits until requests have left, once", async () => {
    const asking = watch([{ address: LISTED, slots: [1n] }]);
    expect(left).to.equal(0);
    await asking.sent();
    expect(left).to.equal(1);
  });

  it("does not let the event loop turn where nothing was asked for, or no more", async () => {
    const asking = watch([{ address: LISTED, slots: [1n] }]);
    await asking.sent();
    for (const idle of [asking, watch([])]) {
      let turned = false;
      const turn = setImmediate(() => {
        turned = true;
      });
      await idle.sent();
      expect(turned).to.equal(false);
      clearImmediate(turn);
    }
  });
});
