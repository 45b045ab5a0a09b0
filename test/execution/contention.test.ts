import { expect } from "chai";
import {
  Contention,
  ContentionHistory,
  contentionWords,
  groupKeys,
} from "../../src/execution/contention";
import { arenaBytes, SharedArena } from "../../src/execution/shared-arena";
import type { TransactionInput } from "../../src/execution/transaction";
import type { Address, Hash } from "../../src/state/hex";
import { transaction } from "../helpers/environment";

const SENDER: Address = "0x5e4d000000000000000000000000000000000001";
const TOKEN: Address = "0x70ce000000000000000000000000000000000001";
const OTHER: Address = "0x70ce000000000000000000000000000000000002";

const CODE: Hash = `0x${"c0".repeat(32)}`;
const sameCode = (): Hash => CODE;

const call = (to: Address | null, ...data: number[]): TransactionInput =>
  transaction(SENDER, { to, data: Uint8Array.from(data) });

function contentionOf(size: number): Contention {
  const arena = new SharedArena(new SharedArrayBuffer(arenaBytes(4096 + contentionWords(size))));
  arena.reset();
  return new Contention(arena, arena.allocate(contentionWords(size)), size);
}

/** Speculations that were all wasted. */
function waste(contention: Contention, index: number, times: number): void {
  for (let i = 0; i < times; i++) {
    contention.noteSpeculation(index);
    contention.noteWaste(index);
  }
}

describe("Contention", () => {
  it("groups calls of one function of one contract; transfers and creations are in none", () => {
    const contention = contentionOf(7);
    const block = [
      call(TOKEN, 1, 2, 3, 4, 9),
      call(TOKEN, 1, 2, 3, 5),
      call(OTHER, 1, 2, 3, 4),
      call(TOKEN, 1, 2, 3, 4, 8),
      call(TOKEN),
      call(null, 1, 2, 3, 4),
      call(TOKEN, 1, 2, 3, 4),
    ];
    new ContentionHistory().begin(contention, groupKeys(block, sameCode));
    const predecessors = [0, 1, 2, 3, 4, 5, 6].map((index) => contention.predecessor(index));
    expect(predecessors).to.deep.equal([-1, -1, -1, 0, -1, -1, 3]);
  });

  it("a group is contended once three speculations and half of them were wasted", () => {
    const contention = contentionOf(3);
    const [a, b] = [call(TOKEN, 1), call(OTHER, 1)];
    new ContentionHistory().begin(contention, groupKeys([a, a, b], sameCode));
    waste(contention, 1, 2);
    expect(contention.isContended(1)).to.equal(false);
    waste(contention, 1, 1);
    expect(contention.isContended(1)).to.equal(true);
    expect(contention.isContended(2), "another group").to.equal(false);
    for (let i = 0; i < 4; i++) {
      contention.noteSpeculation(1);
    }
    expect(contention.isContended(1), "most speculations paid").to.equal(false);
  });

  it("a contended group stays so in the next block, and is tried again after some", () => {
    const history = new ContentionHistory();
    const block = [call(TOKEN, 1), call(TOKEN, 1)];
    const seen: boolean[] = [];
    for (let i = 0; i < 4; i++) {
      const contention = contentionOf(2);
      const keys = history.begin(contention, groupKeys(block, sameCode));
      seen.push(contention.isContended(1));
      if (i === 0) {
        waste(contention, 1, 6);
      }
      history.learn(contention, keys);
    }
    expect(seen).to.deep.equal([false, true, false, false]);
  });

  it("without groups nothing is held back", () => {
    const contention = contentionOf(2);
    contention.noteWaste(0);
    expect([contention.predecessor(0), contention.isContended(0)]).to.deep.equal([-1, false]);
  });

  it("a block whose transactions nearly all wait for one another is known for serial, but for every 16th", () => {
    const history = new ContentionHistory();
    const hot = [0, 1, 2, 3, 4].map(() => call(TOKEN, 1));
    expect(history.serialTransactions(groupKeys(hot, sameCode)), "nothing learned yet").to.equal(0);
    const contention = contentionOf(5);
    const keys = history.begin(contention, groupKeys(hot, sameCode));
    waste(contention, 1, 8);
    history.learn(contention, keys);
    // 4 of 5 have one of their function before them: 80 %
    expect(history.serialTransactions(groupKeys(hot, sameCode))).to.equal(4);
    expect(
      history.serialTransactions(groupKeys([...hot, call(OTHER, 1)], sameCode)),
      "4 of 6",
    ).to.equal(0);
    const answers = Array.from({ length: 15 }, () =>
      history.serialTransactions(groupKeys(hot, sameCode)),
    );
    expect(answers.filter((waiting) => waiting === 0)).to.have.lengthOf(1);
  });

  it("a block that is serial each time is tried more and more seldom, until it is not", () => {
    const history = new ContentionHistory();
    const hot = [0, 1, 2, 3, 4].map(() => call(TOKEN, 1));
    const onThreads = (wasted: number): void => {
      const contention = contentionOf(5);
      const keys = history.begin(contention, groupKeys(hot, sameCode));
      waste(contention, 1, wasted);
      history.learn(contention, keys);
    };
    const blocksUntilThreads = (): number => {
      let blocks = 1;
      while (history.serialTransactions(groupKeys(hot, sameCode)) !== 0) {
        blocks++;
      }
      return blocks;
    };
    onThreads(8);
    const blocks: number[] = [];
    for (let round = 0; round < 6; round++) {
      blocks.push(blocksUntilThreads());
      onThreads(8);
    }
    expect(blocks).to.deep.equal([16, 32, 64, 128, 256, 256]);
    for (let round = 0; round < 6; round++) {
      onThreads(0); // what was wasted before fades
    }
    expect(blocksUntilThreads()).to.equal(1);
    onThreads(8);
    expect(blocksUntilThreads()).to.equal(16);
  });

  it("what was learned of a contract is not held against another one at its address", () => {
    const history = new ContentionHistory();
    const hot = [0, 1, 2, 3, 4].map(() => call(TOKEN, 1));
    const contention = contentionOf(5);
    const keys = history.begin(contention, groupKeys(hot, sameCode));
    waste(contention, 1, 8);
    history.learn(contention, keys);
    expect(history.serialTransactions(groupKeys(hot, sameCode))).to.equal(4);
    expect(history.serialTransactions(groupKeys(hot, () => `0x${"c1".repeat(32)}`))).to.equal(0);
  });

  it("4096 functions are remembered, and the one that was not called for the longest time is forgotten", () => {
    const history = new ContentionHistory();
    /** Every call but the first of its function is in vain. */
    const run = (keys: readonly string[]): void => {
      const calls = keys.flatMap((key) => [key, key]);
      const contention = contentionOf(calls.length);
      const groups = history.begin(contention, calls);
      for (const second of keys.keys()) {
        waste(contention, second * 2 + 1, 8);
      }
      history.learn(contention, groups);
    };
    const remembered = (key: string) => {
      const calls = Array<string>(5).fill(key);
      const contention = contentionOf(calls.length);
      history.begin(contention, calls);
      return [contention.isContended(1), history.serialTransactions(calls)];
    };
    // all but the first of five calls wait
    const [known, forgotten] = [
      [true, 4],
      [false, 0],
    ];
    run(Array.from({ length: 4096 }, (_, number) => `function ${number}`));
    expect(remembered("function 0")).to.deep.equal(known);
    expect(remembered("function 4095")).to.deep.equal(known);
    run(["function 0"]);
    run(["one more"]);
    expect(remembered("function 0"), "called again").to.deep.equal(known);
    expect(remembered("function 1"), "the longest ago").to.deep.equal(forgotten);
    expect(remembered("function 2")).to.deep.equal(known);
    expect(remembered("one more")).to.deep.equal(known);
  });

  it("a block is not known for serial because half of its speculations were wasted", () => {
    const history = new ContentionHistory();
    const hot = [0, 1, 2, 3, 4].map(() => call(TOKEN, 1));
    const contention = contentionOf(5);
    const keys = history.begin(contention, groupKeys(hot, sameCode));
    waste(contention, 1, 5);
    for (let i = 0; i < 4; i++) {
      contention.noteSpeculation(2);
    }
    expect(contention.isContended(1), "5 of 9").to.equal(true);
    history.learn(contention, keys);
    expect(history.serialTransactions(groupKeys(hot, sameCode))).to.equal(0);
  });
});
