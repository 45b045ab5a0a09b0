import { expect } from "chai";
import { InvariantError } from "../../src/errors/base-error";
import { BlockOverlay } from "../../src/execution/block-overlay";
import { type Address, EMPTY_CODE_HASH, type Hash } from "../../src/state/hex";
import type { Write } from "../../src/state/write-set";
import { MapState } from "../helpers/map-state";

const A: Address = "0xaa00000000000000000000000000000000000000";
const CODE = Uint8Array.of(0x60, 0x00);

function writes(...list: Write[]): { writes: Write[]; codes: Map<Hash, Uint8Array> } {
  return { writes: list, codes: new Map() };
}

describe("block overlay", () => {
  it("answers from the latest write and names its transaction", () => {
    const overlay = new BlockOverlay(new MapState({ [A]: { balance: 5n } }));
    expect(overlay.balance(A)).to.equal(5n);
    expect(overlay.origin.transactionIndex).to.equal(-1);
    overlay.apply(writes({ kind: "balance", address: A, delta: 3n }), 0);
    overlay.apply(writes({ kind: "balance", address: A, delta: -1n }), 4);
    expect(overlay.balance(A)).to.equal(7n);
    expect(overlay.origin).to.deep.equal({ transactionIndex: 4, incarnation: 0 });
    expect(overlay.balanceBeforeBlock(A)).to.equal(5n);
  });

  it("leaves the base as it is", () => {
    const base = new MapState({ [A]: { storage: { "0x1": 2n } } });
    const overlay = new BlockOverlay(base);
    overlay.apply(writes({ kind: "storage", address: A, slot: 1n, value: 9n }));
    expect(overlay.storage(A, 1n)).to.equal(9n);
    expect(base.storage(A, 1n)).to.equal(2n);
  });

  it("a removed account is gone with its storage; a credit brings it back without it", () => {
    const base = new MapState({
      [A]: { balance: 5n, nonce: 1n, code: CODE, storage: { "0x1": 2n } },
    });
    const overlay = new BlockOverlay(base);
    overlay.apply(
      writes(
        { kind: "existence", address: A, exists: false, clearsStorage: true },
        { kind: "balance", address: A, delta: -5n },
      ),
      2,
    );
    expect(overlay.exists(A)).to.equal(false);
    expect(overlay.codeHash(A)).to.equal(EMPTY_CODE_HASH);
    expect(overlay.storage(A, 1n)).to.equal(0n);
    expect(overlay.origin.transactionIndex).to.equal(2);
    expect(overlay.hasStorage(A)).to.equal(false);
    overlay.apply(writes({ kind: "balance", address: A, delta: 1n }), 3);
    expect(overlay.exists(A)).to.equal(true);
    expect(overlay.origin.transactionIndex).to.equal(3);
    expect(overlay.storage(A, 1n)).to.equal(0n);
  });

  it("a write to an account that exists is not a version of its existence", () => {
    const overlay = new BlockOverlay(new MapState({ [A]: { balance: 5n } }));
    overlay.apply(writes({ kind: "nonce", address: A, value: 1n }), 2);
    expect(overlay.exists(A)).to.equal(true);
    expect(overlay.origin.transactionIndex).to.equal(-1);
  });

  it("a balance outside 256 bits is a broken invariant", () => {
    const overlay = new BlockOverlay(new MapState({ [A]: { balance: 5n } }));
    expect(() => overlay.apply(writes({ kind: "balance", address: A, delta: -6n }))).to.throw(
      InvariantError,
    );
  });
});
