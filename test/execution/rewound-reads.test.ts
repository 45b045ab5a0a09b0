/** A message that runs twice on one view: the second run has reads of its own, of the versions of the first. */
import { expect } from "chai";
import { IncarnationView } from "../../src/execution/incarnation-view";
import { ReadBlocked } from "../../src/execution/location-reader";
import { BlockMemory, type SharedBlock } from "../../src/execution/shared-block";
import { VersionedReader } from "../../src/execution/versioned-reader";
import type { Address, Hash } from "../../src/state/hex";
import { UNBOUNDED } from "../../src/state/read-set";
import type { Write } from "../../src/state/write-set";
import { MapState } from "../helpers/map-state";

const A: Address = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const LIMITS = { locations: 256, arenaWords: 1 << 16, maximumArenaWords: 1 << 17 };
const OTHER_CODE: Hash = `0x${"c0".repeat(32)}`;

const preState = new MapState({
  [A]: { balance: 100n, nonce: 3n, code: "0x00", storage: { "1": 11n } },
});

/** every kind of location of A */
const READS: Readonly<Record<string, (view: IncarnationView) => unknown>> = {
  balance: (view) => view.balance(A),
  "bound of a balance": (view) => view.balanceAtLeast(A, 7n),
  nonce: (view) => view.nonce(A),
  code: (view) => view.codeHash(A),
  existence: (view) => view.exists(A),
  "storage as a whole": (view) => view.hasStorage(A),
  slot: (view) => view.storage(A, 1n),
};

describe("reads that are rewound", () => {
  let block: SharedBlock;
  let view: IncarnationView;
  const publish = (...writes: Write[]): boolean =>
    block.writes.publish(2, 0, { writes, codes: new Map() });

  beforeEach(() => {
    ({ block } = new BlockMemory(LIMITS).begin(8, preState));
    view = new IncarnationView(new VersionedReader(block.memory, preState, 5), false);
  });

  for (const [name, read] of Object.entries(READS)) {
    it(`${name}: forgotten, and read again as it was, with its version and its place in the memory`, () => {
      const answer = read(view);
      const reads = view.readSet();
      expect(reads).to.have.length(1);
      view.rewindReads([]);
      expect(view.readSet()).to.deep.equal([]);
      publish(
        { kind: "existence", address: A, exists: true, clearsStorage: true },
        { kind: "balance", address: A, delta: -95n },
        { kind: "nonce", address: A, value: 4n },
        { kind: "code", address: A, codeHash: OTHER_CODE },
        { kind: "storage", address: A, slot: 1n, value: 12n },
      );
      expect(read(view)).to.equal(answer);
      expect(view.readSet()).to.deep.equal(reads);
    });
  }

  it("what was read before stays, as narrow as it was then", () => {
    view.balanceAtLeast(A, 7n);
    view.nonce(A);
    const earlier = view.readSet();
    view.balance(A);
    view.storage(A, 1n);
    view.rewindReads(earlier);
    expect(view.readSet()).to.deep.equal(earlier);
    view.balanceAtLeast(A, 50n);
    const [balance] = view.readSet();
    expect(balance).to.include({ kind: "balance", min: 50n, max: UNBOUNDED });
  });

  it("what the first run did not ask for is read as it is now", () => {
    view.nonce(A);
    view.rewindReads([]);
    publish({ kind: "storage", address: A, slot: 1n, value: 12n });
    expect(view.storage(A, 1n)).to.equal(12n);
    const [slot] = view.readSet();
    expect(slot?.origin).to.deep.equal({ transactionIndex: 2, incarnation: 0 });
  });

  it("a write goes where the second run has read its location", () => {
    view.storage(A, 1n);
    view.setStorage(A, 1n, 5n);
    view.writeSet();
    const { writeLocations } = view;
    expect(writeLocations).to.deep.equal([block.memory.locations.storage(A, 1n)]);
    view.rewindReads([]);
    view.originalStorage(A, 1n);
    view.writeSet();
    expect(view.writeLocations).to.deep.equal(writeLocations);
  });

  it("a balance that is known but for a transaction that runs is still not known exactly", () => {
    publish({ kind: "balance", address: A, delta: 5n });
    block.writes.markEstimates(2);
    expect(view.balanceAtLeast(A, 50n)).to.equal(true);
    view.rewindReads([]);
    expect(view.balanceAtLeast(A, 50n)).to.equal(true);
    view.rewindReads([]);
    expect(() => view.balance(A)).to.throw(ReadBlocked);
    expect(view.blockedOn).to.equal(2);
  });
});
