import { expect } from "chai";
import { keccak256Hex } from "../../src/crypto/keccak256";
import { CapacityExceeded } from "../../src/execution/capacity-exceeded";
import { IncarnationView } from "../../src/execution/incarnation-view";
import { ReadBlocked } from "../../src/execution/location-reader";
import { BlockMemory, openSharedBlock, type SharedBlock } from "../../src/execution/shared-block";
import { VersionedReader } from "../../src/execution/versioned-reader";
import type { Address } from "../../src/state/hex";
import { EMPTY_CODE_HASH } from "../../src/state/hex";
import { UNBOUNDED } from "../../src/state/read-set";
import type { Write, WriteSet } from "../../src/state/write-set";
import { MapState } from "../helpers/map-state";

const A: Address = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const NEW: Address = "0xffffffffffffffffffffffffffffffffffffffff";
const LIMITS = { locations: 256, arenaWords: 1 << 16, maximumArenaWords: 1 << 17 };
const SIZE = 8;

const preState = new MapState({
  [A]: { balance: 100n, nonce: 3n, storage: { "1": 11n } },
});

function writeSet(...writes: Write[]): WriteSet {
  return { writes, codes: new Map() };
}

const balance = (delta: bigint, address = A): Write => ({ kind: "balance", address, delta });
const slot = (value: bigint, at = 1n): Write => ({ kind: "storage", address: A, slot: at, value });
const life = (exists: boolean, clearsStorage: boolean): Write => ({
  kind: "existence",
  address: A,
  exists,
  clearsStorage,
});

describe("Multi-version memory", () => {
  let memory: BlockMemory;
  let block: SharedBlock;
  const readAt = (index: number): VersionedReader =>
    new VersionedReader(block.memory, preState, index);

  beforeEach(() => {
    memory = new BlockMemory(LIMITS);
    block = memory.begin(SIZE, preState).block;
  });

  it("a read takes the highest version below its transaction, else the pre-state, and names it", () => {
    block.writes.publish(2, 0, writeSet(slot(22n)));
    block.writes.publish(5, 1, writeSet(slot(55n)));
    const reads = [1, 2, 3, 5, 6].map((index) => {
      const reader = readAt(index);
      return [reader.storage(A, 1n), reader.origin.transactionIndex, reader.origin.incarnation];
    });
    expect(reads).to.deep.equal([
      [11n, -1, 0],
      [11n, -1, 0],
      [22n, 2, 0],
      [22n, 2, 0],
      [55n, 5, 1],
    ]);
  });

  it("reading an estimate blocks on its writer", () => {
    block.writes.publish(2, 0, writeSet(slot(22n), life(true, false)));
    block.writes.markEstimates(2);
    for (const read of [
      () => readAt(3).storage(A, 1n),
      () => readAt(3).exists(A),
      () => readAt(3).storage(A, 7n),
    ]) {
      expect(read).to.throw(ReadBlocked).with.property("blockingTransaction", 2);
    }
    expect(readAt(2).storage(A, 1n), "a lower transaction does not see it").to.equal(11n);
    block.writes.publish(2, 1, writeSet(slot(23n)));
    expect(readAt(3).storage(A, 1n)).to.equal(23n);
    expect(readAt(3).exists(A), "what the new incarnation does not write is gone").to.equal(true);
  });

  it("balances add up over all lower transactions; the origin is the highest", () => {
    block.writes.publish(1, 0, writeSet(balance(7n)));
    block.writes.publish(4, 0, writeSet(balance(-50n)));
    const reader = readAt(6);
    expect(reader.balance(A)).to.equal(57n);
    expect(reader.origin.transactionIndex).to.equal(4);
    expect(readAt(4).balance(A)).to.equal(107n);
  });

  it("balances near 2^256 and deltas of both signs add up exactly", () => {
    const huge = 2n ** 256n - 1n;
    const rich = new MapState({ [A]: { balance: huge } });
    block.writes.publish(0, 0, writeSet(balance(-huge)));
    block.writes.publish(1, 0, writeSet(balance(2n ** 255n + 12345678901234567890n)));
    block.writes.publish(2, 0, writeSet(balance(-12345678901234567890n)));
    expect(new VersionedReader(block.memory, rich, 3).balance(A)).to.equal(2n ** 255n);
    expect(new VersionedReader(block.memory, rich, 1).balance(A)).to.equal(0n);
  });

  it("an exact balance waits for an expected payment, a bound does not", () => {
    block.writes.predict(2, [], [A]);
    expect(() => readAt(3).balance(A)).to.throw(ReadBlocked);
    expect(readAt(3).balance(A, true)).to.equal(100n);
    expect(block.writes.publish(2, 0, writeSet()), "no payment: nobody was wrong").to.equal(false);
  });

  it("a bound that went past an estimate is told when the estimate was wrong", () => {
    block.writes.publish(2, 0, writeSet(balance(5n)));
    block.writes.markEstimates(2);
    expect(readAt(3).balance(A, true)).to.equal(105n);
    expect(block.writes.publish(2, 1, writeSet(balance(5n))), "the same again").to.equal(false);
    block.writes.markEstimates(2);
    expect(block.writes.publish(2, 2, writeSet(balance(6n))), "another delta").to.equal(true);
    block.writes.markEstimates(2);
    expect(block.writes.publish(2, 3, writeSet()), "no delta any more").to.equal(true);
  });

  it("who has had a bound of a balance past an estimate, and then wants it exactly, waits for the estimate", () => {
    block.writes.publish(1, 0, writeSet(balance(5n)));
    block.writes.publish(2, 0, writeSet(balance(7n)));
    block.writes.markEstimates(1);
    const view = new IncarnationView(readAt(3), false);
    expect(view.balanceAtLeast(A, 112n)).to.equal(true);
    expect(() => view.balance(A)).to.throw(ReadBlocked);
    expect(view.blockedOn).to.equal(1);
    block.writes.publish(1, 1, writeSet(balance(6n)));
    view.reset(readAt(3), false);
    expect(view.balanceAtLeast(A, 112n)).to.equal(true);
    expect(view.balance(A)).to.equal(113n);
  });

  it("a predicted nonce is read as if it were there, and a wrong one is corrected", () => {
    block.writes.predict(2, [{ address: A, value: 4n }], []);
    block.writes.predict(3, [{ address: A, value: 5n }], []);
    expect(readAt(3).nonce(A)).to.equal(4n);
    const nonce = (value: bigint): Write => ({ kind: "nonce", address: A, value });
    expect(block.writes.publish(2, 0, writeSet(nonce(4n))), "as predicted").to.equal(false);
    expect(block.writes.publish(3, 0, writeSet(nonce(6n))), "not as predicted").to.equal(true);
    expect(readAt(4).nonce(A)).to.equal(6n);
  });

  it("storage follows the later of the slot's last writer and the account's last new life", () => {
    block.writes.publish(1, 0, writeSet(slot(1n), slot(2n, 2n)));
    block.writes.publish(3, 0, writeSet(life(true, true), slot(33n, 2n)));
    const reader = readAt(4);
    expect([reader.storage(A, 1n), reader.origin.transactionIndex]).to.deep.equal([0n, 3]);
    expect([reader.storage(A, 2n), reader.origin.transactionIndex]).to.deep.equal([33n, 3]);
    expect(reader.storage(A, 9n), "a slot nobody wrote").to.equal(0n);
    block.writes.publish(5, 0, writeSet(slot(5n)));
    expect(readAt(6).storage(A, 1n)).to.equal(5n);
    expect(readAt(2).storage(A, 1n)).to.equal(1n);
  });

  it("a removed account has no nonce, no code and no storage, until something is written to it", () => {
    block.writes.publish(1, 0, writeSet(life(false, true), balance(-100n)));
    block.writes.publish(4, 0, writeSet(balance(9n)));
    const gone = readAt(2);
    expect([gone.exists(A), gone.nonce(A), gone.codeHash(A), gone.storage(A, 1n)]).to.deep.equal([
      false,
      0n,
      EMPTY_CODE_HASH,
      0n,
    ]);
    expect([gone.balance(A), gone.hasStorage(A)]).to.deep.equal([0n, false]);
    const back = readAt(5);
    expect([back.exists(A), back.origin.transactionIndex]).to.deep.equal([true, 4]);
  });

  it("an account that was not there exists from the first transaction that writes to it", () => {
    block.writes.publish(2, 0, writeSet(balance(1n, NEW)));
    block.writes.publish(4, 0, writeSet(balance(1n, NEW)));
    expect(readAt(2).exists(NEW)).to.equal(false);
    const reader = readAt(6);
    expect([reader.exists(NEW), reader.origin.transactionIndex]).to.deep.equal([true, 2]);
  });

  it("code deployed in the block is found by its hash", () => {
    const code = Uint8Array.of(0x60, 1, 2, 3, 4);
    const codeHash = keccak256Hex(code);
    block.writes.publish(1, 0, {
      writes: [{ kind: "code", address: A, codeHash }],
      codes: new Map([[codeHash, code]]),
    });
    expect(readAt(2).codeHash(A)).to.equal(codeHash);
    const reader = readAt(2);
    const copy = reader.code(codeHash);
    expect(copy).to.deep.equal(code);
    expect(reader.code(codeHash), "copied once").to.equal(copy);
  });

  it("two threads get the same id for one location and different ids for different ones", () => {
    const { buffers } = memory.begin(SIZE, preState);
    const [one, two] = [openSharedBlock(buffers, preState), openSharedBlock(buffers, preState)];
    const ids = new Set<number>();
    for (let i = 0; i < 100; i++) {
      const at = BigInt(i) << (i % 2 === 0 ? 0n : 200n);
      const id = one.memory.locations.storage(A, at);
      expect(two.memory.locations.storage(A, at)).to.equal(id);
      expect(one.memory.locations.location(id)).to.deep.equal({
        kind: "storage",
        address: A,
        slot: at,
      });
      ids.add(id);
    }
    expect(ids.size).to.equal(100);
  });

  it("a full table or arena is said so, and after growing there is room", () => {
    const fill = (): void => {
      for (let i = 0n; i < 300n; i++) {
        block.writes.publish(0, 0, writeSet(slot(1n, i)));
      }
    };
    expect(fill).to.throw(CapacityExceeded).with.property("buffer", "locations");
    memory.grow("locations");
    block = memory.begin(SIZE, preState).block;
    fill();
    const wide = writeSet(...Array.from({ length: 400 }, (_, i) => slot(1n, BigInt(i))));
    expect(() => {
      for (let i = 0; i < 400; i++) {
        block.writes.publish(0, i, wide);
      }
    })
      .to.throw(CapacityExceeded)
      .with.property("buffer", "arena");
  });

  it("nothing of one block is left in the next", () => {
    block.writes.publish(0, 0, writeSet(slot(1n), balance(5n)));
    block = memory.begin(SIZE, preState).block;
    expect(readAt(7).storage(A, 1n)).to.equal(11n);
    expect(readAt(7).balance(A)).to.equal(100n);
  });

  describe("validation", () => {
    const reads = (index: number) => block.validator.firstConflict(index);
    const storageRead = (value: bigint, transactionIndex: number, incarnation = 0) => ({
      kind: "storage" as const,
      address: A,
      slot: 1n,
      value,
      origin: { transactionIndex, incarnation },
    });
    const log = (index: number, ...entries: Parameters<typeof block.reads.publish>[1]) =>
      block.reads.publish(index, entries, { clearedBelow: new Map(), noted: [] });

    it("holds for the same version and for another version of an equal value", () => {
      block.writes.publish(2, 0, writeSet(slot(22n)));
      log(5, storageRead(22n, 2));
      expect(reads(5)).to.equal(null);
      block.writes.publish(3, 0, writeSet(slot(22n)));
      expect(reads(5)).to.equal(null);
      block.writes.publish(4, 0, writeSet(slot(44n)));
      expect(reads(5)).to.deep.equal({
        location: block.memory.locations.storage(A, 1n),
        writer: 4,
      });
    });

    it("fails for a slot that was read between its transaction's clearing and its write", () => {
      block.writes.publish(2, 0, writeSet(life(true, true)));
      const reader = readAt(5);
      expect(reader.storage(A, 1n)).to.equal(0n);
      log(5, storageRead(0n, 2));
      expect(reads(5)).to.equal(null);
      block.writes.publish(2, 0, writeSet(life(true, true), slot(22n)));
      expect(reads(5)?.writer).to.equal(2);
    });

    it("fails on an estimate, naming its writer", () => {
      log(5, storageRead(11n, -1));
      block.writes.publish(2, 0, writeSet(slot(11n)));
      expect(reads(5), "a silent write").to.equal(null);
      block.writes.markEstimates(2);
      expect(reads(5)?.writer).to.equal(2);
    });

    it("fails when the version that was read is gone, naming who wrote it", () => {
      block.writes.publish(2, 0, writeSet(slot(22n)));
      log(5, storageRead(22n, 2));
      block.writes.markEstimates(2);
      block.writes.publish(2, 1, writeSet());
      expect(reads(5)?.writer).to.equal(2);
    });

    it("a bound holds as long as the balance stays inside it", () => {
      const origin = { transactionIndex: -1, incarnation: 0 };
      log(5, { kind: "balance", address: A, min: 90n, max: UNBOUNDED, origin });
      block.writes.publish(1, 0, writeSet(balance(-10n)));
      expect(reads(5)).to.equal(null);
      block.writes.publish(2, 0, writeSet(balance(-1n)));
      expect(reads(5)?.writer).to.equal(2);
    });

    it("an exact balance fails on any change", () => {
      const origin = { transactionIndex: -1, incarnation: 0 };
      log(5, { kind: "balance", address: A, min: 100n, max: 100n, origin });
      block.writes.publish(1, 0, writeSet(balance(1n)));
      expect(reads(5)?.writer).to.equal(1);
      block.writes.publish(2, 0, writeSet(balance(-1n)));
      expect(reads(5), "the sum is what it was").to.equal(null);
    });
  });
});
