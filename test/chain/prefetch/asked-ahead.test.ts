/** What transactions announce is asked for ahead: access lists and delegates, up to a bound. */
import { expect } from "chai";
import { Learned } from "../../../src/chain/prefetch/footprints";
import { type Foreseeable, Foresight } from "../../../src/chain/prefetch/foresight";
import { createEngine } from "../../../src/execution/engine/engine-choice";
import { DEFAULT_ENGINE } from "../../../src/execution/engine/engine-name";
import type { Address } from "../../../src/state/hex";
import { createSharedStateStore } from "../../../src/state/shared-state-store";
import type { SourceKeys } from "../../../src/state/state-source";

const FROM: Address = `0x${"11".repeat(20)}`;
const LISTED: Address = `0x${"22".repeat(20)}`;
const LATER: Address = `0x${"33".repeat(20)}`;
const AUTHORITY: Address = `0x${"44".repeat(20)}`;
const DELEGATES: readonly Address[] = [`0x${"55".repeat(20)}`, `0x${"66".repeat(20)}`];
/** Keys of a block that are asked for ahead, with those that are needed in any case. */
const BOUND = 5_000;

/** What is asked for ahead of the transactions, which all have one sender and create. */
function askedAhead(...inputs: readonly Partial<Foreseeable>[]): SourceKeys {
  const asked: SourceKeys[] = [];
  const store = createSharedStateStore({
    source: {
      fetch: () => Promise.reject(new Error("nothing is waited for")),
      prefetch: (keys) => void asked.push(keys),
    },
  });
  new Foresight(createEngine(DEFAULT_ENGINE), new Learned()).foresee(
    store,
    inputs.map((input) => ({
      from: FROM,
      to: null,
      data: new Uint8Array(),
      accessList: [],
      authorizationList: [],
      ...input,
    })),
  );
  return {
    accounts: asked.flatMap(({ accounts }) => accounts),
    slots: asked.flatMap(({ slots }) => slots),
  };
}

describe("Foresight, of what transactions announce", () => {
  it("asks for the codes that authorities delegate to; authorities are needed anyway", () => {
    const authorizationList = DELEGATES.map((address, i) => ({
      chainId: 1n,
      address,
      nonce: 0n,
      authority: i === 0 ? AUTHORITY : null, // null: the signature is none, and the list is still foreseen
    }));
    expect(askedAhead({ authorizationList })).to.deep.equal({ accounts: DELEGATES, slots: [] });
  });

  it("asks for accounts and slots of access lists", () => {
    const accessList = [{ address: LISTED, slots: [7n, 9n] }];
    expect(askedAhead({ accessList })).to.deep.equal({
      accounts: [LISTED],
      slots: [7n, 9n].map((slot) => ({ address: LISTED, slot })),
    });
  });

  it("asks for no more than 5,000 keys of a block, the first ones", () => {
    const slots = Array.from({ length: BOUND + 1_000 }, (_, i) => BigInt(i));
    const asked = askedAhead(
      { accessList: [{ address: LISTED, slots }] },
      { accessList: [{ address: LATER, slots: [0n] }] },
    );
    expect(asked.accounts).to.deep.equal([LISTED]);
    const ofSlots = BOUND - 2; // the sender and the listed account are keys, too
    expect(asked.slots).to.deep.equal(
      slots.slice(0, ofSlots).map((slot) => ({ address: LISTED, slot })),
    );
  });
});
